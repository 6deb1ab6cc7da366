"""Outcomes with bounds, ties, skew or outliers: an exact rank test that bears unequal spreads.

The effect is the Hodges-Lehmann shift: the median difference between a run of the one arm and a run
of the other. With the margin taken off the first arm, it is 0 where P(X > Y) + P(X = Y)/2 = 1/2.

The Mann-Whitney test is exact only if the arms, once shifted, have the same distribution. If one
arm is saturated and the other is spread it rejects far too often: in more than a third of cases at
5 runs a side where the one never varies and the other lies evenly around it. So the statistic is
Brunner and Munzel's (2000), which is studentised, over all relabellings (Neubert and Brunner 2007):
exact if the shifted arms have the same distribution, whatever that is, ties and two peaks included,
and close to its level if only the null of the paragraph above holds (Chung and Romano 2013). What
is left of the worst case, an arm that never varies, `_guard` keeps to 2.5 % a direction.
"""

import numpy as np
import scipy
from numpy.typing import ArrayLike

from assay.claims.statistics.inversion import invert, settle
from assay.claims.statistics.permutation import TOLERANCE, Floats, labels, tails
from assay.statements.trial import Trial

METHOD = "permuted Brunner-Munzel rank test"

GUARDED = 0.025
"""The level of one direction at which the test is guarded against the worst of unequal spreads."""


def rank_test(of: ArrayLike, against: ArrayLike, margin: float, level: float = 0.025) -> Trial:
    """Test of the median difference of two independent arms against a margin.

    A run without a value, NaN, counts as whatever speaks most against each verdict.

    Args:
        of: values (n,) of the arm that should be higher.
        against: values (m,) of the other.
        margin: δ, in their unit.
        level: α/2; the interval has confidence 1 − 2·level.
    """
    x, y = np.asarray(of, dtype=float), np.asarray(against, dtype=float)
    differences = (x[:, None] - y[None, :]).ravel()
    steps = np.unique(differences[np.isfinite(differences)])
    effect = float(np.nanmedian(differences)) if steps.size else float("nan")
    p = rank_p_values(x, y, margin)
    interval = invert(
        lambda at: rank_p_values(x, y, at),
        steps.tolist(),
        _between,
        (-np.inf, np.inf),
        level,
    )
    low, high = settle(interval, effect, margin, p, level)
    return Trial(effect, low, high, *p, METHOD)


def rank_p_values(x: Floats, y: Floats, margin: float) -> tuple[float, float]:
    """p-values (supported, refuted) of the median difference of x (n,) and y (m,) against δ."""
    supported, refuted = _tails(_worst(x, -np.inf) - margin, _worst(y, np.inf))
    if np.isnan(x).any() or np.isnan(y).any():
        refuted = _tails(_worst(x, np.inf) - margin, _worst(y, -np.inf))[1]
    return supported, refuted


def rank_floor(n: int, m: int) -> float:
    """The least p-value of one direction that n and m runs can give."""
    return max(1 / len(labels(n, m)), _guard(1.0, min(n, m)))


def _tails(x: Floats, y: Floats) -> tuple[float, float]:
    n, m = len(x), len(y)
    above_NN = _above(np.concatenate([x, y]))
    supported, refuted = tails(_statistics(above_NN, labels(n, m)))
    share = float(above_NN[:n, n:].mean())
    return (
        max(supported, _guard(share, min(n, m))),
        max(refuted, _guard(1 - share, min(n, m))),
    )


def _guard(share: float, few: int) -> float:
    """A p-value that holds also where one arm never varies, or 0 if it is below GUARDED.

    If the other arm lies evenly around it, the share of pairs in which the first arm is the higher
    is a share of heads among so many tosses of a coin, which no relabelling shows.
    """
    heads = np.ceil(few * share - TOLERANCE)
    chance = float(scipy.stats.binom.sf(heads - 1, few, 0.5))
    return chance if chance > GUARDED else 0.0


def _above(z_N: Floats) -> Floats:
    """Whether each value is above each other, (N, N); a half where they are tied."""
    with np.errstate(invalid="ignore"):
        gaps_NN = z_N[:, None] - z_N[None, :]
    finite = np.abs(z_N[np.isfinite(z_N)])
    tie = TOLERANCE * (finite.max() if finite.size else 1.0)
    # Infinite values stand for missing ones, and two of them are tied.
    return np.where(np.isnan(gaps_NN) | (np.abs(gaps_NN) <= tie), 0.5, gaps_NN > 0)


def _statistics(above_NN: Floats, labels_BN: Floats) -> Floats:
    """The Brunner-Munzel statistic (B,) of each relabelling of the runs of both arms."""
    n = labels_BN[0].sum()
    m = len(above_NN) - n
    # Placements: how many runs of the other arm each run is above. Of the first arm's runs they are
    # those in total less those of the own arm; as above_NN + above_NN.T = 1, sums need no (B, N).
    total_N = above_NN.sum(axis=1)
    first_BN = labels_BN @ above_NN.T
    own_BN = labels_BN * first_BN
    own_square = np.einsum("bn,bn->b", own_BN, first_BN)
    mean_x = (labels_BN @ total_N - n * n / 2) / (n * m)
    square_x = labels_BN @ total_N**2 - 2 * own_BN @ total_N + own_square
    square_y = np.einsum("bn,bn->b", first_BN, first_BN) - own_square
    variance = (square_x / (n * m * m) - mean_x**2) / (n - 1) + (
        square_y / (m * n * n) - (1 - mean_x) ** 2
    ) / (m - 1)
    # Complete separation has no variance, and is the most extreme.
    result: Floats = (mean_x - 0.5) / np.sqrt(np.maximum(variance, TOLERANCE))
    return result


def _worst(values: Floats, stand_in: float) -> Floats:
    return np.where(np.isnan(values), stand_in, values)


def _between(low: float, high: float) -> float:
    if np.isinf(low):
        return high - 1 - abs(high) if np.isfinite(high) else 0.0
    return low + 1 + abs(low) if np.isinf(high) else (low + high) / 2
