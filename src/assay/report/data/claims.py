"""The claims of a study with the numbers behind each, and the verdicts on them."""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from assay.claims.effects import SeedEffect
from assay.claims.evalues import otherwise
from assay.claims.evidence import ArmRuns, Summary
from assay.claims.outlook import Outlook, outlook, seconds_by_arm
from assay.claims.snapshot import Snapshot
from assay.claims.trials import Evidence, shown
from assay.claims.verdicts import ClaimVerdict, PartVerdict
from assay.figures.labels import arm_label
from assay.report.data.plain import finite, summary_row
from assay.report.data.rows import (
    ArmRow,
    ClaimRow,
    ComputedRow,
    EffectRow,
    EvidenceRow,
    MissingRow,
    PartRow,
    SizeRow,
)
from assay.report.data.universes import multiverse_row
from assay.report.words.verdicts import verdict_sentence

ArmOf = Callable[[Summary, int | None], ArmRow]
_HOUR = 3600


@dataclass(frozen=True)
class _Rows:
    claims: list[ClaimRow]


def claim_rows(snapshot: Snapshot) -> list[ClaimRow]:
    """Every claim with its verdict and its parts, each with its seeds and every arm's numbers.

    A claim that has a multiverse has what it comes to there as well. Nothing is written.

    Raises:
        StoreError: if a run is damaged.
    """
    found = snapshot.remembered("claims", _Rows, lambda: _rows(snapshot))
    return [replace(row, meaning=verdict_sentence(row)) for row in found.claims]


def _rows(snapshot: Snapshot) -> _Rows:
    universes = {curve.multiverse.claim.id: multiverse_row(curve) for curve in snapshot.curves}
    seconds = seconds_by_arm(snapshot.records_by_arm)
    most = snapshot.study.file.most
    return _Rows(
        [
            replace(
                claim_row(each, outlook(each, most, seconds), partial(_arm, snapshot.runs)),
                multiverse=universes.get(each.claim.id),
            )
            for each in snapshot.verdicts
        ]
    )


def claim_row(verdict: ClaimVerdict, ahead: Outlook, arm_row: ArmOf) -> ClaimRow:
    """A claim's verdict as numbers and words, without its sentence.

    Args:
        verdict: the verdict.
        ahead: what would decide it.
        arm_row: the row of an arm of a part, from its outcome and the part's update.
    """
    claim, decision, entry = verdict.claim, verdict.decision, verdict.declared.entry
    return ClaimRow(
        id=claim.id,
        where=claim.where,
        control_of=claim.control_of,
        restated_as=claim.restated_as,
        sentence=claim.sentence,
        tested=not verdict.untested and not verdict.waits_for,
        verdict=verdict.word,
        evidence=_evidence(decision.evidence),
        needed=decision.needed if math.isfinite(decision.needed) else None,
        beyond=decision.beyond,
        seeds=decision.seeds,
        declared=entry.at if entry else None,
        why_seen=verdict.declared.why_seen,
        seen_evidence=None if verdict.seen is None else _evidence(verdict.seen),
        waits_for=verdict.waits_for,
        weakest=verdict.parts.index(verdict.weakest),
        parts=[_part(part, arm_row) for part in verdict.parts],
        missing=None if ahead.decided else _missing(ahead),
    )


def _missing(ahead: Outlook) -> MissingRow:
    return MissingRow(
        ahead.supports,
        ahead.least,
        ahead.expected,
        ahead.arms,
        ahead.seconds_least and ahead.seconds_least / _HOUR,
        ahead.seconds_expected and ahead.seconds_expected / _HOUR,
        ahead.never,
    )


def _evidence(found: Evidence) -> EvidenceRow:
    return EvidenceRow(found.support, found.against)


def _part(tried: PartVerdict, arm_row: ArmOf) -> PartRow:
    evidence, part = tried.evidence, tried.evidence.part
    counted = tried.effects.confirming
    yes = sum(shown(part, each) is True for each in counted)
    return PartRow(
        sentence=part.sentence,
        metric=part.metric,
        describe=evidence.outcome.describe,
        unit=evidence.outcome.unit,
        kind=part.kind,
        test=part.test,
        is_time=part.is_time,
        solved=part.solved,
        threshold=part.threshold,
        limit=part.limit,
        margin=part.margin,
        margin_unit=part.unit,
        update=part.update,
        tested=not evidence.untested,
        untested=tried.untested,
        word=tried.word,
        evidence=_evidence(tried.decision.evidence),
        seen_evidence=None if tried.seen is None else _evidence(tried.seen),
        seeds=[
            *(_effect(tried, each, seen=True) for each in tried.effects.seen),
            *(_effect(tried, each, seen=False) for each in counted),
        ],
        yes=yes,
        runs=len(counted),
        otherwise=otherwise(max(yes, len(counted) - yes), len(counted)),
        size=_size(counted or tried.effects.seen),
        waiting=tried.effects.waiting,
        missing=sum(each.sign is None for each in counted),
        computed=None
        if tried.computed is None
        else ComputedRow(tried.computed.value, tried.holds, tried.computed.because),
        arms=[arm_row(each, part.update) for each in evidence.summaries],
    )


def _effect(tried: PartVerdict, each: SeedEffect, *, seen: bool) -> EffectRow:
    return EffectRow(
        each.seed,
        finite(each.effect),
        math.isinf(each.effect),
        each.sign,
        shown(tried.evidence.part, each),
        seen,
    )


def _size(effects: Sequence[SeedEffect]) -> SizeRow:
    known = sorted(each.effect for each in effects if each.sign is not None)
    if not known:
        return SizeRow(None, None, None, median_infinite=False, high_infinite=False)
    middle = statistics.median(known)
    return SizeRow(
        finite(middle),
        finite(known[0]),
        finite(known[-1]),
        median_infinite=math.isinf(middle),
        high_infinite=math.isinf(known[-1]),
    )


def _arm(every: Mapping[str, ArmRuns], summary: Summary, update: int | None) -> ArmRow:
    runs = every[summary.arm]
    at = "" if summary.update in (None, update) else f", update {summary.update:,}"
    return ArmRow(
        arm=summary.arm,
        label=arm_label(runs.arm) + at,
        seeds=runs.arm.seeds,
        runs=len(runs.seeds),
        diverged=runs.diverged,
        summary=summary_row(summary, runs.seeds),
    )
