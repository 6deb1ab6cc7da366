"""What a command is at, told while it takes longer than a moment."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from assay.cli.show.heartbeat import QUIET_SECONDS, now

MOMENT_SECONDS = 2.0
"""So long nothing is said."""


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Tell on standard error that this takes its time, until the block ends.

    On a terminal it is one line that counts the seconds, from the second on, and is gone at the
    end; elsewhere a line with the time of day every half minute. The terminal's width is asked
    each time, so that a line never wraps.
    """
    over = threading.Event()
    begun = time.monotonic()
    terminal = sys.stderr.isatty()

    def tell() -> None:
        wait = MOMENT_SECONDS if terminal else QUIET_SECONDS
        while not over.wait(wait):
            spent = time.monotonic() - begun
            if terminal:
                from shutil import get_terminal_size

                line = f"{what} ... {spent:.0f} s"[: get_terminal_size().columns - 1]
                print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)
                wait = 1.0
            else:
                print(f"{now()} {what}: {spent:.0f} s", file=sys.stderr, flush=True)

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        if terminal and time.monotonic() - begun >= MOMENT_SECONDS:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
