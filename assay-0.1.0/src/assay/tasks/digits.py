"""Distinct rows of random digits, from which the symbolic tasks build their sequences."""

import numpy as np
from numpy.typing import NDArray

# 10**18 is the largest power of ten that a 64-bit integer holds.
_MAX_DRAWN = 18


def distinct_rows(rows: int, width: int) -> int:
    """N = min(rows, 10**width), how many rows `distinct_digits` gives."""
    most: int = 10 ** min(width, _MAX_DRAWN)
    return min(rows, most)


def distinct_digits(rows: int, width: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """(N, width) digits 0-9, N = min(rows, 10**width), no row twice, in random order.

    Up to 18 digits, a row is an integer below 10**width, drawn without replacement. Of longer rows
    the first 18 digits are drawn so and the others uniformly: as no two rows share those 18, no two
    rows are the same. Every digit is uniform at any width.
    """
    drawn = min(width, _MAX_DRAWN)
    rows = distinct_rows(rows, width)
    digits = np.empty((rows, width), np.uint8)
    rest = rng.choice(10**drawn, rows, replace=False)
    for column in reversed(range(drawn)):
        quotient = rest // 10
        digits[:, column] = rest - 10 * quotient
        rest = quotient
    if width > drawn:
        digits[:, drawn:] = rng.integers(0, 10, (rows, width - drawn), np.uint8)
    return digits
