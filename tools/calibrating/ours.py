"""assay's evidence on simulated studies, after every seed."""

from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assay.claims.evalues import majority, shift_path, two_shares
from tools.calibrating.scenarios import SHARE_MARGIN, Outcome
from tools.calibrating.times_and_shares import RATIO
from tools.calibrating.values import Floats, Pairs

Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]
Method = Literal["majority", "shift", "two shares"]
SEEDS = 60


def evidence(method: Method, outcome: Outcome, pairs: Pairs, most: float = 0.5) -> Pairs:
    """Evidence for and against (studies, seeds), after every seed."""
    if method == "two shares":
        return of_shares(pairs, SHARE_MARGIN)
    if method == "shift":
        differences = (pairs[0] - pairs[1]).tolist()
        opposite = (pairs[1] - pairs[0]).tolist()
        return _of_shift(differences), _of_shift(opposite)
    return of_majority(beyond(outcome, pairs), most)


def _of_shift(differences: list[list[float]]) -> Floats:
    return np.array([shift_path(each, 0)[1:] for each in differences])


def beyond(outcome: Outcome, pairs: Pairs) -> Booleans:
    """Which seeds (studies, seeds) show an effect above the margin."""
    x, y = pairs
    found: Booleans = y > RATIO * x if outcome == "time" else x > y
    return found


def of_majority(yes: Booleans, most: float = 0.5) -> Pairs:
    """Evidence for and against from which seeds (..., seeds) say yes, after every seed."""
    counts, runs = yes.cumsum(axis=-1), np.arange(1, yes.shape[-1] + 1)
    return _table(most)[runs, counts], _table(1 - most)[runs, runs - counts]


@cache
def _table(most: float) -> Floats:
    return np.array(
        [[majority(min(k, n), n, most) for k in range(SEEDS + 1)] for n in range(SEEDS + 1)]
    )


def of_shares(pairs: Pairs, margin: float) -> Pairs:
    """Evidence for and against of two shares (studies, seeds), after every seed."""
    firsts = ((pairs[0] > pairs[1]).cumsum(axis=1)).astype(int)
    seconds = ((pairs[0] < pairs[1]).cumsum(axis=1)).astype(int)
    runs = np.broadcast_to(np.arange(1, firsts.shape[1] + 1), firsts.shape)
    for_it = np.vectorize(lambda f, s, n: _of_counts(f, s, n, margin))(firsts, seconds, runs)
    against = np.vectorize(lambda f, s, n: _of_counts(s, f, n, -margin))(firsts, seconds, runs)
    return for_it, against


_of_counts = cache(two_shares)


def first_at(found: Floats | Booleans, least: float = 1) -> Integers:
    """After how many seeds (studies) a row (studies, seeds) first is at least that; 0 for never."""
    hit = np.asarray(found) >= least
    return np.where(hit.any(axis=1), hit.argmax(axis=1) + 1, 0)
