"""Inference over a specification curve: Simonsohn, Simmons and Nelson (2020).

The effects of all universes together are held against those that come about where the label of an
arm means nothing. What is relabelled is a block: all outcomes of one arm with one seed, over all
universes. A run that serves several universes stands in its block as often and moves with it, so
that it counts once. The statistics are the median effect, and the share of universes on a side. If
a relabelling comes to the same share, the one with the larger median is further out: with few seeds
all universes may stay on their side though a block is mislabelled, so that the share is often tied.

The test is exact if blocks are exchangeable under the null hypothesis, that is if the arms have the
same joint distribution over the universes. Where an arm lacks an axis its block repeats values that
are independent in the other arm's, and then only the distributions of single universes can be the
same. With as many blocks a side, which a multiverse has, the test stays close to its level.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy

from assay.claims.statistics.permutation import TOLERANCE, Floats, labels, tails

EXACT_UP_TO = 1_000
"""Of more relabellings so many are drawn, the observed one among them."""

# In the place of an infinite median, where medians are compared.
_BEYOND = 1e9


@dataclass(frozen=True)
class CurveTest:
    """The p-values (supported, refuted) of a curve, and of how many relabellings they are shares.

    Attributes:
        median: that the median effect is as high, or as low.
        share: that so many universes are on the claimed, or on the other, side.
        relabellings: how many there were; no p-value is below one in as many.
        exact: whether these are all there are.
    """

    median: tuple[float, float]
    share: tuple[float, float]
    relabellings: int
    exact: bool

    @property
    def floor(self) -> float:
        """The least p-value that there can be."""
        return 1 / self.relabellings


def curve_test(effects: Callable[[Floats], Floats], n: int, m: int) -> CurveTest:
    """Test of a specification curve over relabellings of n + m blocks.

    Args:
        effects: from labels (B, n + m), 1 where a block is the first arm's and else 0, the effect
            in each universe (B, U), above 0 on the claimed side; it may be infinite.
        n: blocks of the first arm, which come first.
        m: blocks of the other.
    """
    rows = labels(n, m)
    exact = len(rows) <= EXACT_UP_TO
    if not exact:
        rest = np.random.default_rng(0).choice(len(rows) - 1, EXACT_UP_TO - 1, replace=False)
        rows = rows[[0, *(1 + rest)]]
    found_BU = effects(rows)
    medians_B = np.nan_to_num(median_effect(found_BU), posinf=_BEYOND, neginf=-_BEYOND)
    share = [_share_p(sign * found_BU, sign * medians_B) for sign in (1, -1)]
    return CurveTest(tails(medians_B), (share[0], share[1]), len(rows), exact)


def _share_p(effects_BU: Floats, medians_B: Floats) -> float:
    """Share of relabellings with as many universes above 0, by the median where they are tied."""
    counts_B = (effects_BU > TOLERANCE).sum(axis=1)
    # A rank is below 1 of a universe.
    ranks_B = scipy.stats.rankdata(medians_B.round(9)) / (len(medians_B) + 1)
    return tails(counts_B + ranks_B)[0]


def median_effect(effects: Floats) -> Floats:
    """Median over the last axis of (..., U); between a finite and an infinite one, the finite."""
    ordered, count = np.sort(effects, axis=-1), effects.shape[-1]
    low, high = ordered[..., (count - 1) // 2], ordered[..., count // 2]
    with np.errstate(invalid="ignore"):
        middle = np.nan_to_num((low + high) / 2, nan=0.0, posinf=np.inf, neginf=-np.inf)
    finite: Floats = np.where(np.isinf(low), high, low)
    return np.where(np.isinf(low) == np.isinf(high), middle, finite)
