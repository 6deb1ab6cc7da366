"""Seeds beyond those of a profile: a verdict counts all that a store has, not the planned ones."""

from collections.abc import Sequence
from dataclasses import replace

from assay.store import Store
from assay.study import Arm
from assay.study.file import MAX_SEED

_GAP = 16
"""As many seeds in a row that a store lacks end the search: workers side by side leave few gaps."""


def extended(arms: Sequence[Arm], store: Store) -> list[Arm]:
    """The arms with every further seed that a store has begun; one that is left out stays so."""
    there = {run.run_id for run in store.runs()}
    return [_extended(arm, there) if arm.seeds else arm for arm in arms]


def _extended(arm: Arm, there: set[str]) -> Arm:
    last = seed = arm.first_seed + arm.seeds - 1
    while seed < min(last + _GAP, MAX_SEED):
        seed += 1
        if arm.run(seed).run_id in there:
            last = seed
    return replace(arm, seeds=last - arm.first_seed + 1)
