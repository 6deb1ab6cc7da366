"""Arms whose logs a test writes out, number by number."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from assay.claims.evidence import ArmRuns
from assay.config import MemoryConfig
from assay.study import Arm

Log = list[dict[str, Any]]
MakeArm = Callable[..., ArmRuns]


@pytest.fixture
def make_arm() -> MakeArm:
    """An arm with the given logs, one a seed."""

    def make(
        logs: Sequence[Log],
        title: str = "LSTM, T = 5",
        point: dict[str, Any] | None = None,
        planned: int | None = None,
        **settings: Any,
    ) -> ArmRuns:
        config = MemoryConfig(**settings)
        seeds = len(logs) if planned is None else planned
        arm = Arm("experiment", title, point or {}, config, seeds, config)
        diverged = [n for n, log in enumerate(logs) if any("diverged" in line for line in log)]
        return ArmRuns(arm, list(range(len(logs))), list(logs), diverged)

    return make


@pytest.fixture
def epoch_log() -> Callable[..., Log]:
    """A log of epochs with the given validation accuracies; the other numbers follow from them."""

    def make(accuracies: Sequence[float | None], per_epoch: int = 7, check_every: int = 0) -> Log:
        log: Log = []
        for epoch, accuracy in enumerate(accuracies, start=1):
            known = 0.0 if accuracy is None else accuracy
            steps = range(check_every, per_epoch + 1, check_every) if check_every else ()
            for step in steps:
                update = (epoch - 1) * per_epoch + step
                log.append({"update": update, "check": {"accuracy": known * step / per_epoch}})
            training = {"loss": 1.5 - known, "accuracy": known / 2}
            validation = {"loss": None if accuracy is None else 2 - accuracy, "accuracy": accuracy}
            line = {"training": training, "validation": validation}
            log.append({"epoch": epoch, "update": epoch * per_epoch} | line)
        return log

    return make
