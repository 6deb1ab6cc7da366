"""Inference over a specification curve: Simonsohn, Simmons and Nelson (2020).

The effects of all universes together are held against those that come about where the label of an
arm means nothing. What is relabelled is a block: all outcomes of one arm with one seed, over all
universes. A run that serves several universes stands in its block as often and moves with it, so
that it counts once. The statistics are the mean effect, and the share of universes on a side. If a
relabelling comes to the same share, the one with the larger mean is further out: with few seeds all
universes may stay on their side though a block is mislabelled, so that the share is often tied.

The mean, and not the median: where the arms never meet in any universe, a mislabelled block leaves
the median where it was and lowers the mean.

The test is exact if blocks are exchangeable under the null hypothesis, that is if the arms have the
same joint distribution over the universes. Where an arm lacks an axis its block repeats values that
are independent in the other arm's, and then only the distributions of single universes can be the
same. With as many blocks a side, which a multiverse has, the test stays close to its level.
"""

from dataclasses import dataclass

import numpy as np

from assay.claims.statistics.permutation import TOLERANCE, Floats, labels, tails

EXACT_UP_TO = 1_000
"""Of more relabellings so many are drawn, the observed one among them."""


@dataclass(frozen=True)
class CurveTest:
    """The p-values (supported, refuted) of a curve, and of how many relabellings they are shares.

    Attributes:
        mean: that the mean effect is as high, or as low.
        share: that so many universes are on the claimed, or on the other, side.
        relabellings: how many there were; no p-value is below one in as many.
        exact: whether these are all there are.
    """

    mean: tuple[float, float]
    share: tuple[float, float]
    relabellings: int
    exact: bool

    @property
    def floor(self) -> float:
        """The least p-value that there can be."""
        return 1 / self.relabellings


def curve_test(values_NU: Floats, n: int) -> CurveTest:
    """Test of a specification curve over relabellings of its blocks.

    The effect in a universe is the mean value of the first arm's blocks less that of the other's.

    Args:
        values_NU: the value of each block in each universe, finite; larger where it speaks for the
            claim if the block is the first arm's.
        n: how many blocks the first arm has, which come first.
    """
    blocks = len(values_NU)
    rows = labels(n, blocks - n)
    exact = len(rows) <= EXACT_UP_TO
    if not exact:
        rest = np.random.default_rng(0).choice(len(rows) - 1, EXACT_UP_TO - 1, replace=False)
        rows = rows[[0, *(1 + rest)]]
    effects_BU = rows @ values_NU / n - (1 - rows) @ values_NU / (blocks - n)
    means_B = effects_BU.mean(axis=1)
    share = [_share_p(sign * effects_BU, sign * means_B) for sign in (1, -1)]
    return CurveTest(tails(means_B), (share[0], share[1]), len(rows), exact)


def _share_p(effects_BU: Floats, means_B: Floats) -> float:
    """Share of relabellings with as many universes above 0, by the mean where they are tied."""
    counts_B = (effects_BU > TOLERANCE).sum(axis=1)
    _, ranks_B = np.unique(means_B.round(9), return_inverse=True)
    # A rank is below 1 of a universe.
    return tails(counts_B + (ranks_B + 1) / (len(means_B) + 1))[0]
