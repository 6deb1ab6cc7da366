"""A claim over its universes as plain numbers, with what they say in words."""

import math
from collections.abc import Sequence

import numpy as np

from assay.claims.multiverse import LEVEL, Curve, Effect
from assay.claims.statistics import CurveTest, median_effect
from assay.claims.statistics.permutation import Floats
from assay.figures.labels import arm_label
from assay.report.data.plain import Data, finite
from assay.report.words.multiverse import multiverse_words

_ENDS = ("finished", "diverged", "failed", "unfinished", "not started")


def multiverse_data(curve: Curve) -> Data:
    """Everything that is said of a claim's multiverse: universes in order of their effect."""
    multiverse = curve.multiverse
    part, table = multiverse.part, multiverse.table
    counts = {name.replace(" ", "_"): curve.status.get(name, 0) for name in _ENDS}
    data = {
        "arms": [arm_label(arm) for arm in multiverse.arms],
        "kind": part.kind,
        "test": part.test,
        "unit": part.unit,
        "seeds": table.seeds,
        "updates": table.updates,
        "stop_accuracy": table.stop_accuracy,
        "axes": table.axes,
        "runs": {"planned": sum(counts.values()), **counts},
        "universes": len(curve.effects),
        "complete": len(curve.complete),
        "claimed": curve.count("claimed"),
        "other": curve.count("other"),
        "none": curve.count("none"),
        **_median(part.kind, [each.size for each in curve.complete]),
        "inference": _inference(curve.test),
        "choices": _choices(curve),
        "turns": [
            {
                "axis": turn.axis,
                "claimed": turn.claimed.universe.choices,
                "other": turn.other.universe.choices,
            }
            for turn in curve.turns
        ],
        "confidence": 1 - 2 * LEVEL,
        "curve": [_universe(each) for each in _ordered(curve.effects)],
    }
    return data | {"words": multiverse_words(data)}


def _choices(curve: Curve) -> list[Data]:
    """What each value of each axis comes to, and how many pairs of universes an axis turns."""
    turns = [turn.axis for turn in curve.turns]
    return [
        {
            "axis": axis,
            "turns": turns.count(axis),
            "values": [
                {
                    "value": value,
                    "universes": len(having := curve.having(axis, value)),
                    "claimed": sum(each.side == "claimed" for each in having),
                    "other": sum(each.side == "other" for each in having),
                    **_median(curve.multiverse.part.kind, [each.size for each in having]),
                }
                for value in values
            ],
        }
        for axis, values in curve.multiverse.table.axes.items()
    ]


def _median(kind: str, sizes: Sequence[float]) -> Data:
    if not sizes:
        return {"median": None, "median_infinite": False}
    size = float(median_effect(np.array(sizes)))
    effect = math.exp(size) if kind == "time" else size
    return {"median": finite(effect), "median_infinite": math.isinf(effect)}


def _inference(test: CurveTest | None) -> Data | None:
    if test is None:
        return None
    names = ("p_supported", "p_refuted")
    return {
        "relabellings": test.relabellings,
        "exact": test.exact,
        "floor": test.floor,
        "median": dict(zip(names, test.median, strict=True)),
        "share": dict(zip(names, test.share, strict=True)),
    }


def _ordered(effects: Sequence[Effect]) -> list[Effect]:
    """By size, and of equal ones in the order of the axes; those that miss runs at the end."""
    return sorted(effects, key=lambda each: (each.trial is None, each.size))


def _universe(effect: Effect) -> Data:
    trial = effect.trial
    return {
        "choices": effect.universe.choices,
        "held": list(effect.universe.held),
        "side": None if trial is None else effect.side,
        "effect": None if trial is None else finite(trial.effect),
        "effect_infinite": trial is not None and math.isinf(trial.effect),
        "low": None if trial is None else finite(trial.low),
        "high": None if trial is None else finite(trial.high),
        "solved": [int(np.isfinite(times).sum()) for times in effect.times],
        "ended": [int((~np.isnan(times)).sum()) for times in effect.times],
        "times": [_times(times) for times in effect.times],
    }


def _times(times: Floats) -> list[float | None]:
    """Updates to solve of the runs that ended; None of those that were not solved."""
    return [finite(time) for time in times.tolist() if not math.isnan(time)]
