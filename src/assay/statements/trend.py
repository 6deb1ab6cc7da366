"""Arms in order: rising or falling from each to the next, or gaining less and less."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from assay.statements.base import Finding, Statement, T, Values, set_off

if TYPE_CHECKING:
    from assay.study.file import Part


class Rising(Statement):
    """From end to end by more than the margin, and no step back by more than it."""

    kinds: ClassVar[tuple[str, ...]] = ("majority",)
    arms = (2, math.inf)
    ways = ("rises", "falls")

    def effect(self, part: "Part", values: Values) -> float:
        up = self.ordered(values)
        return up[-1] - up[0]

    def excess(self, part: "Part", values: Values) -> float:
        return _rises(self.ordered(values), part.margin)

    def beyond(self, part: "Part", values: Values) -> bool:
        return _rises(self.ordered(values)[::-1], part.margin) > 0

    def asks(self, margin: float, size: str, threshold: str) -> str:
        return f"{self.ways[self.downward]} in the order listed (margin {size})"

    def found(self, found: Finding) -> str:
        ends = f"from {found.arms[0]} to {set_off(found.arms[-1])}"
        return f"{ends} the {set_off(found.what)} {self.way(found.effect)} by {found.size}"


class Falling(Rising):
    """The other way round."""

    downward = True

    def ordered(self, arms: Sequence[T]) -> Sequence[T]:
        return arms[::-1]


class Diminishing(Statement):
    """Of three arms, the first of a run's two gains exceeds the second by more than the margin."""

    needs = ("gain",)
    kinds = ("majority", "shift")
    arms = (3, 3)
    ways = ("less", "more")

    def effect(self, part: "Part", values: Values) -> float:
        start, middle, end = values
        less = (middle - start) - (end - middle)
        return less if part.gain == "up" else -less

    def asks(self, margin: float, size: str, threshold: str) -> str:
        return f"changes less and less in the order listed (margin {size})"

    def found(self, found: Finding) -> str:
        first, second, third = _moments(found.arms)
        steps = f"from {second} to {third} than from {first} to {second}"
        return (
            f"the {set_off(found.what)} improves by {found.size} {self.way(found.effect)} {steps}"
        )


def _rises(values: Values, margin: float) -> float:
    """By how much a rise exceeds the margin; below 0, a step back does."""
    whole = values[-1] - values[0] - margin
    back = margin + min(up - low for low, up in pairwise(values))
    return whole if back >= 0 else min(whole, back)


def _moments(labels: list[str]) -> list[str]:
    """Three moments of one arm by their updates alone."""
    arms = {label.rpartition(", update ")[0] for label in labels}
    if len(arms) > 1 or arms == {""}:
        return labels
    return [f"update\u00a0{label.rpartition(', update ')[2]}" for label in labels]
