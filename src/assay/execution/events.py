"""What is told of runs while they train, and how each ends."""

from dataclasses import dataclass

from assay.config.kind import EndingStatus


@dataclass(frozen=True)
class Update:
    """A run's progress; `updates` is None where nobody knows how many it makes."""

    run_id: str
    update: int
    updates: int | None
    epoch: int
    accuracy: float | None


@dataclass(frozen=True)
class Elsewhere:
    """Another process is training the run: it is passed over, and looked at again later."""

    run_id: str


@dataclass(frozen=True)
class Result:
    """How an attempt at a run ended."""

    run_id: str
    status: EndingStatus
    message: str = ""
    notices: tuple[str, ...] = ()


Event = Update | Elsewhere | Result
