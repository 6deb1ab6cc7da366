"""What a statement is, and what it is made of."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeVar

if TYPE_CHECKING:
    from assay.study.file import Part

T = TypeVar("T")
Values = Sequence[float]
"""An outcome of each arm of a part, in its order, of one seed; ∞ is a time never reached."""


@dataclass(frozen=True)
class Finding:
    """What was found of a part, to be put in words.

    Attributes:
        what: the outcome.
        arms: the names of its arms, in the part's order.
        effect: in the claimed direction.
        size: how large the effect is, with its unit and without its sign.
        threshold: the part's, 0 where it has none.
        amount: a value of the outcome in words.
    """

    what: str
    arms: list[str]
    effect: float
    size: str
    threshold: float
    amount: Callable[[float], str]


class Statement(ABC):
    """What a part may say.

    Attributes:
        needs: the keys that a part has to have for it, of against, threshold and gain.
        takes: those that it may have.
        kinds: what may be asked of the runs.
        arms: how many arms `of` lists, at least and at most; None: it names one.
        compares: whether it sets two arms against each other.
        of_times: whether it is about times to reach something.
        downward: whether an effect in the claimed direction is a fall.
        ways: what a difference above 0 is called, and one below.
        sides: what the first of two arms does, by the claim and the other way round, where
            universes can ask it.
    """

    needs: ClassVar[tuple[str, ...]] = ()
    takes: ClassVar[tuple[str, ...]] = ()
    kinds: ClassVar[tuple[str, ...]] = ("majority", "solved", "shift")
    arms: ClassVar[tuple[int, float] | None] = None
    compares: ClassVar[bool] = False
    of_times: ClassVar[bool] = False
    downward: ClassVar[bool] = False
    ways: ClassVar[tuple[str, str]] = ("higher", "lower")
    sides: ClassVar[tuple[str, str] | None] = None

    def check(self, part: "Part") -> None:
        """See that a part says what the statement needs, and nothing that it does not take.

        Raises:
            ValueError: naming the key.
        """
        named = f"test = {part.test!r}"
        for key in ("against", "threshold", "gain", "limit"):
            value = getattr(part, key)
            if value is not None and key not in self.needs + self.takes:
                raise ValueError(f"{named} takes no {key!r}")
            if value is None and key in self.needs:
                raise ValueError(f"{named} needs {key!r}")
        if part.kind not in self.kinds:
            raise ValueError(
                f"{named} and kind = {part.kind!r} do not go together: its kind should be "
                + " or ".join(map(repr, self.kinds))
            )
        listed = len(part.of) if isinstance(part.of, list) else None
        if self.arms is None and listed is not None:
            raise ValueError(f"{named}: 'of' should be one arm, not a list")
        if self.arms is not None and not self.arms[0] <= (listed or 0) <= self.arms[1]:
            most = "" if self.arms[0] == self.arms[1] else " or more"
            raise ValueError(f"{named}: 'of' should be a list of {self.arms[0]}{most} arms")

    def ordered(self, arms: Sequence[T]) -> Sequence[T]:
        """The arms so that the effect in the claimed direction is the first less the second.

        Of a trend, so that it rises.
        """
        return arms

    def way(self, effect: float) -> str:
        """Which way it went, by an effect in the claimed direction."""
        return self.ways[(effect < 0) != self.downward]

    @abstractmethod
    def effect(self, part: "Part", values: Values) -> float:
        """The effect of one seed in the claimed direction, in the unit of the margin."""

    def excess(self, part: "Part", values: Values) -> float:
        """By how much a seed's effect exceeds the margin: above 0 the seed shows the statement."""
        return self.effect(part, values) - part.margin

    def beyond(self, part: "Part", values: Values) -> bool:
        """Whether a seed lies beyond the margin on the other side: it shows the contrary."""
        return self.effect(part, values) < -part.margin

    @abstractmethod
    def asks(self, margin: float, size: str, threshold: str) -> str:
        """What the test asks for; `size` is the margin with its unit."""

    @abstractmethod
    def found(self, found: Finding) -> str:
        """What was found, as a clause."""

    def apart(self, size: str, effect: float, threshold: str) -> str:
        """How far apart shares of runs are, as the end of a clause."""
        return f", a difference of {size}"


def by_more(margin: float, size: str) -> str:
    """By how much it has to be more."""
    return f" by more than {size}" if margin else ""


def set_off(text: str) -> str:
    """With a comma after it, where it has one within."""
    return f"{text}," if "," in text else text
