"""Palindromes: what they are, that they are distinct, and that their labels are uniform."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.errors import DataError
from assay.tasks.base import label_entropy
from assay.tasks.palindrome import palindromes


def rng(seed=0):
    return np.random.default_rng(seed)


def strings(data):
    return np.concatenate([data.inputs, data.targets[:, None].astype(np.uint8)], axis=1)


@settings(deadline=None)
@given(length=st.integers(2, 60) | st.integers(61, 200), seed=st.integers(0, 2**32))
def test_every_string_is_a_palindrome_and_distinct(length, seed):
    data = palindromes(length, 500, rng(seed))
    whole = strings(data)
    assert whole.shape == (min(500, 10 ** ((length + 1) // 2)), length)
    assert (whole == whole[:, ::-1]).all()
    assert len({row.tobytes() for row in whole}) == len(whole)
    assert (data.inputs.dtype, data.symbols, data.classes) == (np.uint8, 10, 10)


@pytest.mark.parametrize(("length", "size"), [(2, 10), (3, 100), (4, 100), (5, 1000), (6, 1000)])
def test_short_lengths_give_every_palindrome_once(length, size):
    data = palindromes(length, 100_000, rng())
    assert len(data) == size
    numbers = sorted(int("".join(map(str, row))) for row in strings(data))
    expected = [n for n in range(10**length) if (text := f"{n:0{length}d}") == text[::-1]]
    assert numbers == expected


@pytest.mark.parametrize("length", [5, 20, 36, 37, 38, 200])
def test_labels_are_near_uniform(length):
    assert label_entropy(palindromes(length, 100_000, rng())) > 3.2


@pytest.mark.parametrize("length", [20, 35, 36, 37, 38, 60])
def test_every_free_digit_is_uniform(length):
    """Also around 18 free digits, where drawing changes over."""
    data = palindromes(length, 20_000, rng(1))
    for digits in data.inputs.T:
        counts = np.bincount(digits, minlength=10)
        # Ten standard deviations of a binomial count.
        assert np.abs(counts - 2000).max() < 10 * np.sqrt(20_000 * 0.1 * 0.9)


@pytest.mark.parametrize("length", [36, 38, 60])
def test_digits_are_independent(length):
    free = palindromes(length, 20_000, rng(2)).inputs[:, : length // 2]
    correlation = np.corrcoef(free.T) - np.eye(free.shape[1])
    assert np.abs(correlation).max() < 6 / np.sqrt(20_000)


def test_the_longest_length():
    whole = strings(palindromes(100_000, 10, rng()))
    assert whole.shape == (10, 100_000)
    assert (whole == whole[:, ::-1]).all()


@pytest.mark.parametrize("length", [5, 20, 40])
def test_the_seed_decides(length):
    first, again, other = (palindromes(length, 300, rng(seed)).inputs for seed in (3, 3, 4))
    assert (first == again).all()
    assert (first != other).any()


def test_length_below_two_is_refused():
    with pytest.raises(DataError, match="length = 1"):
        palindromes(1, 100, rng())
