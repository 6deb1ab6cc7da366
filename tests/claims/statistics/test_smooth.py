"""Student's and Welch's t against scipy and known data."""

import numpy as np
import pytest
from scipy import stats

from assay.claims.statistics import t_test, welch_test


def test_welch_is_scipys_with_its_interval() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(2, 1, 5), rng.normal(0, 3, 6)
    found = welch_test(x, y, 0.5)
    theirs = stats.ttest_ind(x, y + 0.5, equal_var=False, alternative="greater")
    assert found.p_supported == pytest.approx(theirs.pvalue)
    assert found.p_refuted == pytest.approx(1 - theirs.pvalue)
    interval = stats.ttest_ind(x, y, equal_var=False).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx(tuple(interval))


def test_students_sleep_data() -> None:
    # Student (1908); R's t.test(extra ~ group, paired = TRUE): t = 4.0621, p = 0.002833,
    # 0.7001142 to 2.4598858, mean 1.58.
    first = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    second = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    paired = t_test(second - first, 0.0)
    assert 2 * paired.p_supported == pytest.approx(0.002833, abs=1e-6)
    assert (paired.low, paired.high) == pytest.approx((0.7001142, 2.4598858), abs=1e-6)
    # R's t.test(extra ~ group): t = 1.8608, df = 17.776, p = 0.07939.
    assert 2 * welch_test(second, first, 0.0).p_supported == pytest.approx(0.07939, abs=1e-5)


def test_values_without_any_spread_are_left_to_the_exact_test() -> None:
    found = t_test([0.0] * 5, 0.1)
    assert found.method == "sign test"
    assert found.p_refuted == 0.5**5
    assert "rank" in welch_test([1.0] * 5, [0.0] * 5, 0.1).method


def test_a_missing_value_leaves_a_t_test_undecided() -> None:
    found = welch_test([5.0, 6.0, 7.0, np.nan], [0.0, 1.0, 2.0, 1.0], 0.0)
    assert (found.p_supported, found.p_refuted) == (1, 1)
    assert found.effect == 5
    assert (found.low, found.high) == (-np.inf, np.inf)
