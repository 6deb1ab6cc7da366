"""What a test of an effect against a margin gives, and the tests that statements are made of."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from assay.study.file import Part

Arm = TypeVar("Arm")


@dataclass(frozen=True)
class Trial:
    """An effect, put on trial against a margin δ.

    All of it is in the claimed direction: an effect above 0 is on the side of the claim.

    Attributes:
        effect: its estimate, in the unit of the margin; infinite for a ratio of times of which the
            slower was never reached, NaN where nothing can be estimated.
        low: lower end of the interval; −∞ where the test cannot bound it.
        high: upper end of the interval.
        p_supported: p-value of H0: effect ≤ δ. Small, it supports the claim.
        p_refuted: p-value of H0: effect ≥ δ. Small, it refutes the claim.
        method: the test, in words.
    """

    effect: float
    low: float
    high: float
    p_supported: float
    p_refuted: float
    method: str


def equivalent(against: Callable[[float], Trial], margin: float) -> Trial:
    """Two one-sided tests of |effect| < margin, in both directions.

    Supported is the larger p-value of the two one-sided tests (Schuirmann 1987), which needs no
    correction. Refuted is an effect beyond either limit, so twice the smaller.

    Args:
        against: tests the effect against a margin.
        margin: δ, above 0.
    """
    below, above = against(margin), against(-margin)
    return replace(
        below,
        p_supported=max(above.p_supported, below.p_refuted),
        p_refuted=min(1.0, 2 * min(below.p_supported, above.p_refuted)),
        method=f"two one-sided tests, each a {below.method}",
    )


def in_order(whole: Trial, steps: Sequence[Trial]) -> Trial:
    """The test from end to end and those of every step, as one.

    Supported needs all of these tests, so the largest p-value (Berger 1982); refuted needs one, so
    the smallest, times how many there are. Effect and interval are from end to end.
    """
    tests = [whole, *steps]
    return replace(
        whole,
        p_supported=max(each.p_supported for each in tests),
        p_refuted=min(1.0, len(tests) * min(each.p_refuted for each in tests)),
        method=f"{whole.method} from end to end and of every step",
    )


class Tests(ABC, Generic[Arm]):
    """The tests of a part, for its kind of outcome and against its margin.

    An arm is its runs, or, to know before any run what a test can give, how many there will be.
    """

    def __init__(self, part: "Part") -> None:
        self.part = part

    @abstractmethod
    def two(self, of: Arm, against: Arm, margin: float) -> Trial:
        """Test of the difference of two arms, or of how many times as long `against` takes."""

    @abstractmethod
    def beyond(self, arm: Arm, *, above: bool) -> Trial:
        """Test of how far an arm is above the part's threshold, or below it."""

    @abstractmethod
    def within(self, arms: Sequence[Arm], effect: Callable[..., Any]) -> Trial:
        """Test of what `effect` makes of the values of each arm, seed by seed."""

    def more(self, of: Arm, against: Arm) -> Trial:
        """Test of one arm having more than another."""
        return self.two(of, against, self.part.margin)

    def same(self, of: Arm, against: Arm) -> Trial:
        """Test of two arms differing by less than the margin."""
        return equivalent(lambda margin: self.two(of, against, margin), self.part.margin)

    def ordered(self, arms: Sequence[Arm]) -> Trial:
        """Test of a rise from end to end by more than the margin, and no step back by more."""
        whole, margin = self.more(arms[-1], arms[0]), self.part.margin
        if len(arms) == 2:
            return whole
        return in_order(whole, [self.two(up, low, -margin) for low, up in pairwise(arms)])
