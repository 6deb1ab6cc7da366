"""Palindromes: remember the first digit until the end."""

import numpy as np

from assay.errors import DataError
from assay.tasks.base import SequenceData
from assay.tasks.digits import distinct_digits, distinct_rows


def count(length: int, data_size: int) -> int:
    """How many palindromes of T = `length` digits `palindromes` gives."""
    return distinct_rows(data_size, (length + 1) // 2)


def palindromes(length: int, data_size: int, rng: np.random.Generator) -> SequenceData:
    """Predict the last digit of a palindrome of T = `length` digits from the T - 1 before it.

    Of T = 7 digits the first k = ceil(T / 2) = 4 are free and the others mirror them::

        step      1   2   3   4   5   6   7
        string    3   1   4   1   4   1   3
                  |   free    |   mirror  |
        input     3   1   4   1   4   1
        target                            3

    The answer is the first digit, T - 1 steps back. The N = min(data_size, 10**k) palindromes are
    distinct, drawn without replacement, so T = 5 has 1,000 of them at most; labels are uniform. A
    palindrome is distinct if its free digits are, and above 18 free digits the distinctness of the
    first 18 guarantees that (see `distinct_digits`), so any length is as exact and as fast.

    Args:
        length: digits T of the whole palindrome, at least 2.
        data_size: palindromes wanted.
        rng: source of the digits.

    Returns:
        inputs (N, T - 1) uint8 of 10 symbols, targets (N,) int64 of 10 classes.

    Raises:
        DataError: if `length` is below 2.
    """
    if length < 2:
        raise DataError(f"length = {length}: a palindrome to complete has at least 2 digits")
    free = distinct_digits(data_size, (length + 1) // 2, rng)
    mirrored = free[:, 1 : length // 2][:, ::-1]
    inputs = np.concatenate([free, mirrored], axis=1)
    return SequenceData(inputs, free[:, 0].astype(np.int64), symbols=10, classes=10)
