"""A claim over its universes as plain numbers, with what they say in words."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assay.claims.multiverse import Curve, Effect
from assay.claims.statistics.curve import CurveTest
from assay.claims.statistics.permutation import Floats
from assay.config import Scalar
from assay.figures.labels import arm_label
from assay.report.data.plain import finite, run_counts
from assay.report.data.rows import (
    ChoiceRow,
    InferenceRow,
    MeanRow,
    MultiverseRow,
    Number,
    PValues,
    TurnRow,
    UniverseRow,
    ValueRow,
)
from assay.report.words.multiverse import multiverse_words


def multiverse_row(curve: Curve) -> MultiverseRow:
    """Everything that is said of a claim's multiverse: universes in order of their effect."""
    multiverse = curve.multiverse
    part, table = multiverse.part, multiverse.table
    found = MultiverseRow(
        arms=[arm_label(arm) for arm in multiverse.arms],
        is_time=part.is_time,
        test=part.test,
        unit=part.unit,
        seeds=table.seeds,
        updates=table.updates,
        stop_accuracy=table.stop_accuracy,
        axes=table.axes,
        runs=run_counts(curve.status),
        universes=len(curve.effects),
        complete=len(curve.complete),
        claimed=curve.count("claimed"),
        other=curve.count("other"),
        none=curve.count("none"),
        effect=_mean(curve.complete, is_time=part.is_time),
        inference=_inference(curve.test),
        choices=_choices(curve),
        turns=[
            TurnRow(turn.axis, turn.claimed.universe.choices, turn.other.universe.choices)
            for turn in curve.turns
        ],
        curve=[_universe(each, is_time=part.is_time) for each in _ordered(curve.effects)],
    )
    return replace(found, words=multiverse_words(found))


def _choices(curve: Curve) -> list[ChoiceRow]:
    """What each value of each axis comes to, and how many pairs of universes an axis turns."""
    turns = [turn.axis for turn in curve.turns]
    return [
        ChoiceRow(axis, turns.count(axis), [_value(curve, axis, value) for value in values])
        for axis, values in curve.multiverse.table.axes.items()
    ]


def _value(curve: Curve, axis: str, value: Scalar) -> ValueRow:
    having = curve.having(axis, value)
    return ValueRow(
        value=value,
        universes=len(having),
        claimed=sum(each.side == "claimed" for each in having),
        other=sum(each.side == "other" for each in having),
        effect=_mean(having, is_time=curve.multiverse.part.is_time),
    )


def _mean(effects: Sequence[Effect], *, is_time: bool) -> MeanRow:
    if not effects:
        return MeanRow(None)
    return MeanRow(_told(float(np.mean([each.size for each in effects])), is_time=is_time))


def _told(size: float, *, is_time: bool) -> float:
    """An effect as it is told: a ratio, not its logarithm."""
    return math.exp(size) if is_time else size


def _inference(test: CurveTest | None) -> InferenceRow | None:
    if test is None:
        return None
    mean, share = PValues(*test.mean), PValues(*test.share)
    return InferenceRow(test.relabellings, test.exact, test.floor, mean, share)


def _ordered(effects: Sequence[Effect]) -> list[Effect]:
    """By size, and of equal ones in the order of the axes; those that miss runs at the end."""
    return sorted(effects, key=lambda each: (not each.complete, each.size))


def _universe(effect: Effect, *, is_time: bool) -> UniverseRow:
    ends: list[float | None] = [None] * 3
    if effect.seeds is not None:
        found = (effect.size, effect.seeds.min(), effect.seeds.max())
        ends = [_told(float(each), is_time=is_time) for each in found]
    return UniverseRow(
        choices=effect.universe.choices,
        held=list(effect.universe.held),
        side=effect.side if effect.complete else None,
        effect=ends[0],
        low=ends[1],
        high=ends[2],
        solved=[int(np.isfinite(times).sum()) for times in effect.times],
        ended=[int((~np.isnan(times)).sum()) for times in effect.times],
        times=[_times(times) for times in effect.times],
    )


def _times(times: Floats) -> list[Number | None]:
    """Updates to solve of the runs that ended; None of those that were not solved."""
    return [finite(time) for time in times.tolist() if not math.isnan(time)]
