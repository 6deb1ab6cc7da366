"""The evidence of a part, held to sums over every outcome worked out here."""

import itertools
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.claims.effects import SeedEffect
from assay.claims.trials import evidence_path, shown
from assay.study.file import Part

ARM = {"experiment": "a"}


def part(**changes) -> Part:
    return Part.model_validate(
        {
            **{"sentence": "s", "metric": "m", "test": "greater", "of": ARM, "against": ARM},
            **{"margin": 0.1, "unit": "u"},
            **changes,
        }
    )


def seed(sign, values=(), effect=0.0) -> SeedEffect:
    return SeedEffect(0, values, effect, sign, beyond=False, no_room=False)


def majority(k: int, n: int) -> Fraction:
    """½ 2ⁿ [k = n] + ½ 2ⁿ · 2 ∫ p^k (1-p)^(n-k) dp from ½ to 1, by the binomial theorem."""
    uniform = Fraction(0)
    for j in range(n - k + 1):
        power = k + j + 1
        term = math.comb(n - k, j) * (-1) ** j * (1 - Fraction(1, 2**power)) / power
        uniform += term
    return Fraction(2**n, 2) * (k == n) + Fraction(2**n, 2) * 2 * uniform


@given(st.lists(st.sampled_from([1, 0, -1, None]), max_size=8))
def test_majority_counts_who_shows_it_and_who_does_not(signs) -> None:
    found = evidence_path(part(), 0.5, [seed(sign) for sign in signs])
    n = len(signs)
    yes, no = signs.count(1), signs.count(0) + signs.count(-1)
    assert len(found) == n + 1
    assert found[-1].support == pytest.approx(float(majority(yes, n)))
    assert found[-1].against == pytest.approx(float(majority(no, n)))


def test_seeds_without_a_value_speak_for_nothing() -> None:
    for sign in (1, -1):
        whole = evidence_path(part(), 0.5, [seed(sign)] * 6)[-1].larger
        holed = evidence_path(part(), 0.5, [seed(sign)] * 5 + [seed(None)])[-1].larger
        assert holed < whole / 8


SOLVED = {"kind": "solved", "solved": 0.9}


def pairs(*found: tuple[float, float]) -> list[SeedEffect]:
    return [seed(None if math.isnan(a + b) else 1, (a, b)) for a, b in found]


@pytest.mark.parametrize("margin", [0.0, 0.1, 0.4])
def test_two_shares_have_mean_one_at_the_margin_at_most(margin: float) -> None:
    """Every outcome of 5 pairs, under nulls at the margin, dependent ones among them."""
    asked = part(**SOLVED, margin=margin)
    outcomes = [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 0.0)]
    for lost in (0.0, 0.2, (1 - margin) / 2):
        chances = [lost + margin, lost, 0.0, 1 - 2 * lost - margin]
        support = against = 0.0
        for chosen in itertools.product(range(4), repeat=5):
            weight = math.prod(chances[i] for i in chosen)
            if weight:
                found = evidence_path(asked, 0.5, pairs(*(outcomes[i] for i in chosen)))[-1]
                support += weight * found.support
                against += weight * found.against
        assert support <= 1 + 1e-9
        assert against <= 1 + 1e-9


def test_smaller_shares_are_greater_ones_mirrored() -> None:
    runs = pairs((1, 0), (1, 1), (0, 0), (1, 0))
    mirrored = pairs((0, 1), (1, 1), (0, 0), (0, 1))
    found = evidence_path(part(**SOLVED), 0.5, runs)
    assert evidence_path(part(**SOLVED, test="smaller"), 0.5, mirrored) == found


@pytest.mark.parametrize("missing", [(math.nan, 0.0), (1.0, math.nan), (math.nan, math.nan)])
def test_a_pair_that_misses_a_run_helps_neither_side(missing) -> None:
    asked = part(**SOLVED)
    for pair in ((1.0, 0.0), (0.0, 1.0)):
        had = evidence_path(asked, 0.5, pairs(*[pair] * 5))[-1]
        more = evidence_path(asked, 0.5, pairs(*[pair] * 5, missing))[-1]
        assert more.support <= had.support
        assert more.against <= had.against


def test_shares_of_one_arm_against_a_threshold() -> None:
    asked = part(test="above", against=None, threshold=0.5, **SOLVED, margin=0.0)
    runs = [seed(1, (0.95,))] * 7 + [seed(1, (0.2,))]
    found = evidence_path(asked, 0.5, runs)[-1]
    assert found.support == pytest.approx(float(majority(7, 8)))
    below = part(test="below", against=None, threshold=0.5, **SOLVED, margin=0.0)
    mirrored = evidence_path(below, 0.5, runs)[-1]
    assert (mirrored.support, mirrored.against) == pytest.approx((found.against, found.support))


def test_equivalent_shares_need_both_directions() -> None:
    asked = part(**SOLVED, test="equivalent", margin=0.5)
    alike = evidence_path(asked, 0.5, pairs(*[(1, 1)] * 12))[-1]
    apart = evidence_path(asked, 0.5, pairs(*[(1, 0)] * 20))[-1]
    assert alike.support > 20 > alike.against
    assert apart.against > 20 > apart.support


def test_a_shift_counts_sizes() -> None:
    asked = part(kind="shift", margin=0.0)
    larger = [seed(1, effect=x) for x in (1, 1, 1, 1, 5, 5)]
    mixed = [seed(1, effect=x) for x in (5, 5, 1, 1, 1, -0.1)]
    majority_of_it = evidence_path(part(margin=0.0), 0.5, [seed(1)] * 5 + [seed(-1)])[-1]
    assert evidence_path(asked, 0.5, larger)[-1].support > 20
    assert evidence_path(asked, 0.5, mixed)[-1].support > majority_of_it.support


def test_what_a_dot_shows() -> None:
    asked = part(**SOLVED)
    found = [shown(asked, each) for each in pairs((1, 0), (1, 1), (0, 1), (math.nan, 1))]
    assert found == [True, False, False, None]
