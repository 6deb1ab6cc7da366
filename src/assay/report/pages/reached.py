"""Which share of an arm's runs got there, against updates: a step curve an arm."""

from dataclasses import dataclass

from assay.report.data.rows import ArmRow, PartRow
from assay.report.words.numbers import count


@dataclass(frozen=True)
class Steps:
    """An arm's curve: the path in a box of 100 by 100, and what it comes to in words."""

    label: str
    path: str
    words: str


@dataclass(frozen=True)
class Reached:
    """The curves of a part about times, and where their common axis ends."""

    curves: list[Steps]
    end: str
    words: str


def reached(part: PartRow) -> Reached | None:
    """The curves of a part; None where it is about no time, or no run got anywhere."""
    ends = [end for arm in part.arms for end in _times(arm)]
    if not part.is_time or not ends or not max(ends):
        return None
    end = max(ends)
    curves = [_curve(arm, end) for arm in part.arms]
    words = "; ".join(f"{curve.label}: {curve.words}" for curve in curves)
    return Reached(curves, count(end), f"Share of runs that got there against updates. {words}.")


def _times(arm: ArmRow) -> list[float]:
    """How long each run took, or how long those went on that never got there."""
    found = (
        each.value if each.value is not None else each.censored_at for each in arm.summary.values
    )
    return [float(each) for each in found if each is not None]


def _curve(arm: ArmRow, end: float) -> Steps:
    told = [
        each
        for each in arm.summary.values
        if each.value is not None or each.censored_at is not None
    ]
    times = sorted(float(each.value) for each in told if each.value is not None)
    path, share = "M0 100", 100.0
    for number, time in enumerate(times, start=1):
        x, share = 100 * time / end, 100 - 100 * number / len(told)
        path += f"H{x:.2f}V{share:.2f}"
    return Steps(arm.label, f"{path}H100", f"{len(times)} of {len(told)} runs")
