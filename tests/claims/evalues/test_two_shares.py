import math
from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assay.claims.evalues import MOST_EVIDENCE, two_shares
from tests.claims.evalues.nodes import means_of_next

Pair = tuple[bool, bool]
PAIRS = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=12)
MARGINS = st.floats(-0.9, 0.9, allow_subnormal=False)
CELLS: tuple[Pair, ...] = ((True, True), (True, False), (False, True), (False, False))


def evidence(pairs: Sequence[Pair], margin: float) -> float:
    """Of pairs, solved or not, of the arm that is claimed to be the better and of the other."""
    return two_shares(
        sum(a > b for a, b in pairs), sum(a < b for a, b in pairs), len(pairs), margin
    )


def _null_distributions(margin: float, parts: int = 10) -> list[dict[Pair, float]]:
    """Every joint distribution of (a, b) on a grid with E[a - b] ≤ margin, however dependent."""
    found = []
    for counts in product(range(parts + 1), repeat=3):
        if sum(counts) > parts:
            continue
        chances = [count / parts for count in (*counts, parts - sum(counts))]
        if chances[1] - chances[2] <= margin + 1e-12:
            found.append(dict(zip(CELLS, chances, strict=True)))
    return found


@pytest.mark.parametrize("margin", [-0.5, -0.1, 0.0, 0.1, 0.3])
def test_no_joint_distribution_of_the_null_gives_a_mean_above_the_past(margin: float) -> None:
    # Evidence is a product within each stake, so that two seeds of every past are all there is.
    for chances in _null_distributions(margin):
        for past, later in means_of_next(lambda p: evidence(p, margin), chances, 2):
            assert later <= past * (1 + 1e-9)


@pytest.mark.parametrize("margin", [-0.2, 0.1])
def test_at_the_boundary_means_are_one_up_to_six_seeds(margin: float) -> None:
    # As unlike as can be: never both, never neither.
    chances = {(True, False): (1 + margin) / 2, (False, True): (1 - margin) / 2}
    for past, later in means_of_next(lambda p: evidence(p, margin), chances, 6):
        assert later == pytest.approx(past, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("margin", [-0.5, -0.1, 0.0, 0.1, 0.3])
def test_over_all_outcomes_of_up_to_eight_seeds_no_mean_is_above_one(margin: float) -> None:
    nulls = {(each[True, False], each[False, True]) for each in _null_distributions(margin)}
    for seeds in range(1, 9):
        counts = [(a, b, seeds - a - b) for a in range(seeds + 1) for b in range(seeds + 1 - a)]
        found = [two_shares(won, lost, seeds, margin) for won, lost, _ in counts]
        for a, b in nulls:
            weights = stats.multinomial.pmf(counts, seeds, [a, b, 1 - a - b])
            assert float(weights @ found) <= 1 + 1e-9


@pytest.mark.parametrize("dependence", [-1, 0, 1])
def test_watched_for_sixty_seeds_it_is_rarely_wrong(dependence: int) -> None:
    rng = np.random.default_rng(1)
    wrong = 0
    for _ in range(1_000):
        u = rng.random(60)
        v = {-1: 1 - u, 0: rng.random(60), 1: u}[dependence]
        d = (u < 0.55).astype(int) - (v < 0.45)
        pairs = [(value > 0, value < 0) for value in d.tolist()]
        wrong += any(evidence(pairs[:n], 0.1) >= 20 for n in range(5, 61, 5))
    assert wrong / 1_000 <= 0.05


def test_what_pairs_are_worth() -> None:
    assert evidence([(True, False)] * 5, 0.1) < 20
    assert 25 < evidence([(True, False)] * 6, 0.1) < 30
    assert evidence([(True, False)] * 10, 0.1) > 200
    assert evidence([], 0.1) == 1
    assert evidence([(True, False)] * 5_000, 0.1) == pytest.approx(MOST_EVIDENCE)
    assert 0 <= evidence([(False, True)] * 5_000, 0.1) < 1e-100


def test_one_pair_that_disagrees_does_not_end_it() -> None:
    pairs = [(True, False)] * 15
    assert 20 < evidence([*pairs, (False, True)], 0.1) < evidence(pairs, 0.1)


@given(PAIRS, MARGINS, MARGINS)
def test_a_wider_margin_is_harder_to_show_where_all_agree(
    pairs: list[Pair], one: float, other: float
) -> None:
    low, high = sorted((one, other))
    agreed = [(True, False)] * len(pairs)
    assert evidence(agreed, high) <= evidence(agreed, low) * (1 + 1e-9)


@given(PAIRS, MARGINS)
def test_a_better_pair_is_more_evidence(pairs: list[Pair], margin: float) -> None:
    in_order = [evidence([*pairs, z], margin) for z in ((False, True), (True, True), (True, False))]
    assert in_order == sorted(in_order)
    assert min(in_order) >= 0


@pytest.mark.parametrize("margin", [-1.0, 1.0, 1.5, math.nan])
def test_a_margin_that_cannot_be_exceeded_is_refused(margin: float) -> None:
    with pytest.raises(ValueError, match="within -1 and 1"):
        evidence([(True, False)], margin)


@pytest.mark.parametrize("counts", [(-1, 0, 3), (0, -1, 3), (2, 2, 3)])
def test_counts_that_do_not_add_up_are_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="of 3 seeds"):
        two_shares(*counts, 0.1)
