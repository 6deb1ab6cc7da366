import math
from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.claims.evalues import MOST_EVIDENCE, majority, shift_path
from tests.claims.evalues.nodes import means_of_next

INF = math.inf
SIZES = st.lists(
    st.one_of(st.floats(0, 1e6, allow_subnormal=False), st.sampled_from([0.0, INF, 1e-300, 1e300])),
    max_size=6,
)


def shift(differences: Sequence[float], margin: float) -> float:
    """The evidence after all of the seeds."""
    return shift_path(differences, margin)[-1]


@given(SIZES)
def test_over_all_signs_the_mean_is_one(sizes: list[float]) -> None:
    signed = product((-1, 1), repeat=len(sizes))
    values = [
        shift([s * size for s, size in zip(signs, sizes, strict=True)], 0) for signs in signed
    ]
    assert np.mean(values) == pytest.approx(1, rel=1e-9)


def test_over_all_signs_of_eight_seeds_the_mean_is_one() -> None:
    sizes = [0.3, 1.0, 0.0, 2.5, INF, 1e-3, 40.0, 1.0]
    values = [
        shift([sign * size for sign, size in zip(signs, sizes, strict=True)], 0)
        for signs in product((-1, 1), repeat=8)
    ]
    assert np.mean(values) == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e6])
def test_at_the_boundary_every_mean_of_the_next_is_the_past(scale: float) -> None:
    chances = {0.0: 0.2, 1.0: 0.3, -1.0: 0.3, 7.0: 0.1, -7.0: 0.1}
    scaled = {scale * size: chance for size, chance in chances.items()}
    for past, later in means_of_next(lambda d: shift(d, 0), scaled, 4):
        assert later == pytest.approx(past, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("size", [0.5, 1.0, 3.0, INF])
def test_symmetric_below_the_margin_no_mean_of_the_next_is_above_the_past(size: float) -> None:
    centre = -0.75
    chances = {centre - size: 0.3, centre: 0.2, centre + 0.1: 0.1, centre - 0.1: 0.1}
    chances[centre + size] = 0.3
    for past, later in means_of_next(lambda d: shift(d, 0), chances, 4):
        assert later <= past * (1 + 1e-9)


def test_a_product_by_hand() -> None:
    differences, bets = [3.0, -1.0, 2.0], (0.5, 1, 2, 4)
    scales = [2.0, (2.0 + 2.0) / 2, 2.0]  # |d| = 2, 2, 1 about a margin of 1
    expected = np.mean(
        [
            math.prod(
                math.exp(bet * (d - 1) / s) / math.cosh(bet * (d - 1) / s)
                for d, s in zip(differences, scales, strict=True)
            )
            for bet in bets
        ]
    )
    assert shift(differences, 1) == pytest.approx(expected, rel=1e-12)


def test_five_alike_decide_a_claim_alone() -> None:
    assert shift([2.0] * 5, 1) > 20 > shift([2.0] * 4, 1)


def test_edges() -> None:
    assert shift([], 1) == 1
    assert shift([1.0] * 9, 1) == 1
    assert shift([INF] * 5, 1) == pytest.approx(2**5)
    assert shift([2.0, 3.0, -INF, 5.0], 1) == 0
    assert shift([1.0, 1.0, 1.5], 1) == pytest.approx(2)
    assert shift([INF, INF, 2.0], 1) == pytest.approx(4)
    assert shift([2.0] * 3_000, 1) == pytest.approx(MOST_EVIDENCE)
    with pytest.raises(ValueError, match="no number"):
        shift([1.0, math.nan], 0)


# In a smaller unit the smallest numbers would be rounded to 0.
@given(
    st.lists(
        st.floats(-1e6, 1e6, allow_subnormal=False).filter(lambda d: d == 0 or abs(d) > 1e-200),
        max_size=8,
    ),
    st.floats(0.01, 100, allow_subnormal=False),
)
def test_the_unit_plays_no_part(differences: list[float], unit: float) -> None:
    other = shift([unit * d for d in differences], 0)
    assert other == pytest.approx(shift(differences, 0), rel=1e-6, abs=1e-12)


@given(
    st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), max_size=8),
    st.floats(-1e6, 1e6, allow_subnormal=False),
    st.floats(0, 1e6, allow_subnormal=False),
)
def test_a_larger_last_difference_is_more_evidence(
    past: list[float], last: float, more: float
) -> None:
    assert shift([*past, last + more], 0) >= shift([*past, last], 0) * (1 - 1e-9)


@pytest.mark.parametrize("name", ["normal", "cauchy", "two_points"])
def test_watched_for_sixty_seeds_it_is_rarely_wrong(name: str) -> None:
    rng = np.random.default_rng(2)
    draws = {
        "normal": lambda: rng.normal(size=60),
        "cauchy": lambda: rng.standard_cauchy(60),
        "two_points": lambda: rng.choice([-1.0, 1.0], 60),
    }
    wrong = sum(max(shift_path(draws[name](), 0)) >= 20 for _ in range(1_000))
    assert wrong / 1_000 <= 0.05


@given(SIZES)
def test_what_comes_later_changes_nothing_of_before(sizes: list[float]) -> None:
    found = shift_path(sizes, 0.5)
    assert found == [shift(sizes[:seeds], 0.5) for seeds in range(len(sizes) + 1)]


def test_sizes_help_where_arms_overlap() -> None:
    """Signs alone would decide fewer: that is what the declaration of a shift buys."""
    rng = np.random.default_rng(3)
    values = rng.normal(0.7, 1, (200, 25))
    by_size = sum(shift(v, 0) >= 20 for v in values)
    by_sign = sum(majority(int((v > 0).sum()), 25) >= 20 for v in values)
    assert by_size > by_sign + 20
