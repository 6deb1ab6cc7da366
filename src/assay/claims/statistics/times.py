"""Times to reach something, censored where it was never reached: an exact log-rank test.

The effect is a ratio of times: how many times as long the other arm takes. To test it against δ,
the times of the first arm are multiplied by δ, and both arms are looked at up to the same moment:
if the ratio is δ they then have the same distribution, censoring included, and the runs may be
relabelled. The statistic is the log-rank one, O − E (Mantel 1966), as a sum of scores (Peto and
Peto 1972): 1 if reached, less the cumulative hazard of both arms up to then. `scipy.stats.logrank`
has the same O − E with a normal p-value, which is no more than an approximation for 8 runs.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from assay.claims.statistics.inversion import invert, settle
from assay.claims.statistics.permutation import TOLERANCE, Floats, labels, relabellings, tails
from assay.claims.statistics.trial import Trial

METHOD = "permuted log-rank test"


def time_test(
    of: ArrayLike, against: ArrayLike, horizon: float, ratio: float, level: float = 0.025
) -> Trial:
    """Test of how many times as long `against` takes as `of`, against a ratio.

    The effect is the ratio at which the log-rank statistic is 0 (Tsiatis 1990); it is infinite
    where only `of` ever gets there, 0 where only `against` does, NaN where neither does.

    Args:
        of: times (n,) of the arm that should be faster; ∞ where never reached.
        against: times (m,) of the other.
        horizon: when the runs ended; a later time counts as never reached.
        ratio: δ, above 0.
        level: α/2; the interval has confidence 1 − 2·level.
    """
    x, y = (_within(times, horizon) for times in (of, against))
    p = time_p_values(x, y, horizon, ratio)
    steps = _steps(x, y, horizon)
    effect = _effect(x, y, horizon, steps)
    interval = invert(
        lambda at: time_p_values(x, y, horizon, at), steps, _between, (0.0, np.inf), level
    )
    low, high = settle(interval, effect, ratio, p, level)
    return Trial(effect, low, high, *p, METHOD)


def time_p_values(x: Floats, y: Floats, horizon: float, ratio: float) -> tuple[float, float]:
    """p-values (supported, refuted) of the ratio of times x (n,) and y (m,) against δ."""
    return tails(labels(len(x), len(y)) @ _scores(x, y, horizon, ratio))


def time_floor(n: int, m: int) -> float:
    """The least p-value of one direction that n and m runs can give."""
    return 1 / relabellings(n, m)


def _within(times: ArrayLike, horizon: float) -> Floats:
    found = np.asarray(times, dtype=float)
    # Of a run that diverged there is no time, and it never gets there.
    return np.where(np.isnan(found) | (found > horizon), np.inf, found)


def _scores(x: Floats, y: Floats, horizon: float, ratio: float) -> Floats:
    """Log-rank scores (n + m,) of both arms, the first's times multiplied by the ratio."""
    until = horizon * min(1.0, ratio)
    # In units of the horizon and rounded, so that equal times are equal after a multiplication.
    times = np.round(np.minimum(np.concatenate([x * ratio, y]), np.inf) / until, 9)
    reached = times <= 1
    times = np.where(reached, times, 1.0)
    at_risk = (times[None, :] >= times[:, None]).sum(axis=1)
    before = reached[None, :] & (times[None, :] <= times[:, None])
    hazard = np.where(before, 1 / at_risk[None, :], 0.0).sum(axis=1)
    scores: Floats = reached - hazard
    return scores


def _effect(x: Floats, y: Floats, horizon: float, steps: list[float]) -> float:
    """Between the ratios up to which the first arm is faster and from which it is slower."""
    edges = [0.0, *steps, np.inf]
    middle = [_between(low, high) for low, high in pairwise(edges)]
    sums = np.array([_scores(x, y, horizon, ratio)[: len(x)].sum() for ratio in middle])
    faster, slower = (np.flatnonzero(sign * sums > TOLERANCE) for sign in (1, -1))
    if not faster.size and not slower.size:
        return float("nan")
    low = edges[faster[-1] + 1] if faster.size else 0.0
    high = edges[slower[0]] if slower.size else np.inf
    if low == 0 or np.isinf(high):
        return 0.0 if low == 0 else np.inf
    return float(np.sqrt(low * high))


def _steps(x: Floats, y: Floats, horizon: float) -> list[float]:
    """Ratios at which a time of the one arm passes a time, or the end, of the other."""
    reached_x, reached_y = x[np.isfinite(x)], y[np.isfinite(y)]
    first = np.append(reached_x, horizon)
    second = np.append(reached_y, horizon)
    found: list[float] = np.unique(second[None, :] / first[:, None]).tolist()
    return found


def _between(low: float, high: float) -> float:
    if low == 0:
        return high / 2 if np.isfinite(high) else 1.0
    return low * 2 if np.isinf(high) else float(np.sqrt(low * high))
