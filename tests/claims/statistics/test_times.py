"""The log-rank test of times."""

import itertools

import numpy as np
import pytest
from scipy import stats

from assay.claims.statistics import time_test
from assay.claims.statistics.times import _scores, time_p_values

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
