"""Evidence that two shares differ by more than a margin, from runs that were solved or not."""

from collections.abc import Sequence

import numpy as np

from assay.claims.evalues.mixture import mixture

# Stakes as parts of the largest that cannot ruin, and the weight of each. Most weight lies on the
# largest, so that six of six seeds decide a claim; the smaller ones outlive pairs that disagree.
STAKES = (1.0, 0.8, 0.5, 0.25)
WEIGHTS = (0.6, 0.2, 0.1, 0.1)


def two_shares(pairs: Sequence[tuple[bool, bool]], margin: float) -> float:
    """The e-value of "the share of a exceeds the share of b by more than the margin".

    A bet on the mean of d = a - b, in {-1, 0, 1}: the product over seeds of 1 + λ (d - margin),
    averaged over a few λ in [0, 1 / (1 + margin)]. Each factor is at least 0, and has mean at most
    1 where E[a - b] ≤ margin, however a and b of the same seed depend on each other. Against the
    claim, bet on swapped pairs with -margin.

    Args:
        pairs: solved or not by seed, of the arm that is claimed to be the better and of the other.
        margin: the difference that is to be exceeded, within (-1, 1).

    Returns:
        The e-value, 0 to `MOST_EVIDENCE`; 1 without pairs. The order of pairs plays no part.

    Raises:
        ValueError: the margin is outside its range.

    Source: Waudby-Smith and Ramdas 2024, equation 22 (capital of bets on a bounded mean).
    """
    if not -1 < margin < 1:
        raise ValueError(f"the margin of two shares has to be within -1 and 1, and is {margin}")
    stakes = np.array(STAKES) / (1 + margin)
    logs = np.zeros(len(STAKES))
    differences = [int(a) - int(b) for a, b in pairs]
    for d in (-1, 0, 1):
        if count := differences.count(d):
            # The largest stake loses all on d = -1; rounding must not make that a debt.
            factors = np.maximum(0, 1 + stakes * (d - margin))
            with np.errstate(divide="ignore"):
                logs += count * np.log(np.where(factors < 1e-12, 0, factors))
    return mixture(logs, WEIGHTS)
