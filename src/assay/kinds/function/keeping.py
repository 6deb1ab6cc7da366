"""What a function saved, with where its log was, and what it goes on from."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from assay.errors import CheckpointError, StoreError
from assay.kinds.function import generators
from assay.kinds.function.state import decode, encode
from assay.store import RunFolder
from assay.store.checkpoint import Saved, newest_first, write
from assay.store.log import LogWriter


@dataclass(frozen=True)
class TakenUp:
    """Where a run goes on: the last step that was logged, what was of it, and the state."""

    step: int
    names: frozenset[str]
    state: Any


class Keeping:
    """The checkpoints of a run, with the global random numbers in each.

    Attributes:
        attempts: how many starts of it are part of the run, this one among them.
        notices: what was passed over.
    """

    def __init__(self, folder: RunFolder, log: LogWriter, seconds_between: float) -> None:
        self.attempts = 1
        self.notices: list[str] = []
        self._run, self._log, self._between = folder, log, seconds_between
        self._number, self._before = 0, 0.0
        self._clock = time.monotonic()
        self._due_at = self._clock  # what cannot be saved is told at the first call

    @property
    def seconds(self) -> float:
        """Spent so far, over all attempts that are part of the run."""
        return round(self._before + time.monotonic() - self._clock, 3)

    @property
    def due(self) -> bool:
        """Whether it is time to save."""
        return time.monotonic() >= self._due_at

    def save(self, step: int, names: Collection[str], state: Any) -> None:
        """Write a state down.

        Raises:
            TrainingError: naming what of it cannot be saved.
            RunLockedError: if the run was taken from this process.
        """
        content, structure = encode(state=state, generators=generators.captured())
        self._number += 1
        kept = {
            "structure": structure,
            "last": [step, sorted(names)],
            "attempts": self.attempts,
            "seconds": self.seconds,
            "log": self._log.mark(),
        }
        made = Saved(self._number, content, kept)
        write(self._run.checkpoints, made, self._run.check_owned)
        self._due_at = time.monotonic() + self._between

    def newest(self) -> TakenUp | None:
        """Take up the newest checkpoint that is whole, with its log; None if the run begins."""
        for name, found in newest_first(self._run.checkpoints):
            try:
                return self._take_up(found)
            except (StoreError, ValueError, KeyError, TypeError) as error:
                self.notices.append(f"checkpoint {name} passed over: {error}")
        if self.notices:
            self.notices.append("started again from the beginning")
        self._log.rewind(None)
        return None

    def _take_up(self, found: Saved | CheckpointError) -> TakenUp:
        if isinstance(found, CheckpointError):
            raise found
        kept = found.state
        content = decode(found.tensors, kept["structure"])
        step, names = kept["last"]
        self._log.rewind(kept["log"])
        self._number, self._before = found.number, kept["seconds"]
        self.attempts = kept["attempts"] + 1
        self._clock = time.monotonic()
        generators.restore(content["generators"])
        return TakenUp(step, frozenset(names), content["state"])
