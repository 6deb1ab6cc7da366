"""Reading a run's metrics log, and what an outcome is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Log = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Value:
    """An outcome of one run; of a time to reach something that was never reached, when it ended."""

    value: float | None
    censored_at: int | None = None


@dataclass(frozen=True)
class Outcome:
    """A named outcome.

    Attributes:
        describe: what it is, as a phrase for tables.
        unit: its unit.
        of: computes it from a run's log; `update` chooses the moment of a probe, None is the end.
    """

    describe: str
    unit: str
    of: Callable[[Log, int | None], Value]


def epochs(log: Log) -> list[dict[str, Any]]:
    """The lines that end an epoch."""
    return [line for line in log if "epoch" in line]


def curve(log: Log, part: str, quantity: str) -> list[float]:
    """A quantity of each epoch, such as `validation`, `accuracy`; NaN where it was not finite."""
    values = [line[part][quantity] for line in epochs(log)]
    return [float("nan") if value is None else value for value in values]


def trained_updates(log: Log) -> int:
    """The number of updates at the last line of the log."""
    return max((line["update"] for line in log if "update" in line), default=0)


def probe_line(log: Log, name: str, update: int | None) -> dict[str, Any] | None:
    """The line of a probe at `update`, or the last one."""
    return next(
        (
            line
            for line in reversed(log)
            if line.get("probe") == name and update in (None, line["update"])
        ),
        None,
    )
