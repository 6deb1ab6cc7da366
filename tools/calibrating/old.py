"""Tests that are run beside: Welch's t, permuted ranks and log-rank, Barnard's exact test.

Each gives p-values of both directions; a study is decided where twice the smaller is at most α.
"""

import warnings
from functools import cache
from itertools import combinations
from math import comb

import numpy as np
from scipy import stats

from tools.calibrating.times_and_shares import HORIZON, RATIO
from tools.calibrating.values import Floats, Pairs

TOLERANCE = 1e-9
RELABELLINGS = 10_000


def welch(pairs: Pairs) -> Pairs:
    """p-values (studies) of the mean difference above, and below, 0."""
    x, y = pairs
    with np.errstate(invalid="ignore", divide="ignore"), warnings.catch_warnings():
        # Values that are all alike have no t.
        warnings.simplefilter("ignore", RuntimeWarning)
        above = stats.ttest_ind(x, y, axis=1, equal_var=False, alternative="greater").pvalue
    return above, 1 - above


def ranks(pairs: Pairs) -> Pairs:
    """p-values (studies) of the permuted Brunner-Munzel test, guarded where one arm never varies.

    `scipy.stats.permutation_test` of `scipy.stats.brunnermunzel` would take hours.
    """
    found = [_ranks(x, y) for x, y in zip(*pairs, strict=True)]
    return np.array([p for p, _ in found]), np.array([p for _, p in found])


def _ranks(x: Floats, y: Floats) -> tuple[float, float]:
    n, z = len(x), np.concatenate([x, y])
    above = np.where(z[:, None] == z[None, :], 0.5, z[:, None] > z[None, :])
    p = _tails(_brunner_munzel(above, _labels(n, len(y))))
    share = float(above[:n, n:].mean())
    return max(p[0], _guard(share, n)), max(p[1], _guard(1 - share, n))


def _guard(share: float, n: int) -> float:
    """The chance of so large a share of heads among n; 0 where it is below 2.5 %."""
    chance = float(stats.binom.sf(np.ceil(n * share - TOLERANCE) - 1, n, 0.5))
    return chance if chance > 0.025 else 0.0


def _brunner_munzel(above: Floats, labels: Floats) -> Floats:
    n, m = labels[0].sum(), len(above) - labels[0].sum()
    # Placements: how many runs of the other arm each run is above.
    first, second = (labels @ above.T), ((1 - labels) @ above.T)
    of_x, of_y = labels * second / m, (1 - labels) * first / n
    mean = of_x.sum(axis=1) / n
    variance = ((of_x**2).sum(axis=1) / n - mean**2) / (n - 1) + (
        (of_y**2).sum(axis=1) / m - (1 - mean) ** 2
    ) / (m - 1)
    found: Floats = (mean - 0.5) / np.sqrt(np.maximum(variance, TOLERANCE))
    return found


def log_rank(pairs: Pairs) -> Pairs:
    """p-values (studies) of a ratio of times above, and below, the margin, by relabelling."""
    labels = _labels(pairs[0].shape[1], pairs[1].shape[1])
    found = [_tails(labels @ _scores(x, y)) for x, y in zip(*pairs, strict=True)]
    return np.array([p for p, _ in found]), np.array([p for _, p in found])


def _scores(x: Floats, y: Floats) -> Floats:
    """Log-rank scores: 1 if reached, less the cumulative hazard of both arms up to then."""
    times = np.round(np.concatenate([x * RATIO, y]) / HORIZON, 9)
    reached = times <= 1
    times = np.where(reached, times, 1.0)
    at_risk = (times[None, :] >= times[:, None]).sum(axis=1)
    before = reached[None, :] & (times[None, :] <= times[:, None])
    scores: Floats = reached - np.where(before, 1 / at_risk[None, :], 0.0).sum(axis=1)
    return scores


def barnard(pairs: Pairs) -> Pairs:
    """p-values (studies) of a share above, and below, the other; exact and unconditional."""
    n = pairs[0].shape[1]
    counts = [(int(x.sum()), int(y.sum())) for x, y in zip(*pairs, strict=True)]
    found = np.array([(_barnard(k, j, n), _barnard(j, k, n)) for k, j in counts])
    return found[:, 0], found[:, 1]


@cache
def _barnard(k: int, j: int, n: int) -> float:
    if k <= j:
        return 1.0
    table = [[k, j], [n - k, n - j]]
    return float(stats.barnard_exact(table, alternative="greater").pvalue)


@cache
def _labels(n: int, m: int) -> Floats:
    """Which runs are the first arm's (B, n + m), the first row as they were observed."""
    if comb(n + m, n) <= 2 * RELABELLINGS:
        chosen = np.array(list(combinations(range(n + m), n)))
    else:
        chosen = np.random.default_rng(0).random((RELABELLINGS, n + m)).argsort(axis=1)[:, :n]
        chosen[0] = np.arange(n)
    rows = np.zeros((len(chosen), n + m))
    np.put_along_axis(rows, chosen, 1.0, axis=1)
    return rows


def _tails(statistics: Floats) -> tuple[float, float]:
    slack = TOLERANCE * max(1.0, abs(statistics[0]))
    return (
        float(np.mean(statistics >= statistics[0] - slack)),
        float(np.mean(statistics <= statistics[0] + slack)),
    )


def holm(p: Floats, alpha: float) -> Floats:
    """Which claims (m) are decided by Holm's procedure, 1 or 0."""
    order = np.argsort(p)
    passed = p[order] <= alpha / (len(p) - np.arange(len(p)))
    decided = np.zeros(len(p))
    decided[order[: len(p) if passed.all() else int(np.argmin(passed))]] = 1
    return decided
