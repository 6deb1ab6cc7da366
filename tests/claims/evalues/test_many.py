import math
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.claims.evalues import beyond_correction, e_bh, needed

ALPHA = 0.05
# Powers of two make ties and thresholds that are met exactly.
VALUES = st.one_of(
    st.floats(0, 1e4, allow_subnormal=False), st.integers(0, 12).map(lambda power: 5.0 * 2**power)
)
EVIDENCE = st.lists(VALUES, min_size=1, max_size=8)


def _by_definition(evidence: list[float], alpha: float) -> list[bool]:
    """The largest set in which every e-value is at least m / (alpha · size)."""
    m = len(evidence)
    sets = [
        chosen
        for chosen in product((False, True), repeat=m)
        if all(
            e >= m / (alpha * sum(chosen)) for e, one in zip(evidence, chosen, strict=True) if one
        )
    ]
    return list(max(sets, key=sum))


@given(st.lists(VALUES, min_size=0, max_size=6))
def test_it_is_the_definition(evidence: list[float]) -> None:
    assert e_bh(evidence, ALPHA) == _by_definition(evidence, ALPHA)


@given(EVIDENCE, st.integers(0, 7), VALUES)
def test_more_evidence_takes_no_decision_back(
    evidence: list[float], place: int, more: float
) -> None:
    raised = evidence.copy()
    raised[place % len(evidence)] += more
    for before, after in zip(e_bh(evidence, ALPHA), e_bh(raised, ALPHA), strict=True):
        assert after >= before


@given(EVIDENCE, st.randoms())
def test_the_order_of_claims_plays_no_part(evidence: list[float], random: Random) -> None:
    order = list(range(len(evidence)))
    random.shuffle(order)
    decided = e_bh(evidence, ALPHA)
    assert e_bh([evidence[i] for i in order], ALPHA) == [decided[i] for i in order]


@given(EVIDENCE)
def test_what_a_claim_needs_is_what_decides_it(evidence: list[float]) -> None:
    for place in range(len(evidence)):
        least = needed(evidence, place, ALPHA)
        raised, short = evidence.copy(), evidence.copy()
        raised[place], short[place] = least, math.nextafter(least, 0)
        assert e_bh(raised, ALPHA)[place]
        assert not e_bh(short, ALPHA)[place]


@given(EVIDENCE, st.integers(0, 7))
def test_beyond_correction_is_decided_whatever_the_others_are(
    evidence: list[float], place: int
) -> None:
    place %= len(evidence)
    m = len(evidence)
    alone = [evidence[place] if i == place else 0.0 for i in range(m)]
    assert beyond_correction(evidence[place], m, ALPHA) == e_bh(alone, ALPHA)[place]


def test_numbers_of_the_page() -> None:
    assert e_bh([], ALPHA) == []
    assert e_bh([20.0], ALPHA) == [True]
    assert e_bh([20.0, 19.0], ALPHA) == [False, False]
    assert e_bh([20.0, 20.0, 1.0], ALPHA) == [False] * 3
    assert e_bh([30.0, 30.0, 1.0], ALPHA) == [True, True, False]
    assert needed([0.0] * 19, 0, ALPHA) == pytest.approx(380)
    assert needed([1e3] * 14 + [0.0] * 5, 18, ALPHA) == pytest.approx(380 / 15)
    assert needed([1e3] * 3, 0, ALPHA) == pytest.approx(20)
    assert needed([25.0, 0.0], 0, ALPHA) == pytest.approx(40)
    assert needed([25.0, 0.0], 1, ALPHA) == pytest.approx(20)


def test_few_verdicts_are_false_however_claims_depend_on_each_other() -> None:
    """Ten claims with nothing there and five with something; each e-value in one stroke."""
    rng = np.random.default_rng(4)
    proportions = []
    for _ in range(2_000):
        # One fortune for all: either all of the ten are 200, or none.
        shared = 100.0 if rng.random() < 0.01 else 0.0
        evidence = [shared] * 10 + [float(e) for e in rng.exponential(100, 5)]
        decided = e_bh(evidence, ALPHA)
        proportions.append(sum(decided[:10]) / max(1, sum(decided)))
    assert np.mean(proportions) <= ALPHA
