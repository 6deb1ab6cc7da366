"""Evidence that two shares differ by more than a margin, from runs that were solved or not."""

import numpy as np

from assay.claims.evalues.mixture import mixture

# Stakes as parts of the largest that cannot ruin, and the weight of each. Most weight lies on the
# largest, so that six of six seeds decide a claim; the smaller ones outlive pairs that disagree.
STAKES = (1.0, 0.8, 0.5, 0.25)
WEIGHTS = (0.6, 0.2, 0.1, 0.1)


def two_shares(won: int, lost: int, seeds: int, margin: float) -> float:
    """The e-value of "the share of a exceeds the share of b by more than the margin".

    A bet on the mean of d = a - b, in {-1, 0, 1}: the product over seeds of 1 + λ (d - margin),
    averaged over a few λ in [0, 1 / (1 + margin)]. Each factor is at least 0, and has mean at most
    1 where E[a - b] ≤ margin, however a and b of the same seed depend on each other. Against the
    claim, bet on `lost` in place of `won`, with -margin.

    Args:
        won: seeds of which the arm that is claimed to be the better is solved, and the other not.
        lost: seeds of which the other is solved, and this one not.
        seeds: all seeds, at least `won + lost`.
        margin: the difference that is to be exceeded, within (-1, 1).

    Returns:
        The e-value, 0 to `MOST_EVIDENCE`; 1 without seeds.

    Raises:
        ValueError: a number of seeds or the margin is outside its range.

    Source: Waudby-Smith and Ramdas 2024, equation 22 (capital of bets on a bounded mean).
    """
    if not -1 < margin < 1:
        raise ValueError(f"the margin of two shares has to be within -1 and 1, and is {margin}")
    tied = seeds - won - lost
    if min(won, lost, tied) < 0:
        raise ValueError(f"of {seeds} seeds {won} cannot be won and {lost} lost")
    stakes = np.array(STAKES) / (1 + margin)
    logs = np.zeros(len(STAKES))
    for d, count in ((-1, lost), (0, tied), (1, won)):
        if count:
            # The largest stake loses all on d = -1; rounding must not make that a debt.
            factors = np.maximum(0, 1 + stakes * (d - margin))
            with np.errstate(divide="ignore"):
                logs += count * np.log(np.where(factors < 1e-12, 0, factors))
    return mixture(logs, WEIGHTS)
