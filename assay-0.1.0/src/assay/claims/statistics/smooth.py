"""Smooth outcomes over few runs: Student's and Welch's t, shifted by the margin.

They assume that the outcome, or its difference within a run, is roughly normal over the seeds.
That is an assumption about a quantity such as a Fréchet distance, which sums up thousands of
images, and it buys verdicts at 5 runs, which an exact test can hardly give.
"""

import warnings

import numpy as np
import scipy
from numpy.typing import ArrayLike

from assay.claims.statistics.median import sign_test
from assay.claims.statistics.permutation import Floats
from assay.claims.statistics.rank import rank_test
from assay.statements.trial import Trial

WELCH = "Welch's t test"
STUDENT = "one-sample t test"


def welch_test(of: ArrayLike, against: ArrayLike, margin: float, level: float = 0.025) -> Trial:
    """Test of the difference of the means of two independent arms against a margin (Welch 1947).

    If both arms are constant a t test has no spread to stand on, as R's `t.test` says too, and the
    exact rank test takes its place. If a run has no value, NaN, there is no verdict: p is 1.

    Args:
        of: values (n,) of the arm that should be higher, n ≥ 2.
        against: values (m,) of the other, m ≥ 2.
        margin: δ, in their unit.
        level: α/2; the interval has confidence 1 − 2·level.
    """
    x, y = np.asarray(of, dtype=float), np.asarray(against, dtype=float)
    left, right = x[~np.isnan(x)], y[~np.isnan(y)]
    if min(len(left), len(right)) < 2 or (_constant(left) and _constant(right)):
        return rank_test(x, y, margin, level)
    with warnings.catch_warnings():
        # One constant arm is fine: the spread is that of the other.
        warnings.filterwarnings("ignore", "Precision loss", RuntimeWarning)
        found = scipy.stats.ttest_ind(left - margin, right, equal_var=False)
    low, high = found.confidence_interval(confidence_level=1 - 2 * level)
    complete = len(left) == len(x) and len(right) == len(y)
    effect = float(left.mean() - right.mean())
    return _trial(effect, (low + margin, high + margin), found, complete, WELCH)


def t_test(values: ArrayLike, margin: float, level: float = 0.025) -> Trial:
    """Test of the mean of values (n,), or of differences within a run, against a margin.

    Constant and missing values are taken as by `welch_test`; the exact test here is the sign test.

    Args:
        values: one value a run, n ≥ 2.
        margin: δ, in their unit.
        level: α/2; the interval has confidence 1 − 2·level.
    """
    x = np.asarray(values, dtype=float)
    known = x[~np.isnan(x)]
    if len(known) < 2 or _constant(known):
        return sign_test(x, margin, level)
    found = scipy.stats.ttest_1samp(known, margin)
    interval = found.confidence_interval(confidence_level=1 - 2 * level)
    return _trial(float(known.mean()), tuple(interval), found, len(known) == len(x), STUDENT)


def _trial(
    effect: float,
    interval: tuple[float, float],
    found: "scipy.stats._result_classes.TtestResult",
    complete: bool,
    method: str,
) -> Trial:
    low, high = map(float, interval)
    if not complete:
        return Trial(effect, -np.inf, np.inf, 1.0, 1.0, method)
    above = float(scipy.stats.t.sf(found.statistic, found.df))
    return Trial(effect, low, high, above, 1 - above, method)


def _constant(x: Floats) -> bool:
    return bool(np.ptp(x) <= 1e-12 * np.abs(x).max())
