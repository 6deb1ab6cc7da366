"""Seeds beyond those of a profile: a verdict counts all that a store has, not the planned ones."""

from collections.abc import Sequence, Set
from dataclasses import replace

from assay.claims.declarations import declarations
from assay.claims.universes import universe_runs
from assay.config import RunConfig
from assay.store import Store
from assay.study import Arm, StudyPlan
from assay.study.file import MAX_SEED

_GAP = 16
"""As many seeds in a row that a store lacks end the search: workers side by side leave few gaps."""


def extended(arms: Sequence[Arm], store: Store) -> list[Arm]:
    """The arms with every further seed that a store has begun; one that is left out stays so."""
    there = set(store.ids())
    # Seeds that are never trained for a claim leave gaps of any length: those that had been seen,
    # and those below the first that arms can be compared in.
    passed = {
        seed
        for entry in declarations(store).first.values()
        for seeds in entry.seen.values()
        for seed in seeds
    } | set(range(max((arm.first_seed for arm in arms), default=0)))
    return [_extended(arm, there, passed) if arm.seeds else arm for arm in arms]


def every_run(study: StudyPlan, store: Store) -> dict[str, RunConfig]:
    """The runs of a study by their identities: of its profiles, its multiverse, and further seeds.

    The further seeds are those that the store has begun.
    """
    arms = [arm for profile in study.file.profiles for arm in study.arms(profile)]
    found = {config.run_id: config for arm in extended(arms, store) for config in arm.runs}
    if study.file.multiverse is not None:
        found |= {config.run_id: config for _, config in universe_runs(study)}
    return found


def _extended(arm: Arm, there: Set[str], passed: Set[int]) -> Arm:
    last = seed = arm.first_seed + arm.seeds - 1
    gap, identity = 0, arm.config.identities()
    while gap < _GAP and seed < MAX_SEED:
        seed += 1
        if identity(seed) in there:
            last, gap = seed, 0
        elif seed not in passed:
            gap += 1
    return replace(arm, seeds=last - arm.first_seed + 1)
