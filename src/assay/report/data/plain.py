"""Numbers as plain JSON values: no NaN, no infinity."""

import math
from collections.abc import Sequence
from typing import Any

from assay.claims.evidence import Summary
from assay.outcomes.outcome import Value

Data = dict[str, Any]


def finite(value: float | None) -> float | None:
    """The value, or None where it is none or not finite."""
    return None if value is None or not math.isfinite(value) else value


def summary_data(summary: Summary, seeds: Sequence[int]) -> Data:
    """An outcome over seeds: median and range, how many never reached it, and every value.

    `n` counts the runs that have the outcome; `censored_at` is the fewest updates after which a
    run that never reached it had ended.
    """
    known = [value for value in summary.values if finite(value.value) is not None]
    ends = [value.censored_at for value in summary.values if _censored(value)]
    return {
        "median": finite(summary.median),
        "low": finite(summary.low),
        "high": finite(summary.high),
        "n": len(known) + len(ends),
        "censored": len(ends),
        "censored_at": min((end for end in ends if end is not None), default=None),
        "values": [
            {"seed": seed, "value": finite(value.value), "censored_at": value.censored_at}
            for seed, value in zip(seeds, summary.values, strict=True)
        ],
    }


def _censored(value: Value) -> bool:
    return value.value is None and value.censored_at is not None
