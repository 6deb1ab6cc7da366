"""A study's plan."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assay.cli.show.outlook import outlook_json, print_outlooks
from assay.cli.show.tables import duration, print_json, print_table, tell
from assay.execution.estimate import Estimate, PlannedRun

if TYPE_CHECKING:
    from assay.claims.outlook import Outlook


def print_plan(
    runs: Sequence[PlannedRun], found: Estimate, outlooks: Sequence["Outlook"], *, as_json: bool
) -> None:
    """The runs by arm, the time of those missing, and what would decide each claim."""
    if as_json:
        print_json(_plan_json(runs, found, outlooks))
        return
    rows = [
        (
            each.arm.key,
            each.arm.title,
            str(each.runs),
            str(each.done),
            "" if each.seconds_per_run is None else duration(each.seconds_per_run),
        )
        for each in found.arms
    ]
    print_table(
        ("experiment", "what", "runs", "done", "time per run"),
        rows,
        ("runs", "done", "time per run"),
    )
    tell(f"{found.runs} runs, {found.done} done; {_time_left(found)}")
    print_outlooks(outlooks)


def print_missing(runs: Sequence[PlannedRun]) -> None:
    """How many runs of each arm would be trained; nothing is measured for it."""
    arms: dict[str, list[PlannedRun]] = {}
    for each in runs:
        arms.setdefault(each.arm.key, []).append(each)
    rows = [
        (arm, each[0].arm.title, str(len(each)), str(sum(not run.complete for run in each)))
        for arm, each in arms.items()
    ]
    print_table(("experiment", "what", "runs", "to train"), rows, ("runs", "to train"))
    missing = sum(not run.complete for run in runs)
    tell(f"{missing} of {len(runs)} runs would be trained")


def _time_left(found: Estimate) -> str:
    if 0 < found.unknown == found.runs - found.done:
        return "how long the rest takes is not known before it has run"
    about = "at most about" if found.at_most else "about"
    without = f", without {found.unknown} that cannot be measured" if found.unknown else ""
    return (
        f"{about} {duration(found.seconds_left)} left with {found.workers} workers, measured on "
        f"this machine{without}"
    )


def measuring(number: int, of: int) -> None:
    """Say on a terminal what keeps the plan: a line that the next one overwrites."""
    if sys.stderr.isatty():
        print(f"\rmeasuring {number} of {of} ... \r", end="", file=sys.stderr, flush=True)


def _plan_json(
    runs: Sequence[PlannedRun], found: Estimate, outlooks: Sequence["Outlook"]
) -> dict[str, Any]:
    return {
        "runs": [
            {
                "run": run.config.run_id,
                "arm": run.arm.key,
                "status": run.status,
                "seed": run.config.seed,
            }
            for run in runs
        ],
        "arms": [
            {
                "arm": each.arm.key,
                "title": each.arm.title,
                "seeds": each.runs,
                "done": each.done,
                "seconds_per_run": each.seconds_per_run,
            }
            for each in found.arms
        ],
        "claims": [outlook_json(each) for each in outlooks],
        "workers": found.workers,
        "seconds_left": found.seconds_left,
    }
