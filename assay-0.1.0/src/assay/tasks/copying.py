"""Copying: carry the first symbol over a stretch of blanks."""

import numpy as np

from assay.errors import DataError
from assay.tasks.base import SequenceData
from assay.tasks.digits import distinct_digits, distinct_rows

BLANK = 10


def count(length: int, data_size: int) -> int:
    """How many strings of T = `length` steps `copying` gives."""
    return distinct_rows(data_size, _digits(length))


def copying(length: int, data_size: int, rng: np.random.Generator) -> SequenceData:
    """Recall the first digit after other digits and a delay of blanks.

    A string of T = `length` steps, its label included. Of its T - 1 inputs the first
    m = max(1, (T - 1) // 2) are random digits and the others blanks (symbol 10), here T = 9::

        step      1   2   3   4   5   6   7   8   9
        input     7   2   0   9   _   _   _   _
        target                                    7
                  |  digits   |    delay      |

    It is the copying memory task (Hochreiter & Schmidhuber 1997, "Long short-term memory"; Arjovsky
    et al. 2016, "Unitary evolution recurrent neural networks") reduced to one symbol of recall, as
    in the latch problem of Bengio et al. 1994 ("Learning long-term dependencies with gradient
    descent is difficult"). Unlike a palindrome it never shows the answer's neighbours again, and
    the delay carries no information. The N = min(data_size, 10**m) strings are distinct.

    Args:
        length: steps T of the whole string, at least 3.
        data_size: strings wanted.
        rng: source of the digits.

    Returns:
        inputs (N, T - 1) uint8 of 11 symbols, targets (N,) int64 of 10 classes.

    Raises:
        DataError: if `length` is below 3.
    """
    if length < 3:
        raise DataError(f"length = {length}: copying needs at least 3, for digit, blank and label")
    digits = distinct_digits(data_size, _digits(length), rng)
    inputs = np.full((len(digits), length - 1), BLANK, np.uint8)
    inputs[:, : digits.shape[1]] = digits
    return SequenceData(inputs, digits[:, 0].astype(np.int64), symbols=BLANK + 1, classes=10)


def _digits(length: int) -> int:
    return max(1, (length - 1) // 2)
