"""What each seed of a part says: its effect against the margin."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal

from assay.claims.declarations import Declared
from assay.claims.evidence import ArmRuns, PartEvidence
from assay.config import training_id
from assay.outcomes.outcome import Value
from assay.store import Store
from assay.study import Arm
from assay.study.file import Part

TOLERANCE = 1e-9
"""An effect so near the margin, in its unit, is on it: decimal margins are not exact in binary."""

Sign = Literal[1, 0, -1]


@dataclass(frozen=True)
class SeedEffect:
    """One seed of a part.

    Attributes:
        values: the outcome of each arm, in the part's order: NaN where a run has none, ∞ where a
            time was never reached.
        effect: in the claimed direction, in the unit of the margin; NaN where a value is missing.
        sign: 1 above the margin, 0 on it, −1 below; None where a value is missing.
        beyond: whether it lies beyond the margin on the other side.
        no_room: whether the arm it is compared with sits within the margin of the limit.
    """

    seed: int
    values: tuple[float, ...]
    effect: float
    sign: Sign | None
    beyond: bool
    no_room: bool


@dataclass(frozen=True)
class PartEffects:
    """The seeds of a part, in order.

    Attributes:
        confirming: those trained after the claim was declared, up to the first that is missing.
        seen: those that were there before.
        waiting: seeds that ended and do not count yet, since one before them has not.
    """

    confirming: list[SeedEffect]
    seen: list[SeedEffect]
    waiting: int


def part_effects(
    evidence: PartEvidence, runs: Mapping[str, ArmRuns], store: Store, declared: Declared
) -> PartEffects:
    """What each seed says that all arms of a part have a run of.

    They count in the order of their seeds, up to the first that has not ended: which runs are
    quick may hang on how they turn out, and their order must not.
    """
    arms = [runs[summary.arm] for summary in evidence.summaries]
    common = set.intersection(*(set(arm.seeds) for arm in arms))
    distinct = {found.arm.key: found.arm for found in arms}.values()

    def was_seen(seed: int) -> bool:
        configs = [arm.run(seed) for arm in distinct]
        return any(declared.seen(store.folder(config), config) for config in configs)

    seen = {seed for seed in common if was_seen(seed)}
    counted: list[int] = []
    for seed in unseen_seeds(distinct, declared):
        if seed not in common:
            break
        if seed not in seen:
            counted.append(seed)

    def effects(seeds: Iterable[int]) -> list[SeedEffect]:
        return [_effect(evidence, arms, seed) for seed in seeds]

    waiting = len(common - seen) - len(counted)
    return PartEffects(effects(counted), effects(sorted(seen)), waiting)


def unseen_seeds(arms: Iterable[Arm], declared: Declared) -> Iterator[int]:
    """The seeds that arms can be compared in, in order, without those on the log as seen."""
    chosen = list(arms)
    trainings = {training_id(arm.config) for arm in chosen}
    first = max(arm.first_seed for arm in chosen)
    for seed in count(first):
        if not any(declared.listed(each, seed) for each in trainings):
            yield seed


def _effect(evidence: PartEvidence, arms: Sequence[ArmRuns], seed: int) -> SeedEffect:
    values = tuple(
        _number(
            evidence.part,
            summary.values[arm.seeds.index(seed)],
            summary.update is None and seed in arm.diverged_seeds,
        )
        for summary, arm in zip(evidence.summaries, arms, strict=True)
    )
    return seed_effect(evidence.part, seed, values)


def seed_effect(part: Part, seed: int, values: tuple[float, ...]) -> SeedEffect:
    """What a seed says, by its value in each arm of a part; NaN where there is none."""
    if any(map(math.isnan, values)):
        return SeedEffect(seed, values, math.nan, None, beyond=False, no_room=False)
    excess = part.statement.excess(part, values)
    sign: Sign = 0 if abs(excess) <= TOLERANCE else 1 if excess > 0 else -1
    room = part.limit is not None and abs(values[-1] - part.limit) <= part.margin + TOLERANCE
    return SeedEffect(
        seed,
        values,
        part.statement.effect(part, values),
        sign,
        part.statement.beyond(part, values),
        room,
    )


def _number(part: Part, value: Value, diverged: bool) -> float:
    if part.is_time:
        return math.inf if value.value is None else value.value
    known = value.value is not None and math.isfinite(value.value) and not diverged
    return value.value if known and value.value is not None else math.nan
