"""What a step of a claim is worth: by how much the logarithm of its evidence may rise."""

import math
from collections.abc import Sequence
from itertools import pairwise

from assay.claims.ahead import Ahead, NextSeed, Step
from assay.claims.outlook import imagined
from assay.claims.path import claim_path
from assay.claims.trials import Evidence, evidence_of, shown
from assay.claims.verdicts import PartVerdict


class Gain:
    """By how much the logarithm of a claim's evidence is expected to rise with a step."""

    def __init__(self, claim: Ahead, most: float) -> None:
        self._claim, self._most = claim, most
        self._chances = [_chance(seed) for seed in claim.seeds]
        self._known: dict[tuple[bool, ...], float] = {}
        self._now = [self._after(place, None) for place in range(len(claim.seeds))]
        self._then = [
            {shows: self._after(place, shows) for shows in (True, False)}
            for place in range(len(claim.seeds))
        ]

    def of(self, step: Step) -> float:
        """With these runs."""
        if self._claim.failed:
            return 0.0
        further = tuple(
            bool(seed.missing) and seed.missing.keys() <= step.keys() for seed in self._claim.seeds
        )
        if not any(further):
            return 0.0
        if further not in self._known:
            self._known[further] = self._doubt() * (self._expected(further) - _log(self._now))
        return self._known[further]

    def _expected(self, further: Sequence[bool]) -> float:
        """The mean logarithm of the evidence, if parts that are likelier to be shown are so first.

        A seed that shows one part then shows all that are likelier; there are as many ways as
        parts, and one.
        """
        cuts = sorted({0.0, 1.0, *self._chances})
        mean = 0.0
        for low, high in pairwise(cuts):
            then = [
                self._then[place][self._chances[place] >= high] if goes else self._now[place]
                for place, goes in enumerate(further)
            ]
            mean += (high - low) * _log(then)
        return mean

    def _after(self, place: int, shows: bool | None) -> Evidence:
        """The evidence of a part with the seeds that are on the way, and one more."""
        seed = self._claim.seeds[place]
        part, had = seed.part.evidence.part, seed.part.effects.confirming
        likely = imagined(part, had, _likely(seed.part))
        following = [] if shows is None else [imagined(part, had, shows)]
        return evidence_of(part, self._most, [*had, *[likely] * seed.before, *following])

    def _doubt(self) -> float:
        """The chance that seeds on the way, which would decide it if they agree, do not."""
        before = min((seed.before for seed in self._claim.seeds), default=0)
        now = claim_path([[each] for each in self._now])[-1].larger
        if not before or now < self._claim.verdict.decision.needed:
            return 1.0
        agree = min(max(chance, 1 - chance) for chance in self._chances)
        return float(1 - agree**before)


def _log(parts: Sequence[Evidence]) -> float:
    return math.log(max(claim_path([[each] for each in parts])[-1].larger, 1e-300))


def _likely(part: PartVerdict) -> bool:
    """Whether most of its seeds show a part."""
    had = part.effects.confirming
    return 2 * sum(shown(part.evidence.part, each) is True for each in had) >= len(had)


def _chance(seed: NextSeed) -> float:
    """That a seed shows its part, if those on the way fall as most have.

    The prior is that of the evidence (`assay.claims.evalues.majority`), for both sides alike: one
    half says that all seeds fall on one side, and the other that any share is as likely.
    """
    had = seed.part.effects.confirming
    runs = len(had) + seed.before
    yes = sum(shown(seed.part.evidence.part, each) is True for each in had)
    yes += seed.before * _likely(seed.part)
    if not runs or 0 < yes < runs:
        return (yes + 1) / (runs + 2)
    one_side, any_share = 0.25, 0.5 / (runs + 1)
    same = (any_share * (runs + 1) / (runs + 2) + one_side) / (any_share + one_side)
    return same if yes else 1 - same
