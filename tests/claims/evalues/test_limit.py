import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assay.claims.evalues import otherwise


@given(st.integers(1, 200), st.sampled_from([0.01, 0.05, 0.2]), st.data())
def test_it_is_the_exact_limit_of_scipy(runs: int, level: float, data: st.DataObject) -> None:
    yes = data.draw(st.integers(0, runs))
    reference = stats.binomtest(runs - yes, runs, alternative="less")
    high = reference.proportion_ci(confidence_level=1 - level, method="exact").high
    assert otherwise(yes, runs, level) == pytest.approx(high, rel=1e-9)


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("runs", [1, 5, 8, 20])
def test_it_covers_the_share_in_19_of_20(share: float, runs: int) -> None:
    chances = stats.binom.pmf(range(runs + 1), runs, share)
    misses = [otherwise(runs - no, runs) < share for no in range(runs + 1)]
    assert sum(chances[no] for no in range(runs + 1) if misses[no]) <= 0.05


def test_numbers_of_the_page() -> None:
    assert otherwise(8, 8) == pytest.approx(0.312, abs=5e-4)
    assert otherwise(0, 8) == 1
    assert otherwise(0, 0) == 1


@given(st.integers(1, 100), st.data())
def test_more_yes_leave_less(runs: int, data: st.DataObject) -> None:
    yes = data.draw(st.integers(1, runs))
    assert otherwise(yes, runs) < otherwise(yes - 1, runs)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="yes has to be"):
        otherwise(9, 8)
    with pytest.raises(ValueError, match="level has to be"):
        otherwise(8, 8, 1.0)
