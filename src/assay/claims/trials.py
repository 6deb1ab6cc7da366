"""A part of a claim put on trial: its evidence after each seed.

The rule, which reads nothing of the result:

    kind       two arms, or more            one arm
    majority   share of seeds that show it  the same
    solved     two shares of runs           share of runs
    shift      symmetric about the margin   the same

A run without a value counts against whichever verdict is being tried.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from assay.claims.effects import SeedEffect
from assay.claims.evalues import majority, two_shares
from assay.claims.evalues.shift import course
from assay.study.file import Part


@dataclass(frozen=True)
class Evidence:
    """The e-values of a statement and against it; 20 is 20 to 1."""

    support: float
    against: float

    @property
    def larger(self) -> float:
        """That of the two which says more."""
        return max(self.support, self.against)


NONE = Evidence(1.0, 1.0)


def evidence_path(part: Part, most: float, effects: Sequence[SeedEffect]) -> list[Evidence]:
    """The evidence after no seed, after the first, and so on: one more than there are effects.

    Args:
        part: what is asked.
        most: the share of runs that has to be exceeded.
        effects: the seeds, in the order in which they count.
    """
    if part.kind == "majority":
        return _majority_path(most, effects)
    if part.kind == "shift":
        return _shift_path(part, effects)
    return [evidence_of(part, most, effects[:seeds]) for seeds in range(len(effects) + 1)]


def evidence_of(part: Part, most: float, effects: Sequence[SeedEffect]) -> Evidence:
    """The evidence after all these seeds; the arguments are those of `evidence_path`."""
    return _RULES[part.kind](part, most, effects)


def shown(part: Part, effect: SeedEffect) -> bool | None:
    """Whether a seed shows the statement; None where a value is missing."""
    if effect.sign is None:
        return None
    if part.kind != "solved":
        return effect.sign > 0
    return part.statement.excess(part, _solved(part, effect)) > 0


# Looking ahead asks for the same few counts thousands of times.
_counted = cache(majority)


def shares_turned(part: Part, effects: Sequence[SeedEffect]) -> bool:
    """Of kind solved: whether the shares of solved runs lie beyond the margin on the other side.

    Of seeds that have a value.
    """
    if not effects:
        return False
    shares = [
        sum(column) / len(effects)
        for column in zip(*(_solved(part, each) for each in effects), strict=True)
    ]
    return part.statement.beyond(part, shares)


def _majority(part: Part, most: float, effects: Sequence[SeedEffect]) -> Evidence:
    yes = sum(each.sign == 1 for each in effects)
    no = sum(each.sign in (0, -1) for each in effects)
    return counted_evidence(yes, no, len(effects), most)


def _majority_path(most: float, effects: Sequence[SeedEffect]) -> list[Evidence]:
    """As `_majority` of each beginning; counted once, since tables may have thousands of seeds."""
    yes = accumulate((each.sign == 1 for each in effects), initial=0)
    no = accumulate((each.sign in (0, -1) for each in effects), initial=0)
    return [
        counted_evidence(*counts, runs, most)
        for runs, counts in enumerate(zip(yes, no, strict=True))
    ]


def counted_evidence(yes: int, no: int, runs: int, most: float) -> Evidence:
    """Of kind majority: from how many runs show it, and how many have a value and do not."""
    return Evidence(_counted(yes, runs, most), _counted(no, runs, 1 - most))


def _solved_share(part: Part, most: float, effects: Sequence[SeedEffect]) -> Evidence:
    if part.threshold is not None:
        return _one_share(part, part.threshold, effects)
    if part.statement.sides is None:  # equivalent: less than the margin apart, either way
        ways = [_shares(part, effects, -part.margin, swap) for swap in (False, True)]
        apart = [_shares(part, effects, part.margin, swap) for swap in (False, True)]
        return Evidence(min(e.support for e in ways), sum(e.support for e in apart) / 2)
    return _shares(part, effects, part.margin, swap=False)


def _shares(part: Part, effects: Sequence[SeedEffect], margin: float, swap: bool) -> Evidence:
    """Of the first arm's share of solved runs being more than the margin above the other's."""

    def pairs(missing: tuple[bool, bool]) -> list[tuple[bool, bool]]:
        found = []
        for each in effects:
            first, other = (
                absent if math.isnan(value) else value >= (part.solved or 0.0)
                for value, absent in zip(
                    part.statement.ordered(each.values), missing[:: -1 if swap else 1], strict=True
                )
            )
            found.append((other, first) if swap else (first, other))
        return found

    against = [(other, first) for first, other in pairs((True, False))]
    return Evidence(two_shares(pairs((False, True)), margin), two_shares(against, -margin))


def _one_share(part: Part, threshold: float, effects: Sequence[SeedEffect]) -> Evidence:
    # What is below a share of solved runs is above a share of those that are not.
    down = part.statement.downward
    start = (1 - threshold if down else threshold) + part.margin
    if not 0 < start < 1:
        return NONE
    known = [each.values[0] >= (part.solved or 0.0) for each in effects if each.sign is not None]
    yes = sum(solved != down for solved in known)
    runs = len(effects)
    return Evidence(_counted(yes, runs, start), _counted(len(known) - yes, runs, 1 - start))


def _shift(part: Part, most: float, effects: Sequence[SeedEffect]) -> Evidence:
    return _shift_path(part, effects)[-1]


def _shift_path(part: Part, effects: Sequence[SeedEffect]) -> list[Evidence]:
    support = [-math.inf if math.isnan(each.effect) else each.effect for each in effects]
    against = [-math.inf if math.isnan(each.effect) else -each.effect for each in effects]
    sides = course(support, part.margin), course(against, -part.margin)
    return [NONE, *(Evidence(*each) for each in zip(*sides, strict=True))]


def _solved(part: Part, effect: SeedEffect) -> list[float]:
    return [float(value >= (part.solved or 0.0)) for value in effect.values]


_RULES: dict[str, Callable[[Part, float, Sequence[SeedEffect]], Evidence]] = {
    "majority": _majority,
    "solved": _solved_share,
    "shift": _shift,
}
