"""Memory horizons as a report prints them: numbers, and a sentence each."""

import math
from collections.abc import Sequence

from assay.claims.evidence import ArmRuns
from assay.claims.horizon import Horizon, horizons
from assay.claims.statistics.horizon import SHARE, HorizonFit
from assay.figures.labels import horizon_label
from assay.report.data.plain import finite
from assay.report.data.report import HorizonRow, PointRow
from assay.report.words.numbers import NBSP, count

_NEEDED = f"{100 * SHARE:.0f}{NBSP}%"


def horizon_rows(figure: str, arms: Sequence[ArmRuns]) -> list[HorizonRow]:
    """Every horizon of a figure."""
    return [_row(figure, found) for found in horizons(arms)]


def _row(figure: str, found: Horizon) -> HorizonRow:
    fit, first = found.fit, found.arms[0].arm
    label = horizon_label(first)
    return HorizonRow(
        figure=figure,
        experiment=first.experiment,
        label=label,
        arms=[each.arm.key for each in found.arms],
        accuracy=found.level,
        share=SHARE,
        updates=found.updates,
        longest=found.longest,
        estimate=None if fit is None else _inside(fit.estimate),
        low=None if fit is None else _inside(fit.low),
        high=None if fit is None else _inside(fit.high),
        beyond=None if fit is None else {0.0: "below", math.inf: "above"}.get(fit.estimate),
        points=[PointRow(**vars(point)) for point in found.points],
        sentence=f"{label}: {horizon_sentence(found)}",
    )


def horizon_sentence(found: Horizon) -> str:
    """The horizon in plain English, with what the runs leave open."""
    if not found.points:
        return "no run is finished."
    budget = f"within {count(found.updates)} updates" if found.updates else "within its updates"
    if found.fit is None:
        (point,) = found.points
        return (
            f"{_at(point.length, point.solved, point.runs)} {budget}; one length gives no horizon."
        )
    return f"{_horizon(found, found.fit, budget)} {_tried(found)}"


def interval_words(row: HorizonRow) -> str:
    """The interval of a row, open ends in words."""
    return _between(row.low, row.high)


def estimate_words(row: HorizonRow) -> str:
    """The horizon of a row, or on which side of the lengths tried it is, where the runs tell."""
    if row.low is None and row.high is None:
        return "not known"
    if row.estimate is not None:
        return length(row.estimate)
    word, end = ("beyond", -1) if row.beyond == "above" else ("below", 0)
    return f"{word} {count(row.points[end].length)}"


def length(value: float) -> str:
    """A length, to two digits at least."""
    return f"{value:.2g}" if value < 10 else f"{value:,.0f}"


def _horizon(found: Horizon, fit: HorizonFit, budget: str) -> str:
    share = f"{_NEEDED} of runs are solved {budget}"
    low, high = _inside(fit.low), _inside(fit.high)
    if low is None and high is None:
        return f"these runs do not tell up to which length {share}."
    interval = f"(95{NBSP}% interval: {_between(low, high)})"
    if math.isinf(fit.estimate):
        end = f"beyond the longest length tried, T = {count(found.points[-1].length)}"
        return f"{share} up to a length {end} {interval}; how far beyond is not known."
    if fit.estimate == 0:
        end = f"below the shortest length tried, T = {count(found.points[0].length)}"
        return f"{share} only at lengths {end} {interval}, if at any."
    return f"{share} up to T = {length(fit.estimate)} {interval}."


def _between(low: float | None, high: float | None) -> str:
    if low is None:
        return "open at both ends" if high is None else f"at most {length(high)}"
    return f"at least {length(low)}" if high is None else f"{length(low)} to {length(high)}"


def _tried(found: Horizon) -> str:
    if found.longest is None:
        return f"At no length tried were {_NEEDED} of the runs solved."
    point = next(each for each in found.points if each.length == found.longest)
    return f"The longest tried at which that many were: {_at(*vars(point).values())}."


def _at(length: int, solved: int, runs: int) -> str:
    return f"{solved} of {runs} runs at T = {count(length)}"


def _inside(value: float) -> float | None:
    return finite(value) if value > 0 else None
