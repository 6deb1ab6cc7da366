"""Holm's correction, and descriptions that stand beside a test: interquartile mean, bootstrap."""

from collections.abc import Sequence

import numpy as np
import scipy
from numpy.typing import ArrayLike

FEWEST = 10
RESAMPLES = 9_999


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values, which keep the chance of any false verdict at α (Holm 1979)."""
    order = np.argsort(p_values, kind="stable")
    count, highest = len(p_values), 0.0
    adjusted = [1.0] * count
    for rank, index in enumerate(order):
        highest = max(highest, (count - rank) * p_values[index])
        adjusted[index] = min(1.0, highest)
    return adjusted


def interquartile_mean(values: ArrayLike) -> float:
    """Mean of the middle half of the values (n,): a mean that no single run can move far."""
    return float(scipy.stats.trim_mean(np.asarray(values, dtype=float), 0.25))


def bca_interval(
    of: ArrayLike, against: ArrayLike, level: float = 0.025
) -> tuple[float, float] | None:
    """Bootstrap interval of the difference of interquartile means (BCa: Efron 1987), or None.

    None with fewer than 10 values in an arm, where it covers too seldom, and for a constant arm,
    where it is NaN.

    Args:
        of: values (n,) of one arm.
        against: values (m,) of the other.
        level: half of what the interval leaves out.
    """
    x, y = np.asarray(of, dtype=float), np.asarray(against, dtype=float)
    if min(len(x), len(y)) < FEWEST or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None

    def difference(left: np.ndarray, right: np.ndarray, axis: int) -> np.ndarray:
        middle: np.ndarray = scipy.stats.trim_mean(left, 0.25, axis=axis) - scipy.stats.trim_mean(
            right, 0.25, axis=axis
        )
        return middle

    found = scipy.stats.bootstrap(
        (x, y),
        difference,
        n_resamples=RESAMPLES,
        confidence_level=1 - 2 * level,
        method="BCa",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return (float(found.low), float(found.high)) if np.isfinite(found).all() else None
