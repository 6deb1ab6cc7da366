"""One value a run of any shape, such as a difference within a run: the sign test of its median."""

import numpy as np
import scipy
from numpy.typing import ArrayLike

from assay.claims.statistics.inversion import settle
from assay.statements.trial import Trial

METHOD = "sign test"


def sign_test(values: ArrayLike, margin: float, level: float = 0.025) -> Trial:
    """Test of the median of values (n,) against a margin, assuming nothing but independence.

    The interval lies between two of the values in order (Conover 1999, section 3.2), and belongs to
    the test. A run without a value, NaN, counts as whatever speaks against the verdict.

    Args:
        values: one value a run.
        margin: δ, in their unit.
        level: α/2; the interval has confidence of at least 1 − 2·level.
    """
    x = np.asarray(values, dtype=float)
    effect = float(np.nanmedian(x)) if not np.isnan(x).all() else float("nan")
    lowest, highest = (np.where(np.isnan(x), at, x) for at in (-np.inf, np.inf))
    p = (_p_value(lowest, margin, "greater"), _p_value(highest, margin, "less"))
    interval = (
        _limit(lowest, "greater", level)[0],
        _limit(highest, "less", level)[1],
    )
    low, high = settle(interval, effect, margin, p, level)
    return Trial(effect, low, high, *p, METHOD)


def sign_floor(n: int) -> float:
    """The least p-value of one direction that n runs can give."""
    return float(0.5**n)


def _p_value(x: np.ndarray, margin: float, alternative: str) -> float:
    return float(scipy.stats.quantile_test(x, q=margin, p=0.5, alternative=alternative).pvalue)


def _limit(x: np.ndarray, alternative: str, level: float) -> tuple[float, float]:
    found = scipy.stats.quantile_test(x, q=0.0, p=0.5, alternative=alternative)
    low, high = found.confidence_interval(confidence_level=1 - level)
    # With few runs there is no such order statistic.
    return (-np.inf if np.isnan(low) else float(low), np.inf if np.isnan(high) else float(high))
