"""How fast a gradient shrinks or grows on its way back, from its logged norms."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike


def slope(log_norms: ArrayLike | Sequence[float | None]) -> float:
    """Least-squares slope of log-norms (T,) against the lag T - t, per step; NaN, None left out.

    Negative: the gradient vanishes on its way back; positive: it explodes. NaN if fewer than two
    values are left.
    """
    values = np.asarray(log_norms, dtype=np.float64)
    lags = np.arange(len(values))[::-1]
    valid = np.isfinite(values)
    if valid.sum() < 2:
        return math.nan
    return float(np.polyfit(lags[valid], values[valid], 1)[0])
