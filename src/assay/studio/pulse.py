"""What changed in a store, looked at once a second however many listen."""

import threading
import time
from dataclasses import dataclass

from assay.store import RunFolder, Store
from assay.store.durable import file_stamp

_EVERY_SECONDS = 0.5


@dataclass(frozen=True)
class Beat:
    """The state of a store: a number that grows with every change, and which runs changed last."""

    version: int
    changed: list[str]


class Pulse:
    """Looks at a store when asked, but no more often than every half second."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._stamps: dict[str, object] = {}
        self._version = 0
        self._changed: list[str] = []
        self._looked = float("-inf")

    def look(self) -> Beat:
        """Where the store is now."""
        with self._lock:
            if time.monotonic() - self._looked >= _EVERY_SECONDS:
                self._look()
                self._looked = time.monotonic()
            return Beat(self._version, self._changed)

    def _look(self) -> None:
        before, now = self._stamps, self._now()
        changed = [run for run in {**before, **now} if before.get(run) != now.get(run)]
        self._stamps = now
        if changed:
            self._version += 1
            self._changed = changed[:100]

    def _now(self) -> dict[str, object]:
        try:
            folders = self._store.runs()
        except OSError:  # it vanished
            return {}
        return {folder.run_id: _stamp(folder) for folder in folders}


def _stamp(folder: RunFolder) -> object:
    """Of an ended run one file is looked at, since it is written last."""
    return file_stamp(folder.path / "record.json") or folder.stamp()
