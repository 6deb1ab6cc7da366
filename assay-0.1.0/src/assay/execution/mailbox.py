"""Events between the thread that gathers them and the one that reads them."""

import itertools
import threading
from collections.abc import Iterator

from assay.execution.events import Event, Update

# Where waiting for a lock cannot be interrupted, as on Windows, Ctrl-C is looked for this often.
_LOOK_SECONDS = 0.5


class Mailbox:
    """Events that wait to be read: of a run's unread updates the latest only.

    Whoever does not read holds up nobody, and what waits is bounded by the number of runs.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[str | int, Event] = {}
        self._count = itertools.count()
        self._closed = False

    def put(self, event: Event) -> None:
        """Add an event."""
        with self._changed:
            key = event.run_id if isinstance(event, Update) else next(self._count)
            self._waiting.pop(key, None)
            self._waiting[key] = event
            self._changed.notify_all()

    def close(self) -> None:
        """Say that nothing will be added."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def __iter__(self) -> Iterator[Event]:
        """What is in it and what will be added, until it is closed and empty."""
        while (event := self._next()) is not None:
            yield event

    def wait_closed(self) -> None:
        """Wait until nothing will be added."""
        with self._changed:
            while not self._closed:
                self._changed.wait(_LOOK_SECONDS)

    def _next(self) -> Event | None:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait(_LOOK_SECONDS)
            if not self._waiting:
                return None
            return self._waiting.pop(next(iter(self._waiting)))
