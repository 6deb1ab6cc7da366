"""Runs that other processes hold: other commands, or workers of this session that were cut off.

The scheduler gives a run to another worker when the first is lost to it. That may still train, or
be stopped, and holds the run: it is waited for, since it saves and lets go as soon as it notices.
One that does not in that time is taken the run from.
"""

import time
from collections.abc import Iterator
from contextlib import suppress

from assay.config import RunConfig
from assay.errors import AssayError
from assay.execution.elsewhere import left_by_others
from assay.execution.events import Result
from assay.store import Store

# As long as a process may take to save after who started it is gone.
_PATIENCE_SECONDS = 30.0

# What a command writes is its own, also after another took its run.
_NEVER_TAKEN = ("command",)


class Held:
    """Runs that are held elsewhere, and who trained them for this session."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._since: dict[str, tuple[RunConfig, float]] = {}
        self._ours: set[tuple[str, str]] = set()

    def __len__(self) -> int:
        return len(self._since)

    def owned(self, run_id: str, owner: str) -> None:
        """Take in which process of a worker trains a run for this session."""
        self._ours.add((run_id, owner))

    def add(self, config: RunConfig) -> None:
        """Take in a run that a worker found held."""
        self._since[config.run_id] = (config, time.monotonic())

    def clear(self) -> list[RunConfig]:
        """Wait for none any more; returns those that were waited for."""
        configs = [config for config, _ in self._since.values()]
        self._since.clear()
        return configs

    def free(self) -> Iterator[tuple[RunConfig, Result | None]]:
        """Those that are held no more, and how each ended; None: it did not, and may be trained."""
        for config, since in list(self._since.values()):
            if time.monotonic() - since > _PATIENCE_SECONDS:
                self._take(config)
        for config, result in left_by_others(
            self._store, [each for each, _ in self._since.values()]
        ):
            del self._since[config.run_id]
            yield config, result

    def _take(self, config: RunConfig) -> None:
        folder = self._store.folder(config)
        owner = folder.owner
        if config.kind not in _NEVER_TAKEN and (config.run_id, owner) in self._ours:
            with suppress(AssayError, OSError):  # it is waited for, then
                folder.take_from(owner)
