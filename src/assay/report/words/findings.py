"""What the seeds of a part came to, as clauses of plain English."""

import math
from collections.abc import Sequence

from assay.report.data.rows import ArmRow, EffectRow, PartRow, SeedRow
from assay.report.words.numbers import NBSP, amount, count, step
from assay.statements import STATEMENTS
from assay.statements.base import Finding, set_off


def counted(part: PartRow) -> list[EffectRow]:
    """The seeds that a part is told by: those that count, or where none does all that were seen."""
    return [each for each in part.seeds if not each.seen] or part.seeds


def found(part: PartRow) -> str:
    """What its seeds found, as a clause: of several, their median and their range."""
    if not any(each.sign is not None for each in counted(part)):
        return "no seed has a value in every arm"
    if part.kind == "solved":
        return _found_shares(part)
    if part.is_time:
        return _found_time(part)
    value = part.size.median
    if value is None:
        return f"the {set_off(measured(part))} has no limit in half of the seeds"
    clause = STATEMENTS[part.test].found(
        Finding(
            measured(part),
            [arm.label for arm in part.arms],
            value,
            size(abs(value), part),
            part.threshold or 0.0,
            lambda itself: amount(itself, part.metric, part.unit),
        )
    )
    return f"{clause}{_over_seeds(part)}"


def measured(part: PartRow) -> str:
    """What is measured, within a sentence."""
    return part.describe.replace(" (of all, if fewer)", "")


def solved_runs(arm: ArmRow, part: PartRow) -> int:
    """How many of the runs of an arm that a part is told by reach what it counts as solved."""
    enough = part.solved or 0.0
    return sum(each.value is not None and each.value >= enough for each in _runs(arm, part))


def size(value: float, part: PartRow) -> str:
    """The size of an effect or a margin, with its unit."""
    if part.is_time:
        return f"{value:.3g}{NBSP}times"
    if part.kind == "solved":
        return step(value, "share")
    if part.unit == "ratio":
        return f"{value:.3g}"
    return step(value, part.unit)


def signed(value: float | None, infinite: bool, part: PartRow) -> str:
    """An effect in the claimed direction, with its sign and unit."""
    if infinite:
        return "the other never gets there"
    if value is None:
        return "–"
    if part.is_time:
        return size(value, part)
    sign = "−" if value < 0 else "+" if value > 0 else ""
    return f"{sign}{size(abs(value), part)}"


def between(low: str, high: str) -> str:
    """From one end to the other, with the unit once: "12 to 30 percentage points"."""
    number, _, unit = low.partition(NBSP)
    return f"{number if unit and unit == high.partition(NBSP)[2] else low} to {high}"


def _over_seeds(part: PartRow) -> str:
    """That a value is a median over seeds, and what their range is."""
    seeds = sum(each.sign is not None for each in counted(part))
    low, high = part.size.low, part.size.high
    if seeds < 2:
        return " (1 seed)"
    start = f" (median of {seeds} seeds; "
    if low is None or (high is None and not part.size.high_infinite):
        return f" (median of {seeds} seeds)"
    if high is not None and signed(low, False, part) == signed(high, False, part):
        return f" (the same in all {seeds} seeds)"
    if part.threshold is not None and high is not None:
        down = -1 if STATEMENTS[part.test].downward else 1
        ends = sorted(part.threshold + down * end for end in (low, high))
        return f"{start}{between(*(amount(end, part.metric, part.unit) for end in ends))})"
    return f"{start}{_range(low, high, part)})"


def _range(low: float, high: float | None, part: PartRow) -> str:
    """The range of an effect: without signs where all seeds go the way of the median."""
    if high is None:
        end = "one that was never reached" if part.is_time else "no limit"
        return f"{signed(low, False, part)} to {end}"
    if part.is_time or low * high > 0:
        sizes = sorted((abs(low), abs(high)))
        return between(*(size(each, part) for each in sizes))
    ends = between(*(signed(end, False, part) for end in (low, high)))
    return ends if part.test == "equivalent" else f"{ends} in the claimed direction"


def _found_shares(part: PartRow) -> str:
    statement, runs = STATEMENTS[part.test], len(counted(part))
    solved = [solved_runs(arm, part) for arm in part.arms]
    shares = [number / runs for number in solved]
    value = amount(part.solved or 0.0, part.metric, part.unit)
    counts = [
        f"in {number} of {runs} runs of {arm.label}"
        for number, arm in zip(solved, part.arms, strict=True)
    ]
    if part.threshold is None:
        first, other = statement.ordered(shares)
        effect = first - other
    else:
        above = shares[0] - part.threshold
        effect = -above if statement.downward else above
    threshold = f"{100 * (part.threshold or 0):.0f}{NBSP}%"
    apart = statement.apart(size(abs(effect), part), effect, threshold)
    return f"the {set_off(measured(part))} is {value} or more {' and '.join(counts)}{apart}"


def _runs(arm: ArmRow, part: PartRow) -> list[SeedRow]:
    """The runs of an arm that a part is told by."""
    seeds = {each.seed for each in counted(part)}
    return [each for each in arm.summary.values if each.seed in seeds]


def _found_time(part: PartRow) -> str:
    fast, slow = part.arms
    goal = part.describe.removeprefix("updates to ")
    runs = [_runs(arm, part) for arm in (fast, slow)]
    value = part.size.median
    times = "" if value is None else f"{value:.3g} times as many updates"
    if times and all(each.value is not None for every in runs for each in every):
        return f"{slow.label} takes {times} to {goal} as {fast.label}{_over_seeds(part)}"
    reached = " and ".join(
        f"in {_reached(arm.label, each)}" for arm, each in zip((fast, slow), runs, strict=True)
    )
    taken = f", which takes {times}{_over_seeds(part)}" if times else ""
    return f"{goal} is reached {reached}{taken}"


def _reached(label: str, runs: Sequence[SeedRow]) -> str:
    times = [each.value for each in runs if each.value is not None and math.isfinite(each.value)]
    last = f" (by update {count(max(times))})" if times else ""
    return f"{len(times)} of {len(runs)} runs of {label}{last}"
