"""How long runs take on this machine: measured once for each pace, and remembered."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assay.config import RunConfig, kind_named
from assay.execution.machine import machine, versions
from assay.execution.pace import makespan
from assay.store.cache import remembered
from assay.study import Arm


@dataclass(frozen=True)
class PlannedRun:
    """A run of a study and how far it is."""

    arm: Arm
    config: RunConfig
    status: str

    @property
    def complete(self) -> bool:
        """Whether it ended for good: a failed one is tried again."""
        return self.status in ("finished", "diverged")


@dataclass(frozen=True)
class ArmEstimate:
    """An arm of a plan.

    Attributes:
        runs: how many are planned, and `done` of them ended.
        seconds_per_run: of the longest run that is missing; None where none is, or none of them
            can be measured.
    """

    arm: Arm
    runs: int
    done: int
    seconds_per_run: float | None


@dataclass(frozen=True)
class Estimate:
    """How long what is missing of a plan takes on this machine.

    Attributes:
        seconds_left: until the last run ends, with so many `workers`.
        at_most: whether runs may be over sooner, since they end at an accuracy.
        unknown: how many of the missing runs are of a kind that cannot be measured.
    """

    arms: list[ArmEstimate]
    runs: int
    done: int
    workers: int
    seconds_left: float
    at_most: bool
    unknown: int


def estimate(
    planned: Sequence[PlannedRun],
    workers: int,
    tell: Callable[[int, int], None] = lambda number, of: None,
) -> Estimate:
    """Estimate the time of what is missing; `tell` hears of each measurement before it is made.

    Raises:
        AssayError: if the data of a run cannot be used.
    """
    missing = [run.config for run in planned if not run.complete]
    seconds = seconds_of(missing, tell)
    by_arm: dict[str, list[PlannedRun]] = {}
    for run in planned:
        by_arm.setdefault(run.arm.key, []).append(run)
    arms = []
    for runs in by_arm.values():
        known = [seconds[run.config.run_id] for run in runs if run.config.run_id in seconds]
        done = sum(run.complete for run in runs)
        arms.append(ArmEstimate(runs[0].arm, len(runs), done, max(known, default=None)))
    return Estimate(
        arms,
        len(planned),
        len(planned) - len(missing),
        workers,
        makespan(list(seconds.values()), workers),
        any(kind_named(config.kind).goal(config) for config in missing),
        len(missing) - len(seconds),
    )


def seconds_of(
    configs: Sequence[RunConfig], tell: Callable[[int, int], None] = lambda number, of: None
) -> dict[str, float]:
    """Seconds that each run takes on a core of its own, by its id.

    Of runs of one pace and number of updates one is measured, and none if this machine measured it
    before with these versions. Runs of a kind that cannot be measured are left out.

    Raises:
        AssayError: if the data of a run cannot be used.
    """
    if not configs:
        return {}
    alike: dict[str, list[RunConfig]] = {}
    for config in configs:
        kind = kind_named(config.kind)
        what = ["seconds of a run", kind.name, kind.pace(config), kind.updates(config)]
        here = [machine(), versions(kind.name)]
        alike.setdefault(json.dumps([*what, *here], sort_keys=True), []).append(config)
    found: dict[str, float] = {}
    for number, (key, runs) in enumerate(alike.items(), start=1):

        def measure(config: RunConfig = runs[0], number: int = number) -> float | None:
            tell(number, len(alike))
            return kind_named(config.kind).seconds(config)

        seconds = remembered(key, measure, lambda: True)
        if seconds is not None:
            found |= {config.run_id: float(seconds) for config in runs}
    return found
