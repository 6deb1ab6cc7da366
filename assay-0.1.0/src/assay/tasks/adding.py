"""Adding: keep two marked real numbers until the end and give their sum."""

import numpy as np

from assay.errors import DataError
from assay.tasks.base import SequenceData

BASELINE = 1 / 6
"""Mean squared error of always answering 1, the variance of a sum of two U(0, 1)."""

TOLERANCE = 0.04
"""An answer is right if it is off by less than this share of the targets' range.

Hochreiter & Schmidhuber 1997 scale the sum to 0..1 and ask for an error below 0.04.
"""


def adding(length: int, data_size: int, rng: np.random.Generator) -> SequenceData:
    """Add the two numbers that are marked among `length` numbers.

    Channel 0 holds numbers from U(0, 1), channel 1 a mark at one step of the first half and one of
    the second, here of 8 steps::

        step       1     2     3     4     5     6     7     8
        value     0.31  0.85  0.12  0.50  0.77  0.04  0.66  0.29
        mark       0     1     0     0     0     0     1     0
                  |    first half     |     second half     |
        target    0.85 + 0.66 = 1.51

    The adding problem of Hochreiter & Schmidhuber 1997 ("Long short-term memory", experiment 4) in
    the form of Le et al. 2015 ("A simple way to initialize recurrent networks of rectified linear
    units") and Arjovsky et al. 2016, who mark one number in each half. Always answering 1 has a
    mean squared error of 1/6 = 0.1667 (`BASELINE`).

    Args:
        length: steps, at least 2. All of them enter the network, the sum is not among them.
        data_size: N, sequences wanted.
        rng: source of numbers and marks.

    Returns:
        inputs (N, length, 2) float32, targets (N,) float32 from 0 to 2.

    Raises:
        DataError: if `length` is below 2.
    """
    if length < 2:
        raise DataError(f"length = {length}: adding needs at least 2 numbers")
    inputs = np.zeros((data_size, length, 2), np.float32)
    inputs[:, :, 0] = rng.random((data_size, length), np.float32)
    row = np.arange(data_size)
    first = rng.integers(0, length // 2, data_size)
    second = rng.integers(length // 2, length, data_size)
    inputs[row, first, 1] = 1
    inputs[row, second, 1] = 1
    targets = inputs[row, first, 0] + inputs[row, second, 0]
    return SequenceData(inputs, targets, symbols=None, classes=None)
