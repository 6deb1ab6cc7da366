"""Evidence that paired differences lie above a margin, where sizes count too."""

import math
from collections.abc import Sequence

import numpy as np

from assay.claims.evalues.mixture import mixture

BETS = (0.5, 1.0, 2.0, 4.0)


def shift_path(differences: Sequence[float], margin: float) -> list[float]:
    """The e-values of "differences lie above the margin", if they are symmetric about it otherwise.

    The product over seeds of exp(λd) / cosh(λd) = 1 + tanh(λd), averaged over a few λ. d is
    difference - margin, in units of the median size of all up to and including this seed. This d
    is an odd function of the difference from the margin and never falls where that rises. So where
    differences are symmetric about the margin, or about anything below it, tanh(λd) has mean at
    most 0 given the seeds before, and each factor mean at most 1.

    Against the claim, the evidence is that of -differences with -margin.

    Args:
        differences: one a seed, in the order of seeds. -∞ and ∞ count as beyond all others.
        margin: the difference that is to be exceeded.

    Returns:
        The e-value after no seed, which is 1, after one, and so on, each 0 to `MOST_EVIDENCE`. A
        difference of exactly the margin changes nothing; one of -∞ takes all evidence.

    Raises:
        ValueError: a difference is no number.

    Source: Ramdas, Ruf, Larsson and Koolen 2022, section 3 (symmetry); de la Peña 1999.
    """
    distances = np.asarray(differences, dtype=float) - margin
    if np.isnan(distances).any():
        raise ValueError("a difference is no number; give -inf or inf where a run has no value")
    logs, weights = np.zeros(len(BETS)), np.full(len(BETS), 1 / len(BETS))
    found = [1.0]
    for place in range(len(distances)):
        relative = _in_units(distances[: place + 1])
        logs += [_log_factor(bet * relative) for bet in BETS]
        found.append(mixture(logs, weights))
    return found


def _in_units(distances: np.ndarray) -> float:
    """The last distance in units of the median size of all; an infinite one stays infinite."""
    last = float(distances[-1])
    if last == 0 or math.isinf(last):
        return last
    scale = float(np.median(np.abs(distances)))
    # Among zeros any other distance is beyond all measure, among infinities it is nothing.
    return math.copysign(math.inf, last) if scale == 0 else last / scale


def _log_factor(x: float) -> float:
    """log(exp(x) / cosh(x)) = log(2 / (1 + exp(-2x))), without overflow."""
    return math.log(2) - float(np.logaddexp(0, -2 * x))
