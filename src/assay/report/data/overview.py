"""A study in one look, before or after its runs: what it trains, what it claims, how far it is."""

from collections import Counter
from dataclasses import dataclass, replace

from assay.claims.snapshot import Snapshot
from assay.figures.labels import arm_label
from assay.report.data.claims import claim_rows
from assay.report.data.gather import profile_row, study_row
from assay.report.data.plain import run_counts
from assay.report.data.report import ProfileRow, StudyRow
from assay.report.data.rows import ClaimRow, RunCounts
from assay.study import Arm


@dataclass(frozen=True, slots=True)
class ArmState:
    """An arm: what it is, how many seeds the profile has of it, and how far its runs are."""

    experiment: str
    arm: str
    label: str
    kind: str
    seeds: int
    runs: RunCounts


@dataclass(frozen=True, slots=True)
class Overview:
    """A study in one look.

    Attributes:
        file: how a command names it.
        arms: those that the profile trains.
        runs: how far all of its runs are; those that arms share count once.
    """

    file: str
    study: StudyRow
    profile: ProfileRow
    arms: list[ArmState]
    runs: RunCounts
    claims: list[ClaimRow]


def overview(snapshot: Snapshot) -> Overview:
    """What a study says of itself and of its claims, and where its runs stand.

    Raises:
        StoreError: if a run is damaged.
    """
    arms = [_state(arm, snapshot) for arm in snapshot.arms if arm.seeds]
    return Overview(
        snapshot.study.argument,
        study_row(snapshot.study),
        profile_row(snapshot),
        arms,
        _ended(Counter(snapshot.status.values())),
        claim_rows(snapshot),
    )


def _state(arm: Arm, snapshot: Snapshot) -> ArmState:
    status = Counter(snapshot.status[run_id] for run_id in arm.run_ids)
    kind = arm.config.kind
    return ArmState(arm.experiment, arm.key, arm_label(arm), kind, arm.seeds, _ended(status))


def _ended(status: Counter[str]) -> RunCounts:
    """The counts, in which a run that diverged ended, as the plan sees it."""
    counts = run_counts(status)
    return replace(counts, finished=counts.finished + counts.diverged)
