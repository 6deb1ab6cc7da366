"""The length up to which runs are solved: where a falling logistic curve passes a share of them.

    log P / (1 − P) = log s / (1 − s) − b (log T − log H)        b ≥ 0

P is the share of runs solved at length T, H the horizon, where it is s, and b how steeply it falls:
longer is never easier. The interval is that of the profile likelihood: every H at which, with the b
that suits it best, twice the log likelihood is within the quantile of χ² (one degree of freedom) of
its maximum.

With a handful of seeds most arms are completely separated: all runs are solved up to some length
and none beyond. The likelihood then grows with b for ever, and any H between the two lengths is as
good as another (Albert and Anderson 1984). The interval needs no maximum, since the likelihood is
bounded: it spans the gap between the two lengths, which is what such runs tell. The estimate does
need one. It is that of the likelihood with Jeffreys' penalty, half the log determinant of the
information of intercept and slope (Firth 1993; for separation Heinze and Schemper 2002). The
interval goes without, since the penalty takes steep curves for flatter ones: with 8 runs at each of
5, 10, 20, 40 and 80, and curves that fall within one step, a penalised interval holds the horizon
in about 7 of 10 cases, and this one in more than 95 %.

Nothing is known beyond the lengths tried, so no end is given there, and no estimate: where all runs
are solved, the horizon is at least some length.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from assay.claims.statistics.permutation import Floats

SHARE = 0.8
# Logarithms of b: from as good as flat to as good as a step between two lengths.
_SLOPES = np.linspace(np.log(1e-3), np.log(1e3), 121)
_PLACES = 41
_SIMPLEX = {"xatol": 1e-6, "fatol": 1e-9}


@dataclass(frozen=True)
class HorizonFit:
    """A horizon, in the unit of the lengths.

    Attributes:
        estimate: 0 if it is below the shortest length tried, ∞ if beyond the longest.
        low: lower end of the interval; 0 if it is below the shortest.
        high: upper end of the interval; ∞ if it is beyond the longest.
    """

    estimate: float
    low: float
    high: float


def fit_horizon(
    lengths: Sequence[float],
    solved: Sequence[int],
    runs: Sequence[int],
    share: float = SHARE,
    level: float = 0.025,
) -> HorizonFit:
    """The length at which a share of the runs is solved, and its interval.

    Args:
        lengths: two or more, ascending and distinct, above 0.
        solved: how many runs were solved at each.
        runs: of how many, 1 or more.
        share: s, between 0 and 1.
        level: half of what the interval leaves out.

    Raises:
        ValueError: if the lengths or numbers are not like that.
    """
    curve = _Curve(lengths, solved, runs, share)
    estimate = curve.penalised_estimate()
    low, high = _interval(curve, estimate, float(scipy.stats.chi2.ppf(1 - 2 * level, 1)))
    return HorizonFit(*(curve.length(x) for x in (min(max(estimate, low), high), low, high)))


class _Curve:
    """The log likelihood of the curve, in x = log T; a horizon is x_h = log H."""

    def __init__(
        self, lengths: Sequence[float], solved: Sequence[int], runs: Sequence[int], share: float
    ) -> None:
        T, k, n = (np.asarray(each, dtype=float) for each in (lengths, solved, runs))
        if not (len(T) == len(k) == len(n) >= 2 and (T > 0).all() and (np.diff(T) > 0).all()):
            raise ValueError(f"lengths {lengths}: two or more, ascending, with as many counts")
        if not ((n >= 1) & (k >= 0) & (k <= n)).all() or not 0 < share < 1:
            raise ValueError(f"{solved} of {runs} runs, share {share}: not possible")
        self.x, self._k, self._n, self._at = np.log(T), k, n, float(scipy.special.logit(share))

    def length(self, x: float) -> float:
        """A length tried or between those; 0 below and ∞ above them."""
        first, last = self.x[0], self.x[-1]
        return 0.0 if x < first else float("inf") if x > last else float(np.exp(x))

    def log_likelihood(self, logits: Floats) -> Floats:
        """Of log odds (..., J) at the J lengths."""
        total: Floats = (
            self._k * scipy.special.log_expit(logits)
            + (self._n - self._k) * scipy.special.log_expit(-logits)
        ).sum(-1)
        return total

    def coarse_profile(self, horizons: Floats) -> Floats:
        """The largest log likelihood of horizons (M,) over slopes of a few percent's distance."""
        b_S1 = np.exp(_SLOPES)[:, None]
        logits_MSJ = self._at - b_S1 * (self.x - horizons[:, None, None])
        best: Floats = self.log_likelihood(logits_MSJ).max(axis=1)
        return best

    def profile(self, horizon: float) -> float:
        """The largest log likelihood of a horizon over all slopes."""

        def loss(log_b: Floats | float) -> Floats:
            return -self.log_likelihood(self._at - np.exp(log_b) * (self.x - horizon))

        coarse = loss(_SLOPES[:, None])
        best = int(np.argmin(coarse))
        around = _SLOPES[max(best - 1, 0)], _SLOPES[min(best + 1, len(_SLOPES) - 1)]
        found = scipy.optimize.minimize_scalar(loss, bounds=around, method="bounded")
        return -float(min(found.fun, coarse[best]))

    def maximum(self) -> float:
        """The largest log likelihood of all, or what it comes near to without end."""
        # Of a horizon at either end of the world.
        constant = scipy.special.logit(self._k.sum() / self._n.sum())
        flat = self.log_likelihood(np.full_like(self.x, np.clip(constant, -50, 50)))
        first, last = self.x[0], self.x[-1]
        outer = (last - first) * np.geomspace(0.01, 1000, _PLACES)  # as far as curves are flat
        places = np.concatenate(
            [first - outer[::-1], np.linspace(first, last, _PLACES), last + outer]
        )
        best = int(np.argmax(self.coarse_profile(places)))
        around = places[max(best - 1, 0)], places[min(best + 1, len(places) - 1)]
        found = scipy.optimize.minimize_scalar(
            lambda x: -self.profile(x), bounds=around, method="bounded"
        )
        return float(max(flat, self.profile(places[best]), -found.fun))

    def penalised_estimate(self) -> float:
        """The horizon of the largest penalised likelihood; infinite where the curve is flat."""
        middle = self.x.mean()

        def loss(parameters: Floats) -> float:
            logits = parameters[0] - parameters[1] * (self.x - middle)
            w = self._n * scipy.special.expit(logits) * scipy.special.expit(-logits)
            spread = (w * (self.x - np.average(self.x, weights=w)) ** 2).sum()
            return -float(self.log_likelihood(logits) + 0.5 * np.log(w.sum() * spread))

        a, b = scipy.optimize.minimize(
            loss, (0.0, 1.0), bounds=((-20, 20), (0, 20)), method="Nelder-Mead", options=_SIMPLEX
        ).x
        above = a - self._at
        return float(middle + above / b) if b > 0 else float(np.copysign(np.inf, above))


def _interval(curve: _Curve, estimate: float, most: float) -> tuple[float, float]:
    """The ends among the lengths tried, infinite where the likelihood sets none there."""
    first, last, best = float(curve.x[0]), float(curve.x[-1]), curve.maximum()

    def beyond(x: float) -> float:
        return 2 * (best - curve.profile(x)) - most

    places = np.unique([*np.linspace(first, last, _PLACES), np.clip(estimate, first, last)])
    inside = np.flatnonzero(2 * (best - curve.coarse_profile(places)) <= most)
    if not len(inside):  # the whole interval lies on one side of the lengths
        return (last, np.inf) if estimate > last else (-np.inf, first)

    def end(place: int, step: int) -> float:
        """From the outermost place known to be inside: where it ends, or ∞ if no place is out."""
        while 0 <= place + step < len(places):
            if beyond(places[place + step]) > 0:
                return float(
                    scipy.optimize.brentq(beyond, places[place], places[place + step], xtol=1e-4)
                )
            place += step
        return step * np.inf

    return end(int(inside[0]), -1), end(int(inside[-1]), 1)
