"""What a step of a claim is worth: the share of the way to a verdict that it goes."""

from collections.abc import Sequence

from assay.claims.ahead import Ahead, NextSeed, Step
from assay.claims.outlook import AGREE
from assay.claims.prospect import Prospect, Seeds, mean_seeds, seeds_of
from assay.claims.trials import shown

_NEVER = 1e-3
"""The least chance of a verdict that is reckoned with."""


class Gain:
    """How far steps bring a claim.

    The way is the number of seeds that it takes on average, if seeds go on as they have so far
    (`_chance`); a step of all parts goes one of them. A step of some parts goes as much of that as
    it shortens the way by, beside one of all.
    """

    def __init__(self, claim: Ahead, most: float, most_seeds: int) -> None:
        self._claim, self._most, self._most_seeds = claim, most, most_seeds
        self._parts = [_with_those_on_the_way(seed) for seed in claim.seeds]
        self._now = self._prospect(self._parts)
        self._share = _share(self._now, claim.seeds)
        self._known: dict[tuple[bool, ...], float] = {}

    def of(self, step: Step) -> float:
        """With these runs."""
        further = tuple(
            bool(seed.missing) and seed.missing.keys() <= step.keys() for seed in self._claim.seeds
        )
        if self._claim.failed or not any(further):
            return 0.0
        if further not in self._known:
            self._known[further] = self._worth(further)
        return self._known[further]

    def _worth(self, further: Sequence[bool]) -> float:
        if self._now.enough():  # it is needed only if those on the way do not all agree
            return float(1 - self._share ** min(seed.before for seed in self._claim.seeds))
        way, whole = self._way(self._now), self._way(self._advanced([True] * len(further)))
        if all(further) or way <= whole:
            return all(further) / way
        part = (way - self._way(self._advanced(further))) / (way - whole)
        return min(1.0, max(0.0, part)) / way

    def _way(self, claim: Prospect) -> float:
        """Seeds that it takes on average, and many where a verdict is unlikely."""
        mean, left = mean_seeds(claim, self._share)
        return max(mean, 1.0) / max(1 - left, _NEVER)

    def _advanced(self, further: Sequence[bool]) -> Prospect:
        """With one more seed, that agrees, of some parts."""
        supports = self._now.supports
        parts = [
            part.further(supports, 1) if goes else part
            for part, goes in zip(self._parts, further, strict=True)
        ]
        return self._prospect(parts)

    def _prospect(self, parts: Sequence[Seeds]) -> Prospect:
        needed = self._claim.verdict.decision.needed
        return Prospect.of(parts, self._most, needed, self._most_seeds)


def _with_those_on_the_way(seed: NextSeed) -> Seeds:
    """The seeds of a part, with those on the way as most of the others are."""
    shows = _agreeing(seed, True) >= _agreeing(seed, False)
    had = seed.part.effects.confirming
    return seeds_of(seed.part.evidence.part, had).further(shows, seed.before)


def _agreeing(seed: NextSeed, shows: bool) -> int:
    """How many seeds of a part show it, or do not; those without a value do neither."""
    had = seed.part.effects.confirming
    return sum(shown(seed.part.evidence.part, each) is shows for each in had)


def _share(claim: Prospect, seeds: Sequence[NextSeed]) -> float:
    """The chance that a seed agrees: of the part that is least likely to, where all have to."""
    chances = [
        _chance(_agreeing(seed, claim.supports), len(seed.part.effects.confirming))
        for seed in seeds
    ]
    return min(chances) if claim.supports else max(chances)


def _chance(agreed: int, runs: int) -> float:
    """That the next seed agrees, as so many have; without any, as for a cautious reader.

    The prior is that of the evidence (`assay.claims.evalues.majority`): one half says that all
    seeds agree, and the other that any share is as likely.
    """
    if not runs:
        return AGREE
    spread = (agreed + 1) / (runs + 2)
    if agreed < runs:
        return spread
    any_share = 1 / (runs + 1)
    return (any_share * spread + 1) / (any_share + 1)
