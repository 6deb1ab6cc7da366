"""Lines over the seeds of an arm, as they are read from its logs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """Points (x, y) of one seed, or of the median; y is NaN where a value was not finite."""

    x: Array
    y: Array

    @staticmethod
    def of(points: Iterable[tuple[float, float | None]]) -> "Line":
        """A line of points; None stands for a value that was not finite."""
        listed = list(points)
        x = np.array([x for x, _ in listed], dtype=np.float64)
        y = np.array([np.nan if y is None else y for _, y in listed], dtype=np.float64)
        return Line(x, y)


@dataclass(frozen=True)
class Lines:
    """A quantity, one line a seed."""

    seeds: list[Line]

    @cached_property
    def median(self) -> Line:
        """At each x, the median of the seeds that have a finite value there."""
        return self._over_seeds(lambda values: float(np.median(values)))

    @property
    def ends(self) -> tuple[Line, Line]:
        """At each x, the least and the largest finite value of a seed."""
        return self._over_seeds(min), self._over_seeds(max)

    @property
    def empty(self) -> bool:
        """Whether no seed has a finite value."""
        return not any(np.isfinite(line.y).any() for line in self.seeds)

    def _over_seeds(self, what: Callable[[list[float]], float]) -> Line:
        at: dict[float, list[float]] = {}
        for line in self.seeds:
            for x, y in zip(line.x.tolist(), line.y.tolist(), strict=True):
                values = at.setdefault(x, [])
                if np.isfinite(y):
                    values.append(y)
        return Line.of((x, what(at[x]) if at[x] else None) for x in sorted(at))
