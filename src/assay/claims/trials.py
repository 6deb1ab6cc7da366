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
from functools import cache, partial
from itertools import accumulate
from operator import add

from assay.claims.effects import SeedEffect
from assay.claims.evalues import majority, shift_path, two_shares
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

Counts = tuple[int, ...]
_NOTHING: Counts = (0, 0, 0, 0)


def evidence_path(part: Part, most: float, effects: Sequence[SeedEffect]) -> list[Evidence]:
    """The evidence after no seed, after the first, and so on: one more than there are effects.

    Args:
        part: what is asked.
        most: the share of runs that has to be exceeded.
        effects: the seeds, in the order in which they count.
    """
    if part.kind == "shift":
        return _shift_path(part, effects)
    weigh, counts = _weighing(part, most), _counting(part, effects)
    sums = accumulate(counts, lambda *both: tuple(map(add, *both)), initial=_NOTHING)
    return [weigh(seeds, found) for seeds, found in enumerate(sums)]


def evidence_of(part: Part, most: float, effects: Sequence[SeedEffect]) -> Evidence:
    """The evidence after all these seeds; the arguments are those of `evidence_path`."""
    if part.kind == "shift":
        return _shift_path(part, effects)[-1]
    counts = _counting(part, effects)
    return _weighing(part, most)(len(counts), tuple(map(sum, zip(_NOTHING, *counts, strict=True))))


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


def counted_evidence(yes: int, no: int, runs: int, most: float) -> Evidence:
    """Of kind majority: from how many runs show it, and how many have a value and do not."""
    return Evidence(_counted(yes, runs, most), _counted(no, runs, 1 - most))


def _counting(part: Part, effects: Sequence[SeedEffect]) -> list[Counts]:
    """What each seed counts for.

    Of one arm, and of kind majority: that it shows the statement, that it does not. Of two shares:
    that only the first arm is solved, that only the other is, where a missing run speaks for the
    other; and the same where it speaks for the first.
    """
    if part.kind == "majority":
        return [(each.sign == 1, each.sign in (0, -1), 0, 0) for each in effects]
    if part.threshold is not None:
        # What is below a share of solved runs is above a share of those that are not.
        wanted = 0.0 if part.statement.downward else 1.0
        found = [None if each.sign is None else _solved(part, each)[0] for each in effects]
        return [(one == wanted, one == 1 - wanted, 0, 0) for one in found]
    return [(*_only(part, each, False), *_only(part, each, True)) for each in effects]


def _only(part: Part, effect: SeedEffect, missing: bool) -> tuple[bool, bool]:
    """Whether only the first arm is solved, only the other; of a missing first one `missing`."""
    first, other = (
        absent if math.isnan(value) else value >= (part.solved or 0.0)
        for value, absent in zip(
            part.statement.ordered(effect.values), (missing, not missing), strict=True
        )
    )
    return first > other, other > first


def _weighing(part: Part, most: float) -> Callable[[int, Counts], Evidence]:
    """The evidence of so many seeds that count for so much."""
    if part.kind == "solved":
        if part.threshold is None:
            return partial(_shares, part)
        bound = part.threshold
        most = (1 - bound if part.statement.downward else bound) + part.margin
    if not 0 < most < 1:
        return lambda *_: NONE
    return lambda seeds, counts: counted_evidence(counts[0], counts[1], seeds, most)


def _shares(part: Part, seeds: int, counts: Counts) -> Evidence:
    """Of the first arm's share of solved runs being more than the margin above the other's.

    Of `equivalent`: of their being less than the margin apart, either way.
    """
    won, lost, won_at_most, lost_at_least = counts
    support = partial(two_shares, won, lost, seeds)
    other = partial(two_shares, lost_at_least, won_at_most, seeds)
    margin = part.margin
    if part.statement.sides is not None:
        return Evidence(support(margin), other(-margin))
    near, apart = [each(-margin) for each in (support, other)], support(margin) + other(margin)
    return Evidence(min(near), apart / 2)


def _shift_path(part: Part, effects: Sequence[SeedEffect]) -> list[Evidence]:
    support = [-math.inf if math.isnan(each.effect) else each.effect for each in effects]
    against = [-math.inf if math.isnan(each.effect) else -each.effect for each in effects]
    sides = shift_path(support, part.margin), shift_path(against, -part.margin)
    return [Evidence(*each) for each in zip(*sides, strict=True)]


def _solved(part: Part, effect: SeedEffect) -> list[float]:
    return [float(value >= (part.solved or 0.0)) for value in effect.values]
