"""What a function is given: its seed and folder, and calls that log, save and go on."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assay.config import Progress, Scalar
from assay.config.kind import Stop, Watch
from assay.errors import TrainingError
from assay.kinds.function.config import FunctionConfig
from assay.kinds.function.keeping import Keeping
from assay.kinds.function.numbers import number_of, step_of
from assay.store.log import LogWriter, Numbers

_TELL_SECONDS = 0.1
_PATIENCE = 10.0
"""Seconds that a stop waits for a function that saves to do so once more."""


class Stopped(BaseException):
    """Leaves a function that is to stop; no Exception, so that it passes by what catches these."""


@dataclass(frozen=True)
class Host:
    """Where the calls of a function lead to.

    Attributes:
        folder: for its files.
    """

    folder: Path
    log: LogWriter
    keeping: Keeping
    watch: Watch
    stop: Stop


class FunctionRun:
    """A run, as the function that is called with it sees it.

    Attributes:
        seed: of the run. Python's, NumPy's and PyTorch's global random numbers begin at it.
        folder: of the run, its own, for files; empty when the run is new.
        values: what the function is called with.
        data: the file or folder that `data` names; None if none.
        cores: how many it may use.
    """

    def __init__(self, config: FunctionConfig, host: Host) -> None:
        self.seed, self.cores, self.folder = config.seed, config.cores, host.folder
        self.values: Mapping[str, Scalar] = MappingProxyType(dict(config.values))
        self.data = None if config.data is None else Path(config.folder, config.data).resolve()
        self._host, self._steps = host, config.steps
        self._step, self._names = 0, frozenset[str]()
        self._begun, self._saves = False, False
        self._tell_at, self._asked_at = 0.0, 0.0

    def log(self, /, step: int, **numbers: Any) -> None:
        """Log numbers at a step; one that is not finite is kept as none.

        Args:
            step: how many steps were made; it goes up, or stays where more is told of it.
            numbers: by name; plain ones, or arrays without dimensions.

        Raises:
            TrainingError: if the step goes back, or a number is none or was told of that step.
        """
        at = step_of(step)
        found = {name: number_of(name, value) for name, value in numbers.items()}
        if not found:
            raise TrainingError(f"run.log({at}) names no number, such as run.log({at}, loss=0.5)")
        self._begin()
        self._advance(at, found)
        self._host.log.append(Numbers(at, found))
        self._tell()
        if self._host.stop():
            self._stop_unless_it_saves()

    def save(self, state: Any) -> None:
        """Save what the function needs to go on from here, where that is due.

        It is every so many seconds, and when the run is to stop: then this does not return. Other
        calls write nothing, so that it may be called after every step. Where the global random
        numbers are is saved with it.

        Args:
            state: plain values, and arrays and tensors, in lists and dictionaries.

        Raises:
            TrainingError: naming what of it cannot be saved.
        """
        self._begin()
        self._saves = True
        stopping = self._host.stop()
        if stopping or self._host.keeping.due:
            self._host.keeping.save(self._step, self._names, state)
        if stopping:
            raise Stopped

    def resume(self) -> Any:
        """What was saved, if the run goes on from there; None if it begins.

        To be called before anything is logged or saved.

        Raises:
            TrainingError: if something was.
        """
        if self._begun:
            raise TrainingError("run.resume() belongs before the first run.log and run.save")
        self._begun = True
        found = self._host.keeping.newest()
        if found is None:
            return None
        self._step, self._names, self._saves = found.step, found.names, True
        return found.state

    def _begin(self) -> None:
        """Begin anew where the function does not ask for what was saved."""
        if not self._begun:
            self._begun = True
            self._host.log.rewind(None)

    def _advance(self, at: int, found: Mapping[str, float | None]) -> None:
        if at < self._step:
            raise TrainingError(
                f"run.log: step {at} comes after step {self._step}: steps go up, and a function "
                "that goes on begins after the step at which it saved"
            )
        if at == self._step and (twice := sorted(self._names & found.keys())):
            raise TrainingError(f"run.log: {twice[0]} was logged at step {at} already")
        self._names = frozenset(found) | (self._names if at == self._step else frozenset())
        self._step = at

    def _tell(self) -> None:
        if (now := time.monotonic()) >= self._tell_at:
            self._tell_at = now + _TELL_SECONDS
            steps = self._steps
            at = self._step if steps is None else min(self._step, steps)
            self._host.watch(Progress(at, steps, 0, None))

    def _stop_unless_it_saves(self) -> None:
        """Stop, unless the function saves: then it is waited for, since nothing is lost there."""
        now = time.monotonic()
        self._asked_at = self._asked_at or now
        if not self._saves or now - self._asked_at > _PATIENCE:
            raise Stopped
