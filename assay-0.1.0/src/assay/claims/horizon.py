"""Memory horizons: up to which length the runs of an arm are solved within their updates.

The arms of an experiment that differ in `length` alone are one horizon. A run is solved if two
checks in a row reach the accuracy at which its configuration stops, or 99 % where it names none;
one that diverged is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assay.claims.evidence import ArmRuns, planned_updates
from assay.claims.statistics.horizon import SHARE, HorizonFit, fit_horizon
from assay.config import kind_named
from assay.outcomes.accuracy import reached_accuracy

SOLVED = 0.99
AXIS = "length"


@dataclass(frozen=True)
class Point:
    """How many runs of how many were solved at a length."""

    length: int
    solved: int
    runs: int

    @property
    def enough(self) -> bool:
        """Whether the share of solved runs is that of a horizon."""
        return self.solved >= SHARE * self.runs


@dataclass(frozen=True)
class Horizon:
    """What the runs of a cell tell of its horizon.

    Attributes:
        arms: one a length, ascending, of which the first has the name of all.
        level: the accuracy of a solved run.
        updates: the most updates that a run of it may make.
        points: of the lengths of which runs ended, ascending.
        fit: None where fewer than two lengths have runs.
    """

    arms: list[ArmRuns]
    level: float
    updates: int
    points: list[Point]
    fit: HorizonFit | None

    @property
    def longest(self) -> int | None:
        """The longest length tried at which enough runs were solved."""
        return max((point.length for point in self.points if point.enough), default=None)


def horizons(arms: Sequence[ArmRuns]) -> list[Horizon]:
    """The horizons of arms that have `length` among their grids' axes, in their order."""
    groups: dict[tuple[object, ...], list[ArmRuns]] = {}
    for found in arms:
        others = [(axis, value) for axis, value in found.arm.point.items() if axis != AXIS]
        groups.setdefault((found.arm.experiment, *others), []).append(found)
    return [_horizon(sorted(group, key=_length)) for group in groups.values()]


def _horizon(arms: list[ArmRuns]) -> Horizon:
    first = arms[0].arm.config
    level = kind_named(first.kind).goal(first) or SOLVED
    points = [
        Point(_length(found), _solved(found, level), len(found.logs))
        for found in arms
        if found.logs
    ]
    fit = None
    if len(points) > 1:
        fit = fit_horizon(
            [point.length for point in points],
            [point.solved for point in points],
            [point.runs for point in points],
        )
    updates = max(planned_updates(found.arm.config, found.logs) for found in arms)
    return Horizon(arms, level, updates, points, fit)


def _solved(found: ArmRuns, level: float) -> int:
    return sum(
        (reached_accuracy(log, None).value or 0.0) >= level
        for seed, log in zip(found.seeds, found.logs, strict=True)
        if seed not in found.diverged_seeds
    )


def _length(found: ArmRuns) -> int:
    return int(found.arm.point[AXIS])
