"""What the runs of a part came to, as a clause of plain English."""

from assay.report.data.rows import ArmRow, MultiverseRow, PartRow, TrialRow
from assay.report.words.numbers import NBSP, amount, count, step
from assay.statements import STATEMENTS
from assay.statements.base import Finding, set_off


def found(part: PartRow, trial: TrialRow) -> str:
    """The finding itself, as a clause."""
    if part.kind == "time":
        return _found_time(part, trial)
    what, value = part.describe.replace(" (of all, if fewer)", ""), trial.effect
    if value is None:
        return f"there is no value of the {what}"
    if part.kind == "solved":
        return _found_shares(part, set_off(what), value)
    return STATEMENTS[part.test].found(
        Finding(
            what,
            [arm.label for arm in part.arms],
            value,
            size(abs(value), part),
            part.threshold or 0.0,
            lambda itself: amount(itself, part.metric, part.unit),
        )
    )


def _found_shares(part: PartRow, what: str, value: float) -> str:
    enough = part.solved or 0.0
    solved = amount(enough, part.metric, part.unit)
    counts = [
        f"in {solved_runs(arm, enough)} of {arm.runs} runs of {arm.label}" for arm in part.arms
    ]
    threshold = f"{100 * (part.threshold or 0):.0f}{NBSP}%"
    apart = STATEMENTS[part.test].apart(size(abs(value), part), value, threshold)
    return f"the {what} is {solved} or more {' and '.join(counts)}{apart}"


def solved_runs(arm: ArmRow, enough: float) -> int:
    """How many runs of an arm reach a value."""
    return sum(each.value is not None and each.value >= enough for each in arm.summary.values)


def _found_time(part: PartRow, trial: TrialRow) -> str:
    fast, slow = part.arms
    goal = part.describe.removeprefix("updates to ")
    times = f"{trial.effect:.3g} times as many updates" if trial.effect else ""
    if times and not fast.summary.censored and not slow.summary.censored:
        return f"{slow.label} takes {times} to {goal} as {fast.label}"
    reached = " and ".join(f"in {_reached(arm)}" for arm in (fast, slow))
    return f"{goal} is reached {reached}" + (f", which takes {times}" if times else "")


def _reached(arm: ArmRow) -> str:
    times = [each.value for each in arm.summary.values if each.value is not None]
    last = f" (by update {count(max(times))})" if times else ""
    return f"{len(times)} of {arm.runs} runs of {arm.label}{last}"


def size(value: float, part: PartRow | MultiverseRow) -> str:
    """The size of an effect or a margin, with its unit."""
    if part.kind == "time":
        return f"{value:.3g}{NBSP}times"
    if part.kind == "solved":
        return step(value, "share")
    if part.unit == "ratio":
        return f"{value:.3g}"
    return step(value, part.unit)
