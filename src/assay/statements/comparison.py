"""One arm against another: greater, smaller, faster, or the same."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from assay.statements.base import Finding, Statement, T, Values, by_more, set_off

if TYPE_CHECKING:
    from assay.study.file import Part


class Greater(Statement):
    """`of` has more than `against`, by more than the margin."""

    needs = ("against",)
    takes: ClassVar[tuple[str, ...]] = ("limit",)
    compares = True
    sides: ClassVar[tuple[str, str] | None] = ("is solved more often than", "less often")
    word: ClassVar[str] = "greater"

    def effect(self, part: "Part", values: Values) -> float:
        of, against = self.ordered(values)
        return of - against

    def asks(self, margin: float, size: str, threshold: str) -> str:
        return f"{self.word} in the first{by_more(margin, size)}"

    def found(self, found: Finding) -> str:
        of, against = found.arms
        if found.effect == 0:
            return f"the {set_off(found.what)} is the same for {of} and {against}"
        apart = f"{found.size} {self.way(found.effect)} for {set_off(of)} than for {against}"
        return f"the {set_off(found.what)} is {apart}"


class Smaller(Greater):
    """`of` has less than `against`: the other is greater."""

    downward = True
    sides = ("is solved less often than", "more often")
    word = "smaller"

    def ordered(self, arms: Sequence[T]) -> Sequence[T]:
        return arms[::-1]


class Faster(Greater):
    """`against` takes more times as long as `of` than the margin says.

    A time never reached is later than every one that was; two of them tell nothing apart.
    """

    takes = ()
    kinds = ("majority",)
    of_times = True
    ways = ("later", "earlier")
    sides = ("is solved sooner than", "later")

    def effect(self, part: "Part", values: Values) -> float:
        of, against = values
        if of == against:
            return 1.0
        return against / of if of else math.inf

    def beyond(self, part: "Part", values: Values) -> bool:
        return self.effect(part, values[::-1]) > part.margin

    def asks(self, margin: float, size: str, threshold: str) -> str:
        return f"the other takes more than {size} as many updates"


class Equivalent(Greater):
    """Two arms differ by less than the margin, either way."""

    takes = ()
    kinds = ("majority", "solved")
    sides = None

    def check(self, part: "Part") -> None:
        super().check(part)
        if part.margin == 0:
            raise ValueError("margin = 0: of test 'equivalent' it should be greater than 0")

    def excess(self, part: "Part", values: Values) -> float:
        return part.margin - abs(self.effect(part, values))

    def beyond(self, part: "Part", values: Values) -> bool:
        return self.excess(part, values) < 0

    def asks(self, margin: float, size: str, threshold: str) -> str:
        return f"the same within {size}"
