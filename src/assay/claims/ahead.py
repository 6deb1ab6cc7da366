"""The seeds that a claim may have next: of each part, which, and what of it is missing."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from assay.claims.effects import unseen_seeds
from assay.claims.verdicts import ClaimVerdict, PartVerdict
from assay.config import RunConfig
from assay.study import Arm

Step = Mapping[str, tuple[str, RunConfig]]
"""Runs by id, each with the key of its arm."""


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
    missing: Step
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


def _next_seed(
    part: PartVerdict,
    verdict: ClaimVerdict,
    arms: Mapping[str, Arm],
    runs: Runs,
    most_seeds: int,
    lacking: Step,
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
