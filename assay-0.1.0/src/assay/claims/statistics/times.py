"""Times to reach something, censored where it was never reached: an exact log-rank test.

The effect is a ratio of times: how many times as long the other arm takes. To test it against δ,
the times of the first arm are multiplied by δ, and both arms are looked at up to the same moment:
if the ratio is δ they then have the same distribution, censoring included, and the runs may be
relabelled. The statistic is the log-rank one, O − E (Mantel 1966), as a sum of scores (Peto and
Peto 1972): 1 if reached, less the cumulative hazard of both arms up to then. `scipy.stats.logrank`
has the same O − E with a normal p-value, which is no more than an approximation for 8 runs.
"""

import numpy as np
from numpy.typing import ArrayLike

from assay.claims.statistics.inversion import invert, settle
from assay.claims.statistics.permutation import TOLERANCE, Floats, labels, relabellings, tails
from assay.statements.trial import Trial

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
    steps = np.unique(_steps(x, y, horizon)).tolist()
    effect = float(time_effects(x, y, horizon))
    interval = invert(
        lambda at: time_p_values(x, y, horizon, at),
        steps,
        lambda low, high: float(_between(np.array(low), np.array(high))),
        (0.0, np.inf),
        level,
    )
    low, high = settle(interval, effect, ratio, p, level)
    return Trial(effect, low, high, *p, METHOD)


def time_effects(x: Floats, y: Floats, horizon: float) -> Floats:
    """The effect, as `time_test` gives it, of pairs of arms: times (..., n) and (..., m) -> (...).

    It lies between the ratios up to which the first arm is faster and from which it is slower; the
    statistic falls as the ratio rises.
    """
    steps = np.sort(_steps(x, y, horizon), axis=-1)
    least, most = np.zeros_like(steps[..., :1]), np.full_like(steps[..., :1], np.inf)
    edges = np.concatenate([least, steps, most], axis=-1)
    middle = _between(edges[..., :-1], edges[..., 1:])
    n, gaps = x.shape[-1], range(middle.shape[-1])
    sums = np.stack(
        [_scores(x, y, horizon, middle[..., gap])[..., :n].sum(axis=-1) for gap in gaps], axis=-1
    )
    faster, slower = ((sign * sums > TOLERANCE).sum(axis=-1) for sign in (1, -1))
    low = np.take_along_axis(edges, faster[..., None], -1)[..., 0]
    high = np.take_along_axis(edges, len(gaps) - slower[..., None], -1)[..., 0]
    with np.errstate(invalid="ignore"):
        effect = np.where(low == 0, 0.0, np.sqrt(low * high))
    found: Floats = np.where((faster == 0) & (slower == 0), np.nan, effect)
    return found


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


def _scores(x: Floats, y: Floats, horizon: float, ratio: ArrayLike) -> Floats:
    """Log-rank scores (..., n + m), the times of the first arm multiplied by the ratio (...)."""
    factor = np.asarray(ratio)[..., None]
    until = horizon * np.minimum(1.0, factor)
    # In units of the horizon and rounded, so that equal times are equal after a multiplication.
    times = np.round(np.concatenate([x * factor, y], axis=-1) / until, 9)
    reached = times <= 1
    times = np.where(reached, times, 1.0)
    at_risk = (times[..., None, :] >= times[..., :, None]).sum(axis=-1)
    before = reached[..., None, :] & (times[..., None, :] <= times[..., :, None])
    hazard = np.where(before, 1 / at_risk[..., None, :], 0.0).sum(axis=-1)
    scores: Floats = reached - hazard
    return scores


def _steps(x: Floats, y: Floats, horizon: float) -> Floats:
    """Ratios (..., S) at which a time of the one arm passes a time, or the end, of the other."""
    first, second = (
        np.minimum(np.concatenate([times, np.full_like(times[..., :1], np.inf)], axis=-1), horizon)
        for times in (x, y)
    )
    ratios = second[..., None, :] / first[..., :, None]
    flat: Floats = ratios.reshape(*ratios.shape[:-2], -1)
    return flat


def _between(low: Floats, high: Floats) -> Floats:
    """A ratio between two, the geometric mean; next to 0 or ∞, half or twice the other."""
    with np.errstate(invalid="ignore"):
        middle = np.sqrt(low * high)
    found: Floats = np.where(low == 0, high / 2, np.where(np.isinf(high), low * 2, middle))
    return found
