"""The tests that are run beside, held to SciPy's and to what is known of them."""

import numpy as np
import pytest
from scipy import stats

from tools.calibrating import old
from tools.calibrating.times_and_shares import HORIZON, Times


def test_welch_is_scipys() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 3, 6))
    above, below = old.welch((x, y))
    for row in range(3):
        two_sided = stats.ttest_ind(x[row], y[row], equal_var=False).pvalue
        assert 2 * min(above[row], below[row]) == pytest.approx(two_sided)


def test_ranks_are_the_permuted_brunner_munzel_test_of_scipy() -> None:
    # So far apart that the guard of the test does not bind.
    x, y = np.random.default_rng(1).normal([[[1.6]], [[0.0]]], 1, size=(2, 1, 6))

    def statistic(a: np.ndarray, b: np.ndarray) -> float:
        # SciPy's has the other sign: it is large where the second arm is.
        return -float(stats.brunnermunzel(a, b, distribution="normal").statistic)

    with np.errstate(divide="ignore"):
        found = stats.permutation_test(
            (x[0], y[0]), statistic, vectorized=False, alternative="greater", n_resamples=np.inf
        )
    above, below = old.ranks((x, y))
    assert above[0] == pytest.approx(found.pvalue)
    assert 1 / 924 < above[0] < 0.025 < below[0]


def test_ranks_are_guarded_where_one_arm_never_varies() -> None:
    constant, split = np.zeros((1, 5)), np.ones((1, 5))
    above, below = old.ranks((split, constant))
    assert above[0] == pytest.approx(1 / 32)
    assert below[0] == 1


def test_log_rank_is_near_scipys_where_there_are_many_runs() -> None:
    x, y = Times(600, 2.0)(np.random.default_rng(2), 1, 12)
    above, below = old.log_rank((x, y))
    samples = [
        stats.CensoredData.right_censored(np.minimum(t, HORIZON), t > HORIZON)
        for t in (x[0] * 1.25, y[0])
    ]
    reference = stats.logrank(*samples, alternative="greater").pvalue
    assert min(above[0], below[0]) == pytest.approx(min(reference, 1 - reference), abs=0.03)
    assert above[0] < below[0]


def test_barnard_is_scipys_in_the_direction_of_the_difference() -> None:
    x, y = np.array([[1.0, 1, 1, 1, 0]]), np.array([[0.0, 0, 1, 0, 0]])
    above, below = old.barnard((x, y))
    assert above[0] == pytest.approx(stats.barnard_exact([[4, 1], [1, 4]], "greater").pvalue)
    assert below[0] == 1


def test_holm_stops_at_the_first_that_does_not_pass() -> None:
    assert old.holm(np.array([0.01, 0.04, 0.02]), 0.05).tolist() == [1, 1, 1]
    assert old.holm(np.array([0.001, 0.04, 0.03]), 0.05).tolist() == [1, 0, 0]
    assert old.holm(np.array([0.2, 0.001, 0.04]), 0.05).tolist() == [0, 1, 0]
    assert old.holm(np.array([0.2]), 0.05).tolist() == [0]
