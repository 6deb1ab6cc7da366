"""A claim over its universes as plain numbers, with what they say in words."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assay.claims.multiverse import LEVEL, Curve, Effect
from assay.claims.statistics import CurveTest, median_effect
from assay.claims.statistics.permutation import Floats
from assay.config import Scalar
from assay.figures.labels import arm_label
from assay.report.data.plain import finite, run_counts
from assay.report.data.rows import (
    ChoiceRow,
    InferenceRow,
    MedianRow,
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
        kind=part.kind,
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
        effect=_median(part.kind, curve.complete),
        inference=_inference(curve.test),
        choices=_choices(curve),
        turns=[
            TurnRow(turn.axis, turn.claimed.universe.choices, turn.other.universe.choices)
            for turn in curve.turns
        ],
        confidence=1 - 2 * LEVEL,
        curve=[_universe(each) for each in _ordered(curve.effects)],
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
        effect=_median(curve.multiverse.part.kind, having),
    )


def _median(kind: str, effects: Sequence[Effect]) -> MedianRow:
    if not effects:
        return MedianRow(None, False)
    size = float(median_effect(np.array([each.size for each in effects])))
    effect = math.exp(size) if kind == "time" else size
    return MedianRow(finite(effect), math.isinf(effect))


def _inference(test: CurveTest | None) -> InferenceRow | None:
    if test is None:
        return None
    median, share = PValues(*test.median), PValues(*test.share)
    return InferenceRow(test.relabellings, test.exact, test.floor, median, share)


def _ordered(effects: Sequence[Effect]) -> list[Effect]:
    """By size, and of equal ones in the order of the axes; those that miss runs at the end."""
    return sorted(effects, key=lambda each: (each.trial is None, each.size))


def _universe(effect: Effect) -> UniverseRow:
    trial = effect.trial
    return UniverseRow(
        choices=effect.universe.choices,
        held=list(effect.universe.held),
        side=None if trial is None else effect.side,
        effect=None if trial is None else finite(trial.effect),
        effect_infinite=trial is not None and math.isinf(trial.effect),
        low=None if trial is None else finite(trial.low),
        high=None if trial is None else finite(trial.high),
        solved=[int(np.isfinite(times).sum()) for times in effect.times],
        ended=[int((~np.isnan(times)).sum()) for times in effect.times],
        times=[_times(times) for times in effect.times],
    )


def _times(times: Floats) -> list[Number | None]:
    """Updates to solve of the runs that ended; None of those that were not solved."""
    return [finite(time) for time in times.tolist() if not math.isnan(time)]
