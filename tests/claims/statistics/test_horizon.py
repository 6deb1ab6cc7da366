"""The fit of a horizon: against an independent search, in the cases without a maximum, coverage."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from assay.claims.statistics.horizon import HorizonFit, fit_horizon

LENGTHS = (5, 10, 20, 40, 80)
INF = math.inf
economical = settings(max_examples=15, deadline=None)


def fit(solved: Sequence[int], runs: int = 8) -> HorizonFit:
    return fit_horizon(LENGTHS, solved, [runs] * len(solved))


counts = st.lists(st.integers(0, 8), min_size=5, max_size=5)


@pytest.mark.parametrize(
    ("solved", "low", "high"),
    [
        ([8, 8, 8, 0, 0], 20, 40),
        ([8, 0, 0, 0, 0], 5, 10),
        ([8, 8, 8, 8, 0], 40, 80),
    ],
)
def test_complete_separation_gives_the_gap(solved: list[int], low: float, high: float) -> None:
    """Any horizon between the two lengths is as likely; one just below the lower is not ruled out:
    with 80 % solved there, all 8 are solved in one case of six."""
    found = fit(solved)
    assert low < found.estimate < high
    assert (found.low == 0 and low == 5) or 0.9 * low < found.low < low
    assert found.high == pytest.approx(high, rel=0.01)


def test_all_or_none_solved_is_open_at_one_end() -> None:
    every, none = fit([8] * 5), fit([0] * 5)
    assert every.estimate == every.high == INF
    assert 60 < every.low < 80
    assert none == HorizonFit(0.0, 0.0, pytest.approx(5.0))
    # 40 runs of which all are solved rule out that only 80 % are, at any length tried.
    assert fit([40] * 5, 40) == HorizonFit(INF, pytest.approx(80.0), INF)


def test_runs_that_tell_nothing_say_so() -> None:
    assert (fit([6, 7, 6, 7, 6]).low, fit([6, 7, 6, 7, 6]).high) == (0, INF)
    one = fit_horizon((5, 10), (1, 0), (1, 1))
    assert (one.low, one.high) == (0, INF)


def test_it_is_the_profile_of_the_likelihood() -> None:
    """An overlapping case, where the maximum exists, by a plain search for it."""
    solved, n, x = np.array([8, 7, 5, 2, 0]), 8, np.log(LENGTHS)

    def loss(a: float, b: float) -> float:
        p = 1 / (1 + np.exp(-(a - b * x)))
        return -float(stats.binom.logpmf(solved, n, p).sum())

    best = optimize.minimize(lambda ab: loss(*ab), (8.0, 3.0), method="Nelder-Mead").fun
    found = fit(solved.tolist())
    for end in (found.low, found.high):
        at = optimize.minimize_scalar(
            lambda b, end=end: loss(math.log(0.8 / 0.2) + b * math.log(end), b), bounds=(0.1, 30)
        ).fun
        assert 2 * (at - best) == pytest.approx(stats.chi2.ppf(0.95, 1), abs=0.01)
    assert found.low < found.estimate < found.high


def test_many_runs_find_the_horizon() -> None:
    p = 1 / (1 + np.exp(-(math.log(4) - 2.5 * (np.log(LENGTHS) - math.log(27)))))
    found = fit([round(4000 * share) for share in p], 4000)
    assert found.estimate == pytest.approx(27, rel=0.02)
    assert 25.5 < found.low < 27 < found.high < 28.5


@given(solved=counts)
@economical
def test_the_interval_holds_the_estimate(solved: list[int]) -> None:
    found = fit(solved)
    assert found.low <= found.estimate <= found.high
    for end in (found.low, found.estimate, found.high):
        assert end in (0, INF) or 4.999 <= end <= 80.001


@given(solved=counts, factor=st.floats(0.1, 50))
@economical
def test_it_follows_the_unit_of_length(solved: list[int], factor: float) -> None:
    scaled = fit_horizon([factor * length for length in LENGTHS], solved, [8] * 5)
    one, other = vars(fit(solved)), vars(scaled)
    for name, value in one.items():
        assert other[name] == pytest.approx(factor * value, rel=1e-3)


@pytest.mark.parametrize(
    ("lengths", "solved", "runs"),
    [
        ([5], [1], [1]),
        ([5, 5], [1, 1], [1, 1]),
        ([10, 5], [1, 1], [1, 1]),
        ([5, 10], [2, 1], [1, 1]),
        ([5, 10], [0, 0], [0, 1]),
        ([0, 10], [0, 0], [1, 1]),
        ([5, 10], [0], [1, 1]),
    ],
)
def test_what_cannot_be_fitted_is_refused(
    lengths: list[float], solved: list[int], runs: list[int]
) -> None:
    with pytest.raises(ValueError, match=r"two or more, ascending|not possible"):
        fit_horizon(lengths, solved, runs)


@pytest.mark.parametrize("slope", [2.0, 8.0, 30.0])
def test_the_interval_covers_the_horizon(slope: float) -> None:
    """From curves that fall over all lengths to steps; 95 % and two standard errors of 40 cases."""
    rng = np.random.default_rng(int(slope))
    known: dict[tuple[int, ...], HorizonFit] = {}
    held = 0
    cases = 40
    for _ in range(cases):
        horizon = math.exp(rng.uniform(math.log(5), math.log(80)))
        logits = math.log(4) - slope * (np.log(LENGTHS) - math.log(horizon))
        solved = tuple(int(k) for k in rng.binomial(8, 1 / (1 + np.exp(-logits))))
        if solved not in known:
            known[solved] = fit(solved)
        held += known[solved].low <= horizon <= known[solved].high
    assert held / cases >= 0.95 - 2 * math.sqrt(0.95 * 0.05 / cases)
