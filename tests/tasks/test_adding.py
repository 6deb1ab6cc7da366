import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.errors import DataError
from assay.tasks.adding import BASELINE, TOLERANCE, adding


def rng(seed=0):
    return np.random.default_rng(seed)


@settings(deadline=None)
@given(length=st.integers(2, 200), seed=st.integers(0, 2**32))
def test_the_target_is_the_sum_of_the_marked_values(length, seed):
    data = adding(length, 50, rng(seed))
    values, marks = np.moveaxis(data.inputs.astype(np.float64), 2, 0)
    np.testing.assert_allclose(data.targets, (values * marks).sum(axis=1), rtol=0, atol=2e-7)
    assert (values >= 0).all()
    assert (values < 1).all()
    assert set(np.unique(marks)) <= {0, 1}
    assert (marks[:, : length // 2].sum(axis=1) == 1).all()
    assert (marks[:, length // 2 :].sum(axis=1) == 1).all()
    assert data.inputs.shape == (50, length, 2)
    assert (data.inputs.dtype, data.targets.dtype) == (np.float32, np.float32)
    assert (data.symbols, data.classes) == (None, None)


@pytest.mark.parametrize("length", [2, 7, 8])
def test_every_step_may_be_marked(length):
    marks = adding(length, 5000, rng()).inputs[:, :, 1].mean(axis=0)
    half = length // 2
    np.testing.assert_allclose(marks[:half], 1 / half, atol=0.05)
    np.testing.assert_allclose(marks[half:], 1 / (length - half), atol=0.05)


def test_always_answering_one_has_the_stated_error():
    targets = adding(10, 200_000, rng()).targets.astype(np.float64)
    assert ((targets - 1) ** 2).mean() == pytest.approx(BASELINE, abs=0.002)


def test_the_tolerance_is_that_of_the_paper():
    assert TOLERANCE == 0.04


def test_length_below_two_is_refused():
    with pytest.raises(DataError, match="length = 1"):
        adding(1, 100, rng())
