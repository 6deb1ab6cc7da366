"""Times, means, medians, and what stands beside a test."""

import itertools

import numpy as np
import pytest
from scipy import stats

from assay.claims.statistics import (
    bca_interval,
    holm,
    interquartile_mean,
    sign_test,
    t_test,
    time_test,
    welch_test,
)
from assay.claims.statistics.times import _scores, time_p_values
from assay.statements.trial import equivalent

NEVER = np.inf


def test_log_rank_scores_sum_to_scipys_statistic() -> None:
    rng = np.random.default_rng(3)
    x, y = np.ceil(rng.exponential(500, 12) / 50) * 50, np.ceil(rng.exponential(900, 10) / 50) * 50
    x[x > 1000], y[y > 1000] = NEVER, NEVER

    def censored(times: np.ndarray) -> stats.CensoredData:
        return stats.CensoredData(times[times <= 1000], right=np.full(sum(times > 1000), 1000.0))

    theirs = stats.logrank(censored(x), censored(y)).statistic
    ours = _scores(x, y, 1000, 1.0)[: len(x)].sum()
    pooled = np.minimum(np.concatenate([x, y]), 1000)
    reached = np.concatenate([x, y]) <= 1000
    variance = 0.0
    for at in np.unique(pooled[reached]):
        risk, first = (pooled >= at).sum(), (pooled[: len(x)] >= at).sum()
        events = (reached & (pooled == at)).sum()
        share = first / risk
        variance += events * share * (1 - share) * (risk - events) / max(1, risk - 1)
    assert abs(ours / np.sqrt(variance)) == pytest.approx(abs(theirs))


def test_times_by_every_relabelling() -> None:
    x, y = np.array([100.0, 200, 300]), np.array([250.0, 400, NEVER])
    scores = _scores(x, y, 500, 1.0)
    sums = [sum(scores[list(each)]) for each in itertools.combinations(range(6), 3)]
    assert time_p_values(x, y, 500, 1.0)[0] == np.mean([each >= sums[0] - 1e-9 for each in sums])


def test_a_multiple_of_the_times_is_the_effect() -> None:
    x = np.array([100.0, 125, 150, 175, 200, 250, 300, 350])
    found = time_test(x, 3 * x, 5_000, 1.25)
    assert found.effect == pytest.approx(3, rel=0.1)
    assert found.low <= 3 <= found.high
    assert found.p_supported < 0.01
    assert time_p_values(x, 3 * x, 5_000, 3.0)[0] > 0.3


def test_what_was_never_reached_bounds_the_ratio_from_below() -> None:
    found = time_test([100.0] * 8, [NEVER] * 8, 1_000, 1.25)
    assert found.effect == found.high == np.inf
    assert 1.25 < found.low <= 10
    swapped = time_test([NEVER] * 8, [100.0] * 8, 1_000, 1.25)
    assert swapped.effect == 0
    assert swapped.p_refuted == found.p_supported
    neither = time_test([NEVER] * 8, [NEVER] * 8, 1_000, 1.25)
    assert np.isnan(neither.effect)
    assert (neither.p_supported, neither.p_refuted) == (1, 1)


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


def test_the_sign_test_counts_signs() -> None:
    found = sign_test([1, 2, 3, 4, 5, 6, 7, -1], 0.0)
    assert found.p_supported == pytest.approx(9 / 256)
    assert (found.effect, found.low, found.high) == (3.5, -1, 7)
    assert sign_test(np.arange(1, 9), 0.0).p_supported == 1 / 256
    assert sign_test([1, 1, 1, np.nan], 0.0).p_supported == pytest.approx(5 / 16)
    assert sign_test([1, 1, 1], 0.0).low == -np.inf


def test_equivalence_is_two_tests() -> None:
    x, y = [1.0, 1.1, 0.9, 1.05, 0.95], [1.02, 1.08, 0.92, 1.01, 0.97]
    found = equivalent(lambda margin: welch_test(x, y, margin), 0.5)
    assert found.p_supported == max(
        welch_test(x, y, -0.5).p_supported, welch_test(x, y, 0.5).p_refuted
    )
    assert found.p_supported < 0.001
    far = equivalent(lambda margin: welch_test(np.add(x, 3), y, margin), 0.5)
    assert far.p_refuted < 0.001 < far.p_supported


def test_holm_by_hand() -> None:
    # R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") is 0.03 0.06 0.06 0.02.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1, 1]
    assert holm([]) == []


def test_bootstrap_only_where_it_can_be_trusted() -> None:
    rng = np.random.default_rng(5)
    x, y = rng.normal(1, 1, 12), rng.normal(0, 1, 12)
    found = bca_interval(x, y)
    assert found is not None
    assert found[0] < interquartile_mean(x) - interquartile_mean(y) < found[1]
    assert bca_interval(x[:9], y) is None
    assert bca_interval(np.ones(12), y) is None
    assert interquartile_mean([0, 1, 2, 3, 4, 5, 6, 1000]) == 3.5
