"""Inference over a specification curve: right p-values, and a level that is kept."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assay.claims.statistics import curve_test, median_effect, time_effects, time_test
from assay.claims.statistics.permutation import Floats

TIMES = st.lists(st.sampled_from([25.0, 50.0, 75.0, 200.0, 400.0, np.inf]), min_size=2, max_size=4)


def _differences(values_NU: Floats, labels_BN: Floats) -> Floats:
    first = labels_BN.sum(axis=1, keepdims=True)
    second = (1 - labels_BN).sum(axis=1, keepdims=True)
    return labels_BN @ values_NU / first - (1 - labels_BN) @ values_NU / second


@pytest.mark.parametrize(("n", "m"), [(3, 3), (4, 4), (2, 3)])
def test_p_values_are_those_of_all_relabellings(n: int, m: int) -> None:
    """Held against loops over every way to choose the first arm's blocks."""
    rng = np.random.default_rng(n)
    for _ in range(5):
        values = rng.integers(0, 2, (n + m, 7)).astype(float)
        found = curve_test(lambda labels: _differences(values, labels), n, m)  # noqa: B023
        medians, above, below = [], [], []
        for chosen in combinations(range(n + m), n):
            rest = [i for i in range(n + m) if i not in chosen]
            effects = values[list(chosen)].mean(axis=0) - values[rest].mean(axis=0)
            median = np.median(effects).round(9)
            medians.append(median)
            above.append((np.sum(effects > 1e-9), median))
            below.append((np.sum(effects < -1e-9), -median))
        higher = np.mean([each >= medians[0] - 1e-9 for each in medians])
        lower = np.mean([each <= medians[0] + 1e-9 for each in medians])
        assert found.median == pytest.approx((higher, lower))
        # More universes on the side, and of as many the larger median.
        assert found.share[0] == pytest.approx(np.mean([each >= above[0] for each in above]))
        assert found.share[1] == pytest.approx(np.mean([each >= below[0] for each in below]))
        assert found.relabellings == len(medians)
        assert found.exact
        assert min(*found.median, *found.share) >= found.floor == 1 / len(medians)


def test_universes_that_share_their_runs_add_no_evidence() -> None:
    """One universe, and the same one a hundred times."""
    values = np.array([1.0, 1, 1, 0, 0, 1])[:, None]
    once = curve_test(lambda labels: _differences(values, labels), 3, 3)
    often = curve_test(lambda labels: _differences(values.repeat(100, axis=1), labels), 3, 3)
    assert often == once
    table = stats.fisher_exact([[3, 0], [1, 2]], alternative="greater")
    assert once.median[0] == pytest.approx(table.pvalue)


def _rates(blocks, effects, n: int, studies: int = 1_500) -> tuple[float, float]:
    """How often p of the median and of the share is at most the least that it can be."""
    hits = np.zeros(2)
    for study in range(studies):
        values = blocks(np.random.default_rng([7, study]))
        found = curve_test(lambda labels: effects(values, labels), n, n)  # noqa: B023
        hits += [found.median[0] <= found.floor + 1e-9, found.share[0] <= found.floor + 1e-9]
    return float(hits[0]) / studies, float(hits[1]) / studies


def test_the_level_is_kept_where_the_arms_are_alike() -> None:
    """12 universes of outcomes that hang together within a block: p = 1/20 in at most 1 of 20."""

    def blocks(rng):
        ability = rng.normal(size=(6, 1))
        return (ability + rng.normal(size=(6, 12)) > rng.normal(size=12)).astype(float)

    median, share = _rates(blocks, _differences, 3)
    # Ties among relabellings make it less often; the standard error is 0.6 points.
    assert median < 0.05 + 0.012
    assert share < 0.05 + 0.012
    assert share > 0.005


@pytest.mark.parametrize("alike", [0.0, 1.0, 3.0])
def test_the_level_is_nearly_kept_where_one_arm_lacks_choices(alike: float) -> None:
    """64 universes, of which the second arm's runs serve 2 or 4: each is alike, and no block is.

    `alike` is how much the outcomes of a block hang together, in units of their own spread.
    """
    served = np.arange(64) % 32 % 24  # which of 24 runs the second arm has for a universe

    def blocks(rng):
        hard = 1.5 * rng.normal(size=24)[served]
        first = rng.normal(size=(3, 64))
        second = rng.normal(size=(3, 24))[:, served]
        ability = alike * rng.normal(size=(6, 1))
        return (ability + np.concatenate([first, second]) > hard).astype(float)

    median, share = _rates(blocks, _differences, 3)
    assert median < 0.07
    assert share < 0.07


def test_a_difference_is_found() -> None:
    def blocks(rng):
        chance = np.where(np.arange(6)[:, None] < 3, 0.9, 0.2)
        return (rng.random((6, 12)) < chance).astype(float)

    median, share = _rates(blocks, _differences, 3, studies=300)
    assert median > 0.8
    assert share > 0.8


@given(x=TIMES, y=TIMES)
def test_ratios_of_many_arms_are_those_of_each(x: list[float], y: list[float]) -> None:
    """The ratio at which the log-rank statistic of scipy changes its sign."""
    one, other = np.array(x), np.array(y)
    stacked = time_effects(np.stack([one, one[::-1]]), np.stack([other, other]), 400.0)
    alone = time_test(one, other, 400.0, 1.25).effect
    np.testing.assert_array_equal(stacked, [alone, alone])
    swapped = time_effects(other, one, 400.0)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(swapped, 1 / np.array(alone), rtol=1e-9)
    if np.isfinite(alone) and alone > 0:
        assert _log_rank(one * alone * 0.98, other, 400.0 * min(1, alone * 0.98)) >= -1e-9
        assert _log_rank(one * alone * 1.02, other, 400.0 * min(1, alone * 1.02)) <= 1e-9


def _log_rank(x: Floats, y: Floats, until: float) -> float:
    """O − E of the first arm, event by event."""
    total = 0.0
    for time in np.unique([t for t in [*x, *y] if t <= until]):
        dead_x, dead = np.sum(x == time), np.sum(x == time) + np.sum(y == time)
        at_risk_x, at_risk = np.sum(x >= time), np.sum(x >= time) + np.sum(y >= time)
        total += dead_x - dead * at_risk_x / at_risk
    return float(total)


@pytest.mark.parametrize(
    ("effects", "median"),
    [
        ([1.0, 2.0, 4.0], 2.0),
        ([1.0, 2.0], 1.5),
        ([1.0, np.inf], 1.0),
        ([-np.inf, 3.0], 3.0),
        ([-np.inf, np.inf], 0.0),
        ([np.inf, np.inf, 0.0], np.inf),
    ],
)
def test_medians_of_effects_that_may_be_infinite(effects: list[float], median: float) -> None:
    assert median_effect(np.array(effects)) == median


def test_many_relabellings_are_drawn_and_say_so() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(16, 3))
    values[:8] += 3
    found = curve_test(lambda labels: _differences(values, labels), 8, 8)
    assert not found.exact
    assert found.relabellings == 1_000
    assert found.median[0] == found.floor == 0.001
