"""What a run's process tells of it while it trains, and at its end."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Update:
    """A run's progress as a worker tells it."""

    run_id: str
    update: int
    updates: int
    epoch: int
    accuracy: float | None


@dataclass(frozen=True)
class Result:
    """How an attempt at a run ended: finished, diverged, failed or stopped."""

    run_id: str
    status: str
    message: str = ""
    notices: tuple[str, ...] = ()


Event = Update | Result
