"""Which run to train next: the one that is likely to bring the most evidence for its time.

A step of a claim is one more seed of some of its parts, and of every arm that they read. What it
is worth is by how much the logarithm of the claim's evidence is expected to rise, if seeds go on as
they have so far: a part of n seeds of which k show it is taken to be shown by the next one with
chance (k + 1) / (n + 2). A step counts for every claim that it brings a seed further. What it
costs are the seconds of those of its runs that are neither there nor under way.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from assay.claims.effects import unseen_seeds
from assay.claims.outlook import imagined
from assay.claims.path import claim_path
from assay.claims.trials import Evidence, evidence_of, shown
from assay.claims.verdicts import ClaimVerdict, PartVerdict
from assay.config import RunConfig
from assay.study import Arm

_LEAST = 1e-3
"""Taken for the gain of a step that is expected to bring less, so that the cheapest comes first."""


@dataclass(frozen=True)
class Runs:
    """What is known of runs beside verdicts.

    Attributes:
        ended: whether a run ended for good.
        under_way: those that are being trained, here or by another process, by id.
        failed: those that failed and are not tried again, by id.
        seconds: what a run of an arm takes one core, by the arm's key.
    """

    ended: Callable[[RunConfig], bool]
    under_way: Set[str]
    failed: Set[str]
    seconds: Callable[[str], float]


@dataclass(frozen=True)
class NextSeed:
    """The next seed of a part.

    Attributes:
        part: the part.
        before: how many seeds are on the way that come before it.
        missing: its runs that are neither there nor under way, by id, with their arms' keys; none
            where the part may have no more seeds.
        failed: a run of it, or of a seed before it, that failed: nothing can be added then.
    """

    part: PartVerdict
    before: int
    missing: Mapping[str, tuple[str, RunConfig]]
    failed: RunConfig | None = None


@dataclass(frozen=True)
class Ahead:
    """A claim, and the next seed of each of its parts that are tried."""

    verdict: ClaimVerdict
    seeds: Sequence[NextSeed]

    @property
    def failed(self) -> RunConfig | None:
        """A run that has to be trained before the claim gets any further, and failed."""
        return next((each.failed for each in self.seeds if each.failed), None)


def ahead(verdict: ClaimVerdict, arms: Mapping[str, Arm], runs: Runs, most_seeds: int) -> Ahead:
    """The next seed of each part of a claim.

    Args:
        verdict: where it stands.
        arms: by key.
        runs: what is known of runs.
        most_seeds: how many seeds a part may have.
    """
    tried = [part for part in verdict.parts if part.computed is None]
    # Of what is computed, one run has to be there for the claim to be judged.
    first = {
        key: arms[key].run(arms[key].first_seed)
        for part in verdict.parts
        if part.computed is not None and part.untested
        for key in _read(part)
    }
    lacking = {run.run_id: (key, run) for key, run in first.items() if not runs.ended(run)}
    seeds = [_next_seed(part, verdict, arms, runs, most_seeds, lacking) for part in tried]
    return Ahead(verdict, seeds)


def choose(claims: Sequence[Ahead], most: float, runs: Runs) -> RunConfig | None:
    """The run to train next; None where nothing can be added.

    Of the step that is worth most for its time it is the longest run.

    Args:
        claims: those that are open.
        most: the share of runs that has to be exceeded.
        runs: what is known of runs.
    """
    best, found = 0.0, None
    worth = {each.verdict.claim.id: _Worth(each, most) for each in claims}
    for step in _steps(claims):
        gain = sum(each.of(step) for each in worth.values())
        value = max(gain, _LEAST) / sum(runs.seconds(arm) for arm, _ in step.values())
        if value > best:
            best = value
            found = max(step.values(), key=lambda run: runs.seconds(run[0]))[1]
    return found


_Step = Mapping[str, tuple[str, RunConfig]]


def _steps(claims: Sequence[Ahead]) -> Iterator[_Step]:
    """One more seed of all parts of a claim, of those with the fewest, or of the weakest."""
    for each in claims:
        open_ = [seed for seed in each.seeds if seed.missing]
        if each.failed or not open_:
            continue
        fewest = min(map(_reach, each.seeds))
        weakest = [seed for seed in open_ if seed.part is each.verdict.weakest]
        for chosen in (open_, [seed for seed in open_ if _reach(seed) == fewest], weakest):
            if chosen:
                yield {key: run for seed in chosen for key, run in seed.missing.items()}


def _reach(seed: NextSeed) -> int:
    return len(seed.part.effects.confirming) + seed.before


def _next_seed(
    part: PartVerdict,
    verdict: ClaimVerdict,
    arms: Mapping[str, Arm],
    runs: Runs,
    most_seeds: int,
    lacking: Mapping[str, tuple[str, RunConfig]],
) -> NextSeed:
    read = [arms[key] for key in _read(part)]
    before, had = 0, len(part.effects.confirming)
    for seed in unseen_seeds(read, verdict.declared):
        configs = [(arm.key, arm.run(seed)) for arm in read]
        open_ = {run.run_id: (key, run) for key, run in configs if not runs.ended(run)}
        if not open_:  # it counts, or will once those before it do, or had been seen
            before += bool(before)
            continue
        open_ |= lacking
        for key, (_, run) in open_.items():
            if key in runs.failed:
                return NextSeed(part, before, {}, run)
        if had + before >= most_seeds:
            break
        missing = {key: run for key, run in open_.items() if key not in runs.under_way}
        if missing:
            return NextSeed(part, before, missing)
        before += 1
    return NextSeed(part, before, {})


def _read(part: PartVerdict) -> list[str]:
    """The keys of the arms that a part reads."""
    return list(dict.fromkeys(each.arm for each in part.evidence.summaries))


class _Worth:
    """By how much the logarithm of a claim's evidence is expected to rise with a step."""

    def __init__(self, claim: Ahead, most: float) -> None:
        self._claim, self._most = claim, most
        self._chances = [_chance(seed.part) for seed in claim.seeds]
        self._known: dict[tuple[bool, ...], float] = {}
        self._now = [self._after(place, None) for place in range(len(claim.seeds))]
        self._then = [
            {shows: self._after(place, shows) for shows in (True, False)}
            for place in range(len(claim.seeds))
        ]

    def of(self, step: _Step) -> float:
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
        likely = imagined(part, had, self._chances[place] >= 0.5)
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


def _chance(part: PartVerdict) -> float:
    """That the next seed shows a part."""
    had = part.effects.confirming
    yes = sum(shown(part.evidence.part, each) is True for each in had)
    return (yes + 1) / (len(had) + 2)
