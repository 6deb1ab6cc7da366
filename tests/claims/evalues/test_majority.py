import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from assay.claims.evalues import MOST_EVIDENCE, majority
from tests.claims.evalues.nodes import means_of_next

SHARES = st.floats(0.05, 0.95)


def _of(most: float) -> Callable[[list[bool]], float]:
    return lambda runs: majority(sum(runs), len(runs), most)


@pytest.mark.parametrize("most", [0.2, 0.5, 0.8])
def test_at_the_boundary_every_mean_of_the_next_is_the_past(most: float) -> None:
    for past, later in means_of_next(_of(most), {True: most, False: 1 - most}, 8):
        assert later == pytest.approx(past, rel=1e-12)


@pytest.mark.parametrize("most", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("part", [0.0, 0.3, 0.9])
def test_below_it_no_mean_of_the_next_is_above_the_past(most: float, part: float) -> None:
    share = part * most
    for past, later in means_of_next(_of(most), {True: share, False: 1 - share}, 8):
        assert later <= past * (1 + 1e-12)


def test_it_is_the_mixture_that_it_says() -> None:
    for runs in range(9):
        for yes in range(runs + 1):
            for most in (0.3, 0.5, 0.8):
                by_hand = _integrated(yes, runs, most)
                assert majority(yes, runs, most) == pytest.approx(by_hand, rel=1e-7)


def _integrated(yes: int, runs: int, most: float) -> float:
    def ratio(p: float) -> float:
        return (p / most) ** yes * ((1 - p) / (1 - most)) ** (runs - yes)

    uniform, _ = integrate.quad(ratio, most, 1)
    return 0.5 * ratio(1.0) + 0.5 * uniform / (1 - most)


@given(st.integers(1, 500), st.data())
def test_it_is_the_closed_form_with_the_beta_tail(runs: int, data: st.DataObject) -> None:
    yes = data.draw(st.integers(runs // 2, runs))
    tail = special.betaln(yes + 1, runs - yes + 1) + stats.beta.logsf(0.5, yes + 1, runs - yes + 1)
    unanimous = 2.0**runs if yes == runs else 0
    by_hand = 0.5 * unanimous + 0.5 * math.exp((runs + 1) * math.log(2) + tail)
    assert majority(yes, runs) == pytest.approx(by_hand, rel=1e-8)


def test_five_of_five_decide_a_claim_alone_and_four_do_not() -> None:
    assert majority(5, 5) == pytest.approx(21.25)
    assert majority(4, 4) < 20


def test_nothing_without_runs_and_no_overflow_with_many() -> None:
    assert majority(0, 0) == 1
    assert majority(0, 10_000) == pytest.approx(0.5 / 10_001)
    assert majority(10_000, 10_000) == pytest.approx(MOST_EVIDENCE)
    assert 0 < majority(5_000, 10_000) < 1
    assert 0 < majority(8_000, 10_000, 0.8) < 1


@given(st.integers(1, 300), SHARES, st.data())
def test_more_that_say_yes_are_more_evidence(runs: int, most: float, data: st.DataObject) -> None:
    yes = data.draw(st.integers(1, runs))
    assert majority(yes, runs, most) >= majority(yes - 1, runs, most)


@given(st.integers(1, 300), SHARES, SHARES, st.data())
def test_a_higher_share_is_harder_to_show(
    runs: int, one: float, other: float, data: st.DataObject
) -> None:
    yes = data.draw(st.integers(math.ceil(runs * max(one, other)), runs))
    low, high = sorted((one, other))
    assert majority(yes, runs, high) <= majority(yes, runs, low) * (1 + 1e-9)


@pytest.mark.parametrize("most", [0.3, 0.5, 0.8])
def test_watched_for_sixty_seeds_it_is_rarely_wrong(most: float) -> None:
    """The exact chance that evidence ever reaches 20 at the boundary, in either direction."""
    open_nodes = np.ones(1)
    for_it = against = 0.0
    for n in range(1, 61):
        chances = np.zeros(n + 1)
        chances[1:] += most * open_nodes
        chances[:-1] += (1 - most) * open_nodes
        wins = np.array([majority(k, n, most) >= 20 for k in range(n + 1)])
        losses = np.array([majority(n - k, n, 1 - most) >= 20 for k in range(n + 1)])
        for_it += chances[wins].sum()
        against += chances[losses].sum()
        open_nodes = np.where(wins | losses, 0, chances)
    assert 0.01 < for_it <= 0.05
    assert 0.01 < against <= 0.05


@pytest.mark.parametrize(("yes", "runs"), [(-1, 3), (4, 3), (0, -1)])
def test_numbers_that_cannot_be_are_refused(yes: int, runs: int) -> None:
    with pytest.raises(ValueError, match="yes has to be within"):
        majority(yes, runs)


@pytest.mark.parametrize("most", [0.0, 1.0, -0.1, math.nan])
def test_a_share_that_cannot_be_exceeded_is_refused(most: float) -> None:
    with pytest.raises(ValueError, match="most has to be within"):
        majority(1, 2, most)
