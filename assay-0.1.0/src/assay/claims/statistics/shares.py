"""Outcomes that a run reaches or not: the difference of the shares of runs that do.

The p-value is exact and unconditional (Barnard 1945; against a margin Chan 1998): tables of k of n
against j of m are ordered by the score statistic of Farrington and Manning (1990), and their
probability under a difference of δ is taken at the share that makes it largest. At δ = 0 it is
`scipy.stats.barnard_exact`, which has no margin. The interval is Newcombe's (1998, method 10) from
scipy's Wilson limits. A verdict needs both, so the p-value is the larger one of the exact test and
of the interval: where a claim is decided, the interval lies beyond the margin.
"""

from functools import lru_cache

import numpy as np
import scipy

from assay.claims.statistics.permutation import TOLERANCE, Floats
from assay.statements.trial import Trial

METHOD = "exact test of two shares"
ONE = "binomial test"
SHARES = 1_001


def share_test(
    of: tuple[int, int], against: tuple[int, int], margin: float, level: float = 0.025
) -> Trial:
    """Test of the difference of two shares against a margin.

    Args:
        of: how many runs of how many reached it, of the arm that should have more.
        against: the same of the other.
        margin: δ, a difference of shares.
        level: α/2; the interval has confidence 1 − 2·level.
    """
    (k, n), (j, m) = of, against
    low, high = newcombe(of, against, 1 - 2 * level)
    supported = max(exact_share_p(k, n, j, m, margin), _newcombe_p(of, against, margin))
    # Refuting is supporting the other way round.
    refuted = max(exact_share_p(j, m, k, n, -margin), _newcombe_p(against, of, -margin))
    return Trial(k / n - j / m, low, high, supported, refuted, METHOD)


def one_share_test(
    of: tuple[int, int], threshold: float, margin: float, level: float = 0.025
) -> Trial:
    """Binomial test of a share against a threshold, with Clopper and Pearson's interval (1934).

    Args:
        of: how many runs of how many reached it.
        threshold: the share from which the effect is counted.
        margin: δ, by how much the share should exceed it.
        level: α/2; the interval has confidence of at least 1 − 2·level.
    """
    k, n = of
    at = min(max(threshold + margin, 0.0), 1.0)
    above, below = (scipy.stats.binomtest(k, n, at, alternative=way) for way in ("greater", "less"))
    low, high = scipy.stats.binomtest(k, n).proportion_ci(1 - 2 * level, method="exact")
    effect, low, high = (float(share) - threshold for share in (k / n, low, high))
    return Trial(effect, low, high, float(above.pvalue), float(below.pvalue), ONE)


def newcombe(
    of: tuple[int, int], against: tuple[int, int], confidence: float
) -> tuple[float, float]:
    """Newcombe's interval of a difference of shares (1998, method 10)."""
    (k, n), (j, m) = of, against
    (low_x, high_x), (low_y, high_y) = (
        scipy.stats.binomtest(count, total).proportion_ci(confidence, method="wilson")
        for count, total in (of, against)
    )
    x, y = k / n, j / m
    return (
        float(x - y - np.hypot(x - low_x, high_y - y)),
        float(x - y + np.hypot(high_x - x, y - low_y)),
    )


@lru_cache(maxsize=10_000)
def exact_share_p(k: int, n: int, j: int, m: int, margin: float) -> float:
    """p-value of H0: share of k/n − share of j/m ≤ margin, exact and unconditional."""
    score = _scores(n, m, margin)
    extreme = score >= score[k, j] - TOLERANCE
    second = np.linspace(max(0.0, -margin), min(1.0, 1.0 - margin), SHARES)
    first_XS = scipy.stats.binom.pmf(np.arange(n + 1)[:, None], n, np.clip(second + margin, 0, 1))
    second_YS = scipy.stats.binom.pmf(np.arange(m + 1)[:, None], m, second)
    chance = np.einsum("xs,xs->s", first_XS, extreme.astype(float) @ second_YS)
    return min(1.0, float(chance.max()))


@lru_cache(maxsize=100)
def _scores(n: int, m: int, margin: float) -> Floats:
    """Farrington and Manning's statistic (n + 1, m + 1) of every table, against a margin.

    Its variance is that of the likeliest shares that differ by the margin, a root of the cubic of
    Farrington and Manning (1990, appendix).
    """
    x, y = np.meshgrid(np.arange(n + 1) / n, np.arange(m + 1) / m, indexing="ij")
    ratio = m / n
    a = 1 + ratio
    b = -(1 + ratio + x + ratio * y + margin * (ratio + 2))
    c = margin**2 + margin * (2 * x + ratio + 1) + x + ratio * y
    d = -x * margin * (1 + margin)
    v = (b / (3 * a)) ** 3 - b * c / (6 * a**2) + d / (2 * a)
    u = np.where(v < 0, -1.0, 1.0) * np.sqrt(np.maximum((b / (3 * a)) ** 2 - c / (3 * a), 0))
    cosine = np.divide(v, u**3, out=np.zeros_like(v), where=u != 0)
    angle = (np.pi + np.arccos(np.clip(cosine, -1, 1))) / 3
    first = np.clip(2 * u * np.cos(angle) - b / (3 * a), max(0, margin), min(1, 1 + margin))
    second = np.clip(first - margin, 0, 1)
    variance = first * (1 - first) / n + second * (1 - second) / m
    gap = x - y - margin
    score: Floats = np.where(
        np.abs(gap) <= TOLERANCE, 0.0, gap / np.sqrt(np.maximum(variance, TOLERANCE**2))
    )
    return score


def _newcombe_p(of: tuple[int, int], against: tuple[int, int], margin: float) -> float:
    """The level of one direction at which the lower end of Newcombe's interval is the margin."""

    def above(level: float) -> float:
        return newcombe(of, against, 1 - 2 * level)[0] - margin

    least, most = 1e-12, 0.5 - 1e-12
    if above(most) <= 0:
        return 0.5
    return least if above(least) >= 0 else float(scipy.optimize.brentq(above, least, most))
