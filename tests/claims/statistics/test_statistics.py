"""What has to hold of every test, whatever the runs are."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.claims.statistics import rank_test, sign_test, t_test, time_test, welch_test
from assay.claims.statistics.times import time_p_values
from assay.statements.trial import Trial

# Few distinct values, so that ties and constant arms are common.
values = st.integers(-6, 6).map(lambda number: number / 4)
arms = st.lists(values, min_size=2, max_size=7).map(np.array)
margins = st.sampled_from([0.0, 0.25, 0.5])
times = st.lists(st.sampled_from([100.0, 200.0, 300.0, 450.0, np.inf]), min_size=2, max_size=6).map(
    np.array
)

TwoArms = Callable[[np.ndarray, np.ndarray, float], Trial]
two_arms = pytest.mark.parametrize("test", [rank_test, welch_test])
economical = settings(max_examples=40, deadline=None)


@two_arms
@given(x=arms, y=arms, margin=margins)
@economical
def test_swapping_the_arms_mirrors_everything(test: TwoArms, x, y, margin) -> None:
    one, other = test(x, y, margin), test(y, x, -margin)
    assert (one.p_supported, one.p_refuted) == pytest.approx((other.p_refuted, other.p_supported))
    assert one.effect == pytest.approx(-other.effect)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


@two_arms
@given(x=arms, y=arms, margin=margins, constant=values)
@economical
def test_a_constant_in_both_arms_changes_nothing(test: TwoArms, x, y, margin, constant) -> None:
    one, other = test(x, y, margin), test(x + constant, y + constant, margin)
    assert vars(one) == pytest.approx(vars(other))


@two_arms
@given(x=arms, y=arms, margin=margins)
@economical
def test_the_interval_holds_the_effect_and_agrees_with_the_test(
    test: TwoArms, x, y, margin
) -> None:
    _agrees(test(x, y, margin), margin)


@given(x=arms, margin=margins)
@economical
def test_so_does_that_of_one_arm(x, margin) -> None:
    _agrees(sign_test(x, margin), margin)
    _agrees(t_test(x, margin), margin)


@given(x=times, y=times, ratio=st.sampled_from([1.0, 1.25, 2.0]))
@economical
def test_so_does_that_of_a_ratio_of_times(x, y, ratio) -> None:
    found = time_test(x, y, 500.0, ratio)
    assert found.p_supported + found.p_refuted >= 1 - 1e-9
    if not np.isnan(found.effect):
        _agrees(found, ratio)


@given(x=times, y=times, factor=st.sampled_from([0.5, 3.0]))
@economical
def test_the_unit_of_time_does_not_matter(x, y, factor) -> None:
    one = time_p_values(x, y, 500.0, 1.25)
    assert time_p_values(factor * x, factor * y, factor * 500, 1.25) == pytest.approx(one)


@given(x=times, y=times)
@economical
def test_swapping_the_arms_mirrors_times(x, y) -> None:
    one, other = time_p_values(x, y, 500.0, 1.25), time_p_values(y, x, 500.0, 0.8)
    assert one == pytest.approx(other[::-1])


def _agrees(found: Trial, margin: float) -> None:
    assert found.low <= found.effect <= found.high
    slack = 1e-9
    if found.p_supported <= 0.025:
        assert found.low >= margin - slack
    else:
        assert found.low <= margin + slack
    if found.p_refuted <= 0.025:
        assert found.high <= margin + slack
    else:
        assert found.high >= margin - slack
