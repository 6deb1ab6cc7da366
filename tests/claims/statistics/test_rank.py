"""The exact rank test against enumeration, scipy, and what is known of it."""

import itertools
import warnings
from math import comb

import numpy as np
import pytest
from scipy import stats

from assay.claims.statistics import rank_floor, rank_test
from assay.claims.statistics.permutation import EXACT_UP_TO, labels, tails
from assay.claims.statistics.rank import rank_p_values


def _by_hand(x: list[float], y: list[float], margin: float) -> tuple[float, float]:
    """p-values by a loop over every relabelling, with scipy's own Brunner-Munzel statistic.

    No less than the chance of as many heads in as many tosses as the smaller arm has runs.
    """
    pooled = [*(value - margin for value in x), *y]
    found = []
    for chosen in itertools.combinations(range(len(pooled)), len(x)):
        first = [pooled[index] for index in chosen]
        second = [pooled[index] for index in range(len(pooled)) if index not in chosen]
        found.append(_brunner_munzel(first, second))
    observed, coins = found[0], min(len(x), len(y))
    gaps = [a - margin - b for a in x for b in y]
    share = np.mean([0.5 if abs(gap) < 1e-9 else gap > 0 for gap in gaps])
    heads = [
        sum(comb(coins, k) for k in range(coins + 1) if k >= coins * each - 1e-9) / 2**coins
        for each in (share, 1 - share)
    ]
    least = [each if each > 0.025 else 0 for each in heads]
    return (
        max(least[0], np.mean([value >= observed - 1e-9 for value in found])),
        max(least[1], np.mean([value <= observed + 1e-9 for value in found])),
    )


def _brunner_munzel(first: list[float], second: list[float]) -> float:
    if min(first) > max(second):
        return np.inf
    if max(first) < min(second):
        return -np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = stats.brunnermunzel(second, first).statistic  # its sign is that of the second
    return 0.0 if np.isnan(value) else float(value)


@pytest.mark.parametrize("margin", [-0.5, 0.0, 0.3])
def test_p_values_are_those_of_every_relabelling(margin: float) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(0.4, 1, 6).round(1), rng.normal(0, 2, 6).round(1)
    found = rank_p_values(x, y, margin)
    assert found == pytest.approx(_by_hand(x.tolist(), y.tolist(), margin))


def test_tails_are_those_of_scipys_permutation_test() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(0.5, 1, 5), rng.normal(0, 1, 6)
    ours = tails(labels(5, 6) @ np.concatenate([x, y]))
    for tail, way in zip(ours, ("greater", "less"), strict=True):
        theirs = stats.permutation_test(
            (x, y),
            lambda a, b, axis: a.sum(axis),
            vectorized=True,
            n_resamples=np.inf,
            alternative=way,
        )
        assert tail == pytest.approx(theirs.pvalue)


@pytest.mark.parametrize(("n", "m"), [(8, 8), (6, 9), (5, 8)])
def test_the_floor_is_one_of_all_relabellings(n: int, m: int) -> None:
    found = rank_test(np.arange(n) + 100.0, np.arange(m), 0.0)
    assert found.p_supported == rank_floor(n, m)
    assert rank_floor(n, m) == max(1 / comb(n + m, n), 0.5**5 if n == 5 else 0)
    assert found.p_refuted == 1


def test_eight_against_eight_can_give_what_five_cannot() -> None:
    assert 2 * rank_floor(8, 8) == pytest.approx(0.00016, abs=5e-6)
    assert 2 / comb(10, 5) == pytest.approx(0.008, abs=1e-4)
    assert 2 * rank_floor(5, 5) > 0.05


def test_an_arm_that_never_varies_against_one_evenly_around_it() -> None:
    for n in range(3, 17):
        wrong = 0.0
        for k in range(n + 1):
            p = rank_p_values(np.zeros(n), np.array([-1.0] * k + [1.0] * (n - k)), 0.0)
            wrong += comb(n, k) / 2**n * (2 * min(p) <= 0.05)
        assert wrong <= 0.05, n


def test_many_runs_are_relabelled_at_random_and_p_is_never_zero() -> None:
    assert comb(40, 20) > EXACT_UP_TO
    found = rank_test(np.arange(20) + 100.0, np.arange(20), 0.0)
    assert found.p_supported == rank_floor(20, 20) == 1 / len(labels(20, 20))


def test_effect_and_interval_are_of_pairwise_differences() -> None:
    x, y = np.array([1.0, 2.0, 4.0, 7.0, 8.0, 9.0]), np.array([0.0, 0.5, 1.5, 3.0, 3.5, 5.0])
    found = rank_test(x, y, 0.0)
    differences = (x[:, None] - y).ravel()
    assert found.effect == np.median(differences)
    assert {found.low, found.high} <= set(differences)


def test_saturated_arms_are_no_difference_that_matters() -> None:
    found = rank_test(np.ones(8), np.ones(8), 0.005)
    assert (found.effect, found.low, found.high) == (0, 0, 0)
    assert found.p_refuted == rank_floor(8, 8)


def test_a_shift_by_the_margin_makes_ties_despite_rounding() -> None:
    y = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
    assert rank_p_values(y + 0.1, y, 0.1) == pytest.approx(rank_p_values(y, y, 0.0))


def test_a_run_without_a_value_speaks_against_either_verdict() -> None:
    x, y = np.array([9.0, 9.1, 9.2, 9.3, 9.4, np.nan]), np.arange(6.0)
    found = rank_test(x, y, 0.0)
    lowest, highest = x.copy(), x.copy()
    lowest[-1], highest[-1] = -100, 100
    assert found.p_supported == rank_p_values(lowest, y, 0.0)[0]
    assert found.p_refuted == rank_p_values(highest, y, 0.0)[1]
    assert found.p_supported > rank_p_values(x[:-1], y, 0.0)[0]


def test_an_arm_without_any_value_gives_no_verdict() -> None:
    found = rank_test(np.full(6, np.nan), np.arange(6.0), 0.0)
    assert np.isnan(found.effect)
    assert min(found.p_supported, found.p_refuted) > 0.5
