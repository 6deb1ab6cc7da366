"""A claim's evidence with seeds that are yet to be trained: how many would decide it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assay.claims.effects import SeedEffect
from assay.claims.path import claim_path
from assay.claims.trials import Evidence, counted_evidence, evidence_of
from assay.study.file import Part


@dataclass(frozen=True)
class Majority:
    """What counts of the seeds of a part of that kind, so that parts alike are worked out once."""

    yes: int
    no: int
    runs: int

    def after(self, most: float, agree: int, disagree: int, *, shows: bool) -> Evidence:
        """The evidence with so many seeds more, of which those that agree show it, or do not."""
        yes, no = (agree, disagree) if shows else (disagree, agree)
        return counted_evidence(self.yes + yes, self.no + no, self.runs + agree + disagree, most)

    def further(self, shows: bool, seeds: int) -> "Majority":
        """With so many seeds more that show it, or do not."""
        yes, no = (seeds, 0) if shows else (0, seeds)
        return Majority(self.yes + yes, self.no + no, self.runs + seeds)


@dataclass(frozen=True, eq=False)
class Other:
    """The seeds of a part of another kind."""

    part: Part
    had: Sequence[SeedEffect]

    @property
    def runs(self) -> int:
        """How many."""
        return len(self.had)

    def after(self, most: float, agree: int, disagree: int, *, shows: bool) -> Evidence:
        """As of `Majority`."""
        yes, no = (imagined(self.part, self.had, each) for each in (shows, not shows))
        return evidence_of(self.part, most, [*self.had, *[yes] * agree, *[no] * disagree])

    def further(self, shows: bool, seeds: int) -> "Other":
        """As of `Majority`."""
        return Other(self.part, [*self.had, *[imagined(self.part, self.had, shows)] * seeds])


Seeds = Majority | Other


def seeds_of(part: Part, had: Sequence[SeedEffect]) -> Seeds:
    """The seeds of a part."""
    if part.kind != "majority":
        return Other(part, had)
    yes = sum(each.sign == 1 for each in had)
    return Majority(yes, sum(each.sign in (0, -1) for each in had), len(had))


@dataclass(frozen=True)
class Prospect:
    """The parts of a claim with their seeds, and what would decide it.

    Attributes:
        most: the share of runs that has to be exceeded.
        needed: the evidence that decides it.
        supports: whether further seeds are taken to speak for it; else against it.
        room: how many more seeds it may have.
    """

    parts: tuple[Seeds, ...]
    most: float
    needed: float
    supports: bool
    room: int

    @classmethod
    def of(cls, parts: Sequence[Seeds], most: float, needed: float, most_seeds: int) -> "Prospect":
        """Of parts that may have so many seeds; on the side that has more evidence."""
        now = claim_path([[part.after(most, 0, 0, shows=True)] for part in parts])[-1]
        had = max(part.runs for part in parts)
        supports = now.support >= now.against
        return cls(tuple(parts), most, needed, supports, max(0, most_seeds - had))

    def enough(self, agree: int = 0, disagree: int = 0) -> bool:
        """Whether it is decided once so many seeds more agree and do not."""
        paths = [
            [part.after(self.most, agree, disagree, shows=self.supports)] for part in self.parts
        ]
        found = claim_path(paths)[-1]
        return (found.support if self.supports else found.against) >= self.needed


@lru_cache(maxsize=4096)
def least_seeds(claim: Prospect) -> int | None:
    """How many seeds more decide it if all agree; None: more than it may have."""
    return next((n for n in range(1, claim.room + 1) if claim.enough(n)), None)


@lru_cache(maxsize=4096)
def mean_seeds(claim: Prospect, share: float) -> tuple[float, float]:
    """How many seeds more it takes if each agrees with chance `share`, by all ways they may fall.

    Returns:
        The mean number, where no verdict counts as all that it may have; and the chance of that.
    """
    open_ways, mean = {0: 1.0}, 0.0
    for n in range(1, claim.room + 1):
        following: dict[int, float] = {}
        for disagree, chance in open_ways.items():
            following[disagree] = following.get(disagree, 0.0) + chance * share
            following[disagree + 1] = following.get(disagree + 1, 0.0) + chance * (1 - share)
        # The fewer disagree, the more evidence: the first that is not enough ends the search.
        for disagree in sorted(following):
            if not claim.enough(n - disagree, disagree):
                break
            mean += n * following.pop(disagree)
        open_ways = following
        if sum(open_ways.values()) < 1e-3:
            break
    left = sum(open_ways.values())
    return mean + left * claim.room, left


def imagined(part: Part, had: Sequence[SeedEffect], shows: bool) -> SeedEffect:
    """A seed that shows a part's statement, or does not, as large as those before it."""
    if part.kind == "solved":
        top = part.solved or 0.0
        values = _solved_values(part, shows, top, top - 1)
        return SeedEffect(-1, values, 0.0, 1 if shows else -1, beyond=not shows, no_room=False)
    sizes = sorted(abs(each.effect - part.margin) for each in had if math.isfinite(each.effect))
    size = (sizes[len(sizes) // 2] if sizes else 0.0) or 1.0
    effect = part.margin + (size if shows else -size)
    return SeedEffect(-1, (), effect, 1 if shows else -1, beyond=not shows, no_room=False)


def _solved_values(part: Part, shows: bool, top: float, low: float) -> tuple[float, ...]:
    if part.threshold is not None:
        return (top if shows != part.statement.downward else low,)
    if part.statement.sides is None:  # equivalent: both or neither
        return (top, top if shows else low)
    return tuple(part.statement.ordered((top, low) if shows else (low, top)))
