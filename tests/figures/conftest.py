"""Arms whose logs a test writes out, number by number."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from assay.claims.evidence import ArmRuns
from assay.config import MemoryConfig
from assay.store.log import Check, Epoch, Line, Log
from assay.study import Arm

Lines = Sequence[Line]
MakeArm = Callable[..., ArmRuns]


@pytest.fixture
def make_arm() -> MakeArm:
    """An arm with the given logs, one a seed."""

    def make(
        logs: Sequence[Lines],
        title: str = "LSTM, T = 5",
        point: dict[str, Any] | None = None,
        planned: int | None = None,
        **settings: Any,
    ) -> ArmRuns:
        config = MemoryConfig(**settings)
        seeds = len(logs) if planned is None else planned
        arm = Arm("experiment", title, point or {}, config, seeds, config)
        read = [Log(tuple(lines)) for lines in logs]
        diverged = [n for n, log in enumerate(read) if log.diverged]
        return ArmRuns(arm, list(range(len(logs))), read, diverged)

    return make


@pytest.fixture
def epoch_log() -> Callable[..., list[Line]]:
    """A log of epochs with the given validation accuracies; the other numbers follow from them."""

    def make(
        accuracies: Sequence[float | None], per_epoch: int = 7, check_every: int = 0
    ) -> list[Line]:
        log: list[Line] = []
        for epoch, accuracy in enumerate(accuracies, start=1):
            known = 0.0 if accuracy is None else accuracy
            steps = range(check_every, per_epoch + 1, check_every) if check_every else ()
            for step in steps:
                update = (epoch - 1) * per_epoch + step
                log.append(Check(update, {"accuracy": known * step / per_epoch}))
            training = {"loss": 1.5 - known, "accuracy": known / 2}
            validation = {"loss": None if accuracy is None else 2 - accuracy, "accuracy": accuracy}
            log.append(Epoch(epoch, epoch * per_epoch, training, validation))
        return log

    return make
