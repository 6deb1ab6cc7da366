"""Shares of runs: scipy's tests where it has them, published numbers, and enumeration."""

import itertools

import numpy as np
import pytest
from scipy import optimize, stats

from assay.claims.statistics import one_share_test, share_test
from assay.claims.statistics.shares import _scores, exact_share_p, newcombe


@pytest.mark.parametrize(("k", "j"), [(8, 0), (5, 1), (4, 2), (7, 3)])
def test_without_a_margin_it_is_barnards_test(k: int, j: int) -> None:
    theirs = stats.barnard_exact([[k, j], [8 - k, 8 - j]], alternative="greater").pvalue
    assert exact_share_p(k, 8, j, 8, 0.0) == pytest.approx(theirs, rel=2e-3)


def test_newcombes_own_example() -> None:
    # Newcombe (1998), table II, 56/70 against 48/80: method 10 gives 0.0524 to 0.3339.
    assert newcombe((56, 70), (48, 80), 0.95) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_all_against_none_is_a_product_of_two_chances() -> None:
    # Under a difference of δ both extremes are likeliest at shares (1 + δ)/2 and (1 − δ)/2.
    for margin in (0.0, 0.1, 0.3):
        assert exact_share_p(6, 6, 0, 6, margin) == pytest.approx(((1 + margin) / 2) ** 12)


@pytest.mark.parametrize("margin", [-0.1, 0.0, 0.2])
def test_refuting_is_supporting_the_other_way_round(margin: float) -> None:
    for k, j in itertools.product(range(6), range(8)):
        one, other = share_test((k, 5), (j, 7), margin), share_test((j, 7), (k, 5), -margin)
        assert one.p_refuted == pytest.approx(other.p_supported)
        assert one.effect == pytest.approx(-other.effect)
        assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


def test_the_restricted_shares_are_the_likeliest() -> None:
    n, m, margin = 7, 9, 0.15
    scores = _scores(n, m, margin)
    for k, j in itertools.product((1, 4, 6), (2, 5, 8)):

        def unlikely(second: float, k: int = k, j: int = j) -> float:
            first = second + margin
            return -(stats.binom.logpmf(k, n, first) + stats.binom.logpmf(j, m, second))

        best = optimize.minimize_scalar(unlikely, bounds=(1e-9, 1 - margin - 1e-9)).x
        spread = np.sqrt((best + margin) * (1 - best - margin) / n + best * (1 - best) / m)
        assert scores[k, j] == pytest.approx((k / n - j / m - margin) / spread, abs=1e-3)


@pytest.mark.parametrize("margin", [0.0, 0.1])
@pytest.mark.parametrize("n", [3, 5, 8])
def test_false_verdicts_are_at_most_alpha_whatever_the_shares(n: int, margin: float) -> None:
    tables = [(k, j) for k in range(n + 1) for j in range(n + 1)]
    found = [share_test((k, n), (j, n), margin) for k, j in tables]
    wrong = np.array([2 * min(each.p_supported, each.p_refuted) <= 0.05 for each in found])
    for second in np.linspace(0, 1 - margin, 19):
        chance = np.array(
            [stats.binom.pmf(k, n, second + margin) * stats.binom.pmf(j, n, second)
             for k, j in tables]
        )  # fmt: skip
        assert chance[wrong].sum() <= 0.05 + 1e-4


def test_a_decided_share_has_its_interval_beyond_the_margin() -> None:
    for n in (5, 8):
        for k, j in itertools.product(range(n + 1), repeat=2):
            found = share_test((k, n), (j, n), 0.1)
            if found.p_supported <= 0.025:
                assert found.low >= 0.1
            if found.p_refuted <= 0.025:
                assert found.high <= 0.1


def test_both_saturated_tells_nothing() -> None:
    found = share_test((8, 8), (8, 8), 0.1)
    assert found.effect == 0
    assert found.p_refuted > 0.05


def test_one_share_is_the_binomial_test() -> None:
    found = one_share_test((9, 10), 0.5, 0.0)
    assert found.p_supported == pytest.approx(11 / 1024)
    assert found.effect == pytest.approx(0.4)
    # Clopper and Pearson for 9 of 10, as R's binom.test: 0.5549839 to 0.9974714.
    assert (found.low + 0.5, found.high + 0.5) == pytest.approx((0.5549839, 0.9974714), abs=1e-6)
