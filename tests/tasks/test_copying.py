import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.errors import DataError
from assay.tasks.base import label_entropy
from assay.tasks.copying import BLANK, copying


def rng(seed=0):
    return np.random.default_rng(seed)


@settings(deadline=None)
@given(length=st.integers(3, 200), seed=st.integers(0, 2**32))
def test_digits_then_blanks_and_the_first_digit_as_label(length, seed):
    data = copying(length, 300, rng(seed))
    count = max(1, (length - 1) // 2)
    assert data.inputs.shape == (min(300, 10**count), length - 1)
    assert (data.inputs[:, :count] < 10).all()
    assert (data.inputs[:, count:] == BLANK).all()
    assert (data.targets == data.inputs[:, 0]).all()
    assert len({row.tobytes() for row in data.inputs}) == len(data)
    assert (data.symbols, data.classes) == (11, 10)


@pytest.mark.parametrize("length", [3, 9, 20, 37, 200])
def test_labels_are_near_uniform(length):
    assert label_entropy(copying(length, 100_000, rng())) > 3.2


def test_length_below_three_is_refused():
    with pytest.raises(DataError, match="length = 2"):
        copying(2, 100, rng())
