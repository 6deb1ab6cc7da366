"""Arms in order: rising or falling from each to the next, or gaining less and less."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assay.statements.base import Finding, Statement, set_off
from assay.statements.trial import Arm, Tests, Trial

if TYPE_CHECKING:
    from assay.study.file import Part


class Rising(Statement):
    """From end to end by more than the margin, and no step back by more than it."""

    kinds = ("smooth", "bounded")
    arms = (2, math.inf)
    ways = ("rises", "falls")
    doubt = "it is not sure of every step on the way that it does not go back by more than {size}"

    def tried(self, part: "Part", arms: Sequence[Arm], by: Tests[Arm]) -> Trial:
        return by.ordered(self.ordered(arms))

    def asks(self, margin: float, size: str, threshold: str) -> str:
        return f"{self.ways[self.downward]} in the order listed (margin {size})"

    def found(self, found: Finding) -> str:
        ends = f"from {found.arms[0]} to {set_off(found.arms[-1])}"
        return f"{ends} the {set_off(found.what)} {self.way(found.effect)} by {found.size}"


class Falling(Rising):
    """The other way round."""

    downward = True

    def ordered(self, arms: Sequence[Arm]) -> Sequence[Arm]:
        return arms[::-1]


class Diminishing(Statement):
    """Of three arms, the first of a run's two gains exceeds the second by more than the margin."""

    needs = ("gain",)
    kinds = ("smooth", "bounded")
    arms = (3, 3)
    within = True
    ways = ("less", "more")

    def tried(self, part: "Part", arms: Sequence[Arm], by: Tests[Arm]) -> Trial:
        sign = 1 if part.gain == "up" else -1

        def less_gained(start: Any, middle: Any, end: Any) -> Any:
            return sign * ((middle - start) - (end - middle))

        return by.within(arms, less_gained)

    def asks(self, margin: float, size: str, threshold: str) -> str:
        return f"changes less and less in the order listed (margin {size})"

    def found(self, found: Finding) -> str:
        first, second, third = _moments(found.arms)
        steps = f"from {second} to {third} than from {first} to {second}"
        return (
            f"the {set_off(found.what)} improves by {found.size} {self.way(found.effect)} {steps}"
        )


def _moments(labels: list[str]) -> list[str]:
    """Three moments of one arm by their updates alone."""
    arms = {label.rpartition(", update ")[0] for label in labels}
    if len(arms) > 1 or arms == {""}:
        return labels
    return [f"update\u00a0{label.rpartition(', update ')[2]}" for label in labels]
