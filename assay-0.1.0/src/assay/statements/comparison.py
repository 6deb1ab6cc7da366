"""One arm against another: greater, smaller, faster, or the same."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from assay.statements.base import Finding, Statement, by_more, set_off
from assay.statements.trial import Arm, Tests, Trial

if TYPE_CHECKING:
    from assay.study.file import Part


class Greater(Statement):
    """`of` has more than `against`, by more than the margin."""

    needs = ("against",)
    takes: ClassVar[tuple[str, ...]] = ("paired",)
    compares = True
    sides: ClassVar[tuple[str, str] | None] = ("is solved more often than", "less often")
    word: ClassVar[str] = "greater"

    def tried(self, part: "Part", arms: Sequence[Arm], by: Tests[Arm]) -> Trial:
        of, against = self.ordered(arms)
        return by.more(of, against)

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

    def ordered(self, arms: Sequence[Arm]) -> Sequence[Arm]:
        return arms[::-1]


class Faster(Greater):
    """`against` takes more times as long as `of` than the margin says."""

    takes = ()
    kinds = ("time",)
    ways = ("later", "earlier")
    sides = ("is solved sooner than", "later")

    def asks(self, margin: float, size: str, threshold: str) -> str:
        return f"the other takes more than {size} as many updates"


class Equivalent(Greater):
    """Two arms differ by less than the margin, either way."""

    sides = None

    def check(self, part: "Part") -> None:
        super().check(part)
        if part.margin == 0:
            raise ValueError("margin = 0: of test 'equivalent' it should be greater than 0")

    def tried(self, part: "Part", arms: Sequence[Arm], by: Tests[Arm]) -> Trial:
        of, against = arms
        return by.same(of, against)

    def asks(self, margin: float, size: str, threshold: str) -> str:
        return f"the same within {size}"

    def meaning(self, low: float, high: float, margin: float, size: str, none: float) -> str:
        if -margin <= low and high <= margin:
            return f"All of the interval is within {size} either way, so it makes no difference."
        if low >= margin or high <= -margin:
            return f"All of the interval is beyond {size}, so it does make a difference."
        return f"The interval holds differences both below and above {size}."
