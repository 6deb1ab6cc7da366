"""Evidence that most runs show something, from how many did."""

import math

import numpy as np

from assay.claims.evalues.mixture import mixture


def majority(yes: int, runs: int, most: float = 0.5) -> float:
    """The e-value of "the share of runs that say yes is above `most`".

    The likelihood ratio of the runs against a share of exactly `most`, averaged with weights ½ over
    the share 1 and a uniform prior on (most, 1):

        E = ½ most⁻ⁿ [k = n] + ½ ∫ p^k (1-p)^(n-k) dp / ((1-most) most^k (1-most)^(n-k))

    with k of n runs and p from `most` to 1. Over the seeds it is a martingale where the share is
    `most`, and a supermartingale where it is smaller. Against the claim, `majority(n - k, n,
    1 - most)` is the evidence that the share is not above `most`.

    Args:
        yes: runs that say yes, 0 to `runs`. Those without a value say what speaks against.
        runs: all runs, at least 0.
        most: the share that is to be exceeded, within (0, 1).

    Returns:
        The e-value, 0 to `MOST_EVIDENCE`; 1 without runs.

    Raises:
        ValueError: `yes` or `most` is outside its range.

    Source: Robbins 1970 (mixtures); Ramdas, Grünwald, Vovk and Shafer 2023, section 3.
    """
    if not 0 <= yes <= runs:
        raise ValueError(f"yes has to be within 0 and {runs}, and is {yes}")
    if not 0 < most < 1:
        raise ValueError(f"most has to be within 0 and 1, and is {most}")
    if runs == 0:
        return 1.0
    unanimous = -runs * math.log(most) if yes == runs else -math.inf
    return mixture([unanimous, _log_uniform(yes, runs, most)], [0.5, 0.5])


def _log_uniform(yes: int, runs: int, most: float) -> float:
    """The logarithm of the mean likelihood ratio under a uniform prior on (most, 1).

    The integral is a tail of the Beta distribution, and so of the binomial one: with odds
    o = most / (1-most) the mean is Σ_{j=0..k} C(n+1, j) o^(j-k) / ((n+1) C(n, k)). The terms from
    j = k down follow from their ratios; all are positive, so that nothing cancels.
    """
    j = np.arange(yes, 0, -1, dtype=float)
    ratios = np.log(j) - np.log(runs + 2 - j) - math.log(most / (1 - most))
    terms = np.concatenate(([0.0], np.cumsum(ratios)))
    largest = float(terms.max())
    return largest + math.log(float(np.exp(terms - largest).sum())) - math.log(runs + 1 - yes)
