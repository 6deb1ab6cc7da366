"""Inference over a specification curve: right p-values, and a level that is kept."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from assay.claims.statistics.curve import curve_test


@pytest.mark.parametrize(("n", "m"), [(3, 3), (4, 4), (2, 3)])
def test_p_values_are_those_of_all_relabellings(n: int, m: int) -> None:
    """Held against loops over every way to choose the first arm's blocks."""
    rng = np.random.default_rng(n)
    for _ in range(5):
        values = rng.integers(0, 2, (n + m, 7)).astype(float)
        found = curve_test(values, n)
        means, above, below = [], [], []
        for chosen in combinations(range(n + m), n):
            rest = [i for i in range(n + m) if i not in chosen]
            effects = values[list(chosen)].mean(axis=0) - values[rest].mean(axis=0)
            mean = np.mean(effects).round(9)
            means.append(mean)
            above.append((np.sum(effects > 1e-9), mean))
            below.append((np.sum(effects < -1e-9), -mean))
        higher = np.mean([each >= means[0] - 1e-9 for each in means])
        lower = np.mean([each <= means[0] + 1e-9 for each in means])
        assert found.mean == pytest.approx((higher, lower))
        # More universes on the side, and of as many the larger mean.
        assert found.share[0] == pytest.approx(np.mean([each >= above[0] for each in above]))
        assert found.share[1] == pytest.approx(np.mean([each >= below[0] for each in below]))
        assert found.relabellings == len(means)
        assert found.exact
        assert min(*found.mean, *found.share) >= found.floor == 1 / len(means)


def test_universes_that_share_their_runs_add_no_evidence() -> None:
    """One universe, and the same one a hundred times."""
    values = np.array([1.0, 1, 1, 0, 0, 1])[:, None]
    once = curve_test(values, 3)
    often = curve_test(values.repeat(100, axis=1), 3)
    assert often == once
    table = stats.fisher_exact([[3, 0], [1, 2]], alternative="greater")
    assert once.mean[0] == pytest.approx(table.pvalue)


def _rates(blocks, n: int, studies: int = 1_500) -> tuple[float, float]:
    """How often p of the mean and of the share is at most the least that it can be."""
    hits = np.zeros(2)
    for study in range(studies):
        values = blocks(np.random.default_rng([7, study]))
        found = curve_test(values, n)
        hits += [found.mean[0] <= found.floor + 1e-9, found.share[0] <= found.floor + 1e-9]
    return float(hits[0]) / studies, float(hits[1]) / studies


def test_the_level_is_kept_where_the_arms_are_alike() -> None:
    """12 universes of outcomes that hang together within a block: p = 1/20 in at most 1 of 20."""

    def blocks(rng):
        ability = rng.normal(size=(6, 1))
        return (ability + rng.normal(size=(6, 12)) > rng.normal(size=12)).astype(float)

    mean, share = _rates(blocks, 3)
    # Ties among relabellings make it less often; the standard error is 0.6 points.
    assert mean < 0.05 + 0.012
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

    mean, share = _rates(blocks, 3)
    assert mean < 0.07
    assert share < 0.07


def test_a_difference_is_found() -> None:
    def blocks(rng):
        chance = np.where(np.arange(6)[:, None] < 3, 0.9, 0.2)
        return (rng.random((6, 12)) < chance).astype(float)

    mean, share = _rates(blocks, 3, studies=300)
    assert mean > 0.8
    assert share > 0.8


def test_blocks_that_never_meet_come_to_the_least_p() -> None:
    """A mislabelled block leaves the median of 64 universes where it was, and not the mean."""
    values = np.zeros((6, 64))
    values[:3] = 1
    values[:3, :60] += np.random.default_rng(0).random((3, 60))
    found = curve_test(values, 3)
    assert found.mean[0] == found.share[0] == found.floor == 1 / 20


def test_many_relabellings_are_drawn_and_say_so() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(16, 3))
    values[:8] += 3
    found = curve_test(values, 8)
    assert not found.exact
    assert found.relabellings == 1_000
    assert found.mean[0] == found.floor == 0.001
