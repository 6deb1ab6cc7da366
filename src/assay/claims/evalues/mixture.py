"""A weighted mean of e-values that are known by their logarithms."""

import math

import numpy as np
from numpy.typing import ArrayLike

# An e-value that is made smaller stays one. So evidence is a finite number: sums, means, logarithms
# and JSON take it as it is.
MOST_EVIDENCE = 1e300


def mixture(logarithms: ArrayLike, weights: ArrayLike) -> float:
    """The mean of e-values under weights, at most `MOST_EVIDENCE`.

    Args:
        logarithms: natural logarithms of n e-values; -∞ for 0.
        weights: n weights ≥ 0 with sum 1, or 1 for a plain sum.
    """
    logs = np.asarray(logarithms, dtype=float)
    largest = float(logs.max())
    if largest == -math.inf:
        return 0.0
    total = float(np.sum(np.asarray(weights) * np.exp(logs - largest)))
    logarithm = largest + math.log(total) if total > 0 else -math.inf
    return math.exp(min(logarithm, math.log(MOST_EVIDENCE)))
