"""Outcomes that are times until something is reached, and runs that were solved or not."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from tools.calibrating.values import Floats, Generator, Pairs

HORIZON = 2_500.0
STEP = 25.0
RATIO = 1.25
"""The margin of times: how many times as long the second arm has to take."""


@dataclass(frozen=True)
class Times:
    """Log-normal times that are looked at every 25 updates, infinite beyond 2,500.

    Attributes:
        middle: the median time of the first arm.
        ratio: how many times as long the second arm takes.
        spread: of the logarithms, of both arms.
    """

    middle: float
    ratio: float = RATIO
    spread: tuple[float, float] = (0.5, 0.5)

    def __call__(self, rng: Generator, studies: int, seeds: int) -> Pairs:
        """Times of both arms."""
        x, y = (
            np.ceil(rng.lognormal(np.log(middle), spread, (studies, seeds)) / STEP) * STEP
            for middle, spread in zip(self.middles, self.spread, strict=True)
        )
        return np.where(x > HORIZON, np.inf, x), np.where(y > HORIZON, np.inf, y)

    @property
    def middles(self) -> tuple[float, float]:
        """The median times of both arms."""
        return self.middle, self.middle * self.ratio

    def share_above(self) -> float:
        """In which share of seeds the second arm takes more than `RATIO` times as long."""
        ends = np.arange(0, HORIZON + STEP, STEP)
        reached = np.diff(self._by(ends, 0))
        longer = 1 - self._by(np.minimum(np.floor(RATIO * ends[1:] / STEP) * STEP, HORIZON), 1)
        return float(reached @ longer)

    def _by(self, times: Floats, arm: int) -> Floats:
        with np.errstate(divide="ignore"):
            found: Floats = norm.cdf(np.log(times / self.middles[arm]) / self.spread[arm])
        return found


def times_at_half(middle: float, spread: tuple[float, float] = (0.5, 0.5)) -> Times:
    """Times of which the second arm's are beyond the margin in exactly half of the seeds."""

    def beyond(ratio: float) -> float:
        return Times(middle, ratio, spread).share_above() - 0.5

    return Times(middle, float(brentq(beyond, 0.5, 50)), spread)


@dataclass(frozen=True)
class Shares:
    """Runs that were solved, 1, or not, 0; chances of both, the first alone, the second alone."""

    both: float
    first: float
    second: float

    def __call__(self, rng: Generator, studies: int, seeds: int) -> Pairs:
        """Outcomes of both arms."""
        u = rng.random((studies, seeds))
        only_first = (u >= self.both) & (u < self.both + self.first)
        only_second = (u >= self.both + self.first) & (u < self.both + self.first + self.second)
        return ((u < self.both) | only_first) * 1.0, ((u < self.both) | only_second) * 1.0


def independent(first: float, second: float) -> Shares:
    """Shares of two arms that have nothing to do with each other."""
    return Shares(first * second, first * (1 - second), (1 - first) * second)
