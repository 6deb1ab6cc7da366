"""One arm against a value: above it, or below."""

from typing import TYPE_CHECKING

from assay.statements.base import Finding, Statement, Values, by_more, set_off

if TYPE_CHECKING:
    from assay.study.file import Part


class Above(Statement):
    """The arm is above the threshold, by more than the margin."""

    needs = ("threshold",)
    ways = ("above", "below")

    def effect(self, part: "Part", values: Values) -> float:
        (value,) = values
        above = value - (part.threshold or 0.0)
        return -above if self.downward else above

    def asks(self, margin: float, size: str, threshold: str) -> str:
        return f"{self.ways[self.downward]} {threshold}{by_more(margin, size)}"

    def found(self, found: Finding) -> str:
        itself = found.threshold + (-found.effect if self.downward else found.effect)
        side = self.apart(found.size, found.effect, found.amount(found.threshold))
        what = f"for {set_off(found.arms[0])} the {set_off(found.what)}"
        return f"{what} is {found.amount(itself)}{side}"

    def apart(self, size: str, effect: float, threshold: str) -> str:
        return f", which is {size} {self.way(effect)} {threshold}"


class Below(Above):
    """The arm is below the threshold, by more than the margin."""

    downward = True
