"""Outcomes that are values: in half of the seeds the first arm is above the other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Floats = NDArray[np.float64]
Generator = np.random.Generator
Pairs = tuple[Floats, Floats]


@dataclass(frozen=True)
class Normal:
    """Two normal arms (studies, seeds); `correlation` is that of the arms within a seed."""

    first: float = 1.0
    second: float = 1.0
    shift: float = 0.0
    correlation: float = 0.0

    def __call__(self, rng: Generator, studies: int, seeds: int) -> Pairs:
        """Values of both arms."""
        x, y = rng.normal(size=(2, studies, seeds))
        y = self.correlation * x + np.sqrt(1 - self.correlation**2) * y
        return self.first * x + self.shift, self.second * y


@dataclass(frozen=True)
class Collapse:
    """Steady values near 1, and near 9 where a run of the second arm collapses.

    Attributes:
        one_in: of how many seeds one collapses.
        above: the share of seeds in which the first arm is to be above the other.
    """

    one_in: int
    above: float = 0.5
    spread: float = 0.05

    @property
    def shift(self) -> float:
        """What lifts the first arm so that it is above in that share of seeds."""
        among_the_others = self.above / (1 - 1 / self.one_in)
        return float(np.sqrt(2) * self.spread * norm.ppf(among_the_others))

    @property
    def mean(self) -> float:
        """The mean difference of the arms."""
        return self.shift - 8 / self.one_in

    def __call__(self, rng: Generator, studies: int, seeds: int) -> Pairs:
        """Values of both arms."""
        x, y = 1 + self.spread * rng.normal(size=(2, studies, seeds))
        return x + self.shift, np.where(rng.random(y.shape) < 1 / self.one_in, 9 * y, y)


def log_normal(rng: Generator, studies: int, seeds: int) -> Pairs:
    """Two alike log-normal arms."""
    x, y = rng.lognormal(size=(2, studies, seeds))
    return x, y


def log_normal_against_steady(rng: Generator, studies: int, seeds: int) -> Pairs:
    """A log-normal arm, and one that stays near its median."""
    x, y = rng.normal(size=(2, studies, seeds))
    return np.exp(x), 1 + 0.05 * y


LOG_NORMAL_MEAN = float(np.exp(0.5) - 1)


def solved_or_chance(rng: Generator, studies: int, seeds: int) -> Pairs:
    """Accuracies near 0.9 in six of ten runs, and near chance in the others."""
    shape = (2, studies, seeds)
    x, y = np.where(rng.random(shape) < 0.6, 0.9, 0.1) + 0.01 * rng.normal(size=shape)
    return x, y


def constant_against_split(rng: Generator, studies: int, seeds: int) -> Pairs:
    """An arm that hardly varies, and one on both sides of it."""
    x, noise = 0.001 * rng.normal(size=(2, studies, seeds))
    return x, rng.choice([-1.0, 1.0], x.shape) + noise


@dataclass(frozen=True)
class Ceiling:
    """Accuracies at 1 in some of the runs of each arm, and evenly within 0.6 and 1 in the others.

    The first arm is above in (1-q)(1+p)/2 of the seeds, the two are tied in pq.
    """

    p: float
    q: float

    @property
    def mean(self) -> float:
        """The mean difference of the arms."""
        return 0.2 * (self.p - self.q)

    def __call__(self, rng: Generator, studies: int, seeds: int) -> Pairs:
        """Values of both arms."""
        below_x, below_y = rng.uniform(0.6, 1, size=(2, studies, seeds))
        at_x, at_y = rng.random((2, studies, seeds))
        return np.where(at_x < self.p, 1.0, below_x), np.where(at_y < self.q, 1.0, below_y)
