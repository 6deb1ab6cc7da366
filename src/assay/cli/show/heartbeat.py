"""A line now and then where nothing else is shown: who watches a log sees that it goes on."""

import threading
import time
from collections.abc import Callable

QUIET_SECONDS = 30.0
"""As long nothing is said at most."""


class Heartbeat:
    """Tells where things stand whenever nothing was said for a while, from a thread of its own.

    Args:
        tell: says it; it is called with the lock held.
        seconds: how long nothing is said at most.

    Attributes:
        lock: to be held while what `tell` reads is changed.
    """

    def __init__(self, tell: Callable[[], None], seconds: float = QUIET_SECONDS) -> None:
        self._tell, self._seconds = tell, seconds
        self.lock = threading.RLock()
        self._over = threading.Event()
        self._last = time.monotonic()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def said(self) -> None:
        """Something was said."""
        self._last = time.monotonic()

    def __enter__(self) -> None:
        self.said()
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._over.wait(max(0.0, self._left())):
            with self.lock:
                if self._left() <= 0:
                    self.said()
                    self._tell()

    def _left(self) -> float:
        return self._last + self._seconds - time.monotonic()


def now() -> str:
    """The time of day, for a line of a log."""
    return time.strftime("%H:%M:%S")
