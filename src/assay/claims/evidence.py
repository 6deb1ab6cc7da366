"""The numbers behind each claim, from the runs in a store."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from assay.config import RunConfig, kind_named
from assay.outcomes.accuracy import THRESHOLD
from assay.outcomes.outcome import Outcome, Value
from assay.store import Store
from assay.store.log import Log
from assay.study import Arm, StudyPlan
from assay.study.file import Claim, Part


@dataclass(frozen=True)
class ArmRuns:
    """The runs of an arm that a store holds and that ended, with their logs, in order of seed."""

    arm: Arm
    seeds: list[int]
    logs: list[Log]
    diverged_seeds: list[int]

    @property
    def diverged(self) -> int:
        """How many diverged."""
        return len(self.diverged_seeds)

    @property
    def finished_seeds(self) -> list[int]:
        """The seeds whose run reached its end."""
        return [seed for seed in self.seeds if seed not in self.diverged_seeds]

    @property
    def trained(self) -> int:
        """The fewest updates that a run of it made."""
        return min((log.updates for log in self.logs), default=0)

    @property
    def followed(self) -> list[int]:
        """For how many updates it is known of each run whether and when it was solved.

        For all of its budget, of one that ended once it was, as the study declares.
        """
        return [_followed(self.arm, log) for log in self.logs]


@dataclass(frozen=True)
class Summary:
    """An outcome over the seeds of an arm: median, range, and how many never reached it.

    `update` is the moment at which it was read, None at the end.
    """

    arm: str
    update: int | None
    values: list[Value]
    median: float | None
    low: float | None
    high: float | None
    censored: int


@dataclass(frozen=True)
class PartEvidence:
    """The numbers of one part of a claim.

    Attributes:
        outcome: what it reads.
        untested: why there is nothing to judge it by; empty if there is.
        difference: median of the first arm minus that of the last, where both have one.
    """

    part: Part
    outcome: Outcome
    summaries: list[Summary]
    difference: float | None
    untested: str


@dataclass(frozen=True)
class ClaimEvidence:
    """The numbers of one claim."""

    claim: Claim
    parts: list[PartEvidence]

    @property
    def tested(self) -> bool:
        """Whether the profile reaches the updates of every part."""
        return not any(part.untested for part in self.parts)


def gather(
    arms: Sequence[Arm], store: Store, known: Mapping[str, Log] = MappingProxyType({})
) -> dict[str, ArmRuns]:
    """Read what the store holds of each arm, by the arm's key.

    Logs that are `known`, by run, are not read.

    Raises:
        StoreError: if a run is damaged.
    """
    return {arm.key: _read(arm, store, known) for arm in arms}


def evidence(study: StudyPlan, runs: dict[str, ArmRuns]) -> list[ClaimEvidence]:
    """The numbers of every claim of a study."""
    arms = [found.arm for found in runs.values()]
    return [
        ClaimEvidence(claim, [_part(study, part, arms, runs) for part in claim.parts])
        for claim in study.claims
    ]


def summarise(outcome: Outcome, runs: ArmRuns, update: int | None = None) -> Summary:
    """An outcome over the seeds of an arm; one never reached counts as later than all others."""
    return summary(runs.arm.key, update, [outcome(log, update) for log in runs.logs])


def summary(arm: str, update: int | None, values: list[Value]) -> Summary:
    """Values over seeds; one never reached counts as later than all others."""
    numbers = [
        float("inf") if value.value is None and value.censored_at is not None else value.value
        for value in values
    ]
    known = [number for number in numbers if number is not None]
    censored = sum(number == float("inf") for number in known)
    if not known:
        return Summary(arm, update, values, None, None, None, 0)
    return Summary(
        arm,
        update,
        values,
        _finite(_median(known)),
        _finite(min(known)),
        _finite(max(known)),
        censored,
    )


def _median(values: list[float]) -> float:
    # numpy would give NaN between two infinities, which here means "not reached".
    ordered = sorted(values)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return low if low == high else (low + high) / 2


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _read(arm: Arm, store: Store, known: Mapping[str, Log]) -> ArmRuns:
    seeds: list[int] = []
    logs: list[Log] = []
    diverged: list[int] = []
    for run_id, config in zip(arm.run_ids, arm.runs, strict=True):
        folder = store.run(run_id)
        status = folder.status if folder.exists else "not started"
        if status in ("finished", "diverged"):
            seeds.append(config.seed)
            logs.append(known[run_id] if run_id in known else folder.metrics())
            if status == "diverged":
                diverged.append(config.seed)
    return ArmRuns(arm, seeds, logs, diverged)


def _part(study: StudyPlan, part: Part, arms: list[Arm], runs: dict[str, ArmRuns]) -> PartEvidence:
    chosen = [
        (runs[study.select(selector, arms).key], part.moment(selector))
        for selector in part.selectors
    ]
    outcomes = [study.outcome(part, found.arm) for found, _ in chosen]
    summaries = [
        summarise(outcome, found, update)
        for outcome, (found, update) in zip(outcomes, chosen, strict=True)
    ]
    first, last = summaries[0].median, summaries[-1].median
    difference = None if first is None or last is None or first is last else first - last
    untested = _untested(part, outcomes[0], chosen)
    return PartEvidence(part, outcomes[0], summaries, difference, untested)


def _untested(part: Part, outcome: Outcome, chosen: list[tuple[ArmRuns, int | None]]) -> str:
    for found, update in chosen:
        needed = planned_updates(found.arm.declared, found.logs) if update is None else update
        trained = _known(part, outcome, found)
        if found.arm.seeds == 0:
            return f"this profile leaves out {found.arm.key}"
        if not found.logs:
            return f"no run of {found.arm.key} has ended"
        if not found.diverged and trained < needed:
            return f"needs {needed:,} updates of {found.arm.key}; this profile trains {trained:,}"
    return ""


def _known(part: Part, outcome: Outcome, found: ArmRuns) -> int:
    """For how many updates each run tells what a part asks: of whether it was solved, for all."""
    if part.metric == "updates_to_90":
        return min(found.followed, default=0)
    if part.metric == "reached_accuracy":
        # Without a level of its own, it asks how far a run gets that ends where the study says.
        level = part.solved or kind_named(found.arm.config.kind).goal(found.arm.config) or THRESHOLD
        return min((_followed(found.arm, log, level) for log in found.logs), default=0)
    return found.trained


def _followed(arm: Arm, log: Log, accuracy: float = THRESHOLD) -> int:
    made, config = log.updates, arm.config
    kind = kind_named(config.kind)
    goal = kind.goal(config)
    if goal is None or goal < accuracy or goal != kind.goal(arm.declared):
        return made
    last = log.curve("check.accuracy")[-2:]
    budget = kind.extent_without_data(config, None).updates or made
    return budget if len(last) == 2 and min(last) >= goal else made


def planned_updates(config: RunConfig, logs: Sequence[Log]) -> int:
    """How many updates a run makes at most, as far as its configuration and logs tell; else 0."""
    per_epoch = next((epoch.update for log in logs for epoch in log.epochs), None)
    return kind_named(config.kind).extent_without_data(config, per_epoch).updates or 0
