"""The claims of a study with the numbers behind each, and the verdicts on them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from assay.claims import looks
from assay.claims.evidence import ArmRuns, Summary
from assay.claims.snapshot import Snapshot
from assay.claims.verdicts import ClaimVerdict, PartTrial
from assay.figures.labels import arm_label
from assay.report.data.plain import finite, summary_row
from assay.report.data.rows import ArmRow, ClaimRow, MiddleRow, PartRow, TrialRow
from assay.report.data.universes import multiverse_row
from assay.report.words.verdicts import verdict_sentence


@dataclass(frozen=True)
class _Tried:
    """The claims before anything is looked up in a record, and what of each there is to record."""

    claims: list[ClaimRow]
    passed: list[looks.Passed | None]


def claim_rows(snapshot: Snapshot, *, record: bool = False) -> list[ClaimRow]:
    """Every claim with its verdict and its parts, each with its test and every arm's numbers.

    A claim that has a multiverse has what it comes to there as well. A verdict that the store's
    record marks as exploratory is; `record` puts those that are passed on it.

    Raises:
        StudyError: if a comparison within a seed has no seed in common.
        StoreError: if a run or the record is damaged, or the record cannot be written.
    """
    found = snapshot.remembered("claims", _Tried, lambda: _tried(snapshot))
    marks = (looks.record if record else looks.marked)(snapshot.study, snapshot.store, found.passed)
    return [
        _said(replace(row, exploratory=mark.exploratory) if mark else row)
        for row, mark in zip(found.claims, marks, strict=True)
    ]


def _said(claim: ClaimRow) -> ClaimRow:
    return replace(claim, meaning=verdict_sentence(claim))


def _tried(snapshot: Snapshot) -> _Tried:
    universes = {curve.multiverse.claim.id: multiverse_row(curve) for curve in snapshot.curves}
    return _Tried(
        [
            replace(_claim(each, snapshot.runs), multiverse=universes.get(each.claim.id))
            for each in snapshot.verdicts
        ],
        [looks.passed(snapshot.study, snapshot.profile, each) for each in snapshot.verdicts],
    )


def _claim(verdict: ClaimVerdict, runs: Mapping[str, ArmRuns]) -> ClaimRow:
    parts = [_part(part, runs, verdict.level) for part in verdict.parts]
    return ClaimRow(
        id=verdict.claim.id,
        where=verdict.claim.where,
        control_of=verdict.claim.control_of,
        sentence=verdict.claim.sentence,
        tested=all(part.tested for part in parts),
        verdict=verdict.word,
        p=verdict.p,
        p_supported=verdict.p_supported,
        p_refuted=verdict.p_refuted,
        level=verdict.level,
        look=verdict.look,
        exploratory=verdict.exploratory,
        parts=parts,
    )


def _part(tried: PartTrial, runs: Mapping[str, ArmRuns], level: float) -> PartRow:
    evidence, part = tried.evidence, tried.evidence.part
    return PartRow(
        sentence=part.sentence,
        metric=part.metric,
        describe=evidence.outcome.describe,
        unit=evidence.outcome.unit,
        kind=part.kind,
        test=part.test,
        paired=part.within,
        solved=part.solved,
        threshold=part.threshold,
        margin=part.margin,
        margin_unit=part.unit,
        update=part.update,
        tested=not evidence.untested,
        untested=tried.untested,
        difference=finite(evidence.difference),
        trial=_trial(tried, level),
        missing=tried.missing,
        middle=tried.middle and MiddleRow(*tried.middle),
        arms=[_arm(each, runs[each.arm], part.update) for each in evidence.summaries],
    )


def _arm(summary: Summary, runs: ArmRuns, update: int | None) -> ArmRow:
    kept = runs.seeds[: len(summary.values)]
    at = "" if summary.update in (None, update) else f", update {summary.update:,}"
    return ArmRow(
        arm=summary.arm,
        label=arm_label(runs.arm) + at,
        seeds=runs.arm.seeds,
        runs=len(kept),
        diverged=len(set(kept) & set(runs.diverged_seeds)),
        summary=summary_row(summary, kept),
    )


def _trial(tried: PartTrial, level: float) -> TrialRow | None:
    trial = tried.trial
    if trial is None:
        return None
    return TrialRow(
        method=trial.method,
        effect=finite(trial.effect),
        effect_infinite=math.isinf(trial.effect),
        low=finite(trial.low),
        high=finite(trial.high),
        confidence=1 - level,
        p_supported=trial.p_supported,
        p_refuted=trial.p_refuted,
    )
