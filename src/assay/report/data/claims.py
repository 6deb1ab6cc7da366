"""The claims of a study with the numbers behind each, and the verdicts on them."""

import math
from collections.abc import Mapping
from dataclasses import asdict

from assay.claims import looks
from assay.claims.evidence import ArmRuns
from assay.claims.snapshot import Snapshot
from assay.claims.verdicts import ClaimVerdict, PartTrial
from assay.figures.labels import arm_label
from assay.report.data.plain import Data, finite, summary_data
from assay.report.data.universes import multiverse_data
from assay.report.words.verdicts import verdict_sentence


def claim_data(snapshot: Snapshot, *, record: bool = False) -> list[Data]:
    """Every claim with its verdict and its parts, each with its test and every arm's numbers.

    A claim that has a multiverse has what it comes to there as well. A verdict that the store's
    record marks as exploratory is; `record` puts those that are passed on it.

    Raises:
        StudyError: if a comparison within a seed has no seed in common.
        StoreError: if a run or the record is damaged, or the record cannot be written.
    """
    found = snapshot.remembered("claims", lambda: _worked_out(snapshot))
    passed = [each and looks.Passed(**each) for each in found["passed"]]
    marks = (looks.record if record else looks.marked)(snapshot.study, snapshot.store, passed)
    return [
        _said(row, mark.exploratory if mark else row["exploratory"])
        for row, mark in zip(found["claims"], marks, strict=True)
    ]


def _worked_out(snapshot: Snapshot) -> Data:
    """The claims before anything is looked up in a record, and what there is to record."""
    universes = {curve.multiverse.claim.id: multiverse_data(curve) for curve in snapshot.curves}
    passed = [looks.passed(snapshot.study, snapshot.profile, each) for each in snapshot.verdicts]
    return {
        "claims": [
            {**_claim(each, snapshot.runs), "multiverse": universes.get(each.claim.id)}
            for each in snapshot.verdicts
        ],
        "passed": [each and asdict(each) for each in passed],
    }


def _said(claim: Data, exploratory: str) -> Data:
    """With the sentence, before what it comes to over its multiverse."""
    marked = claim | {"exploratory": exploratory}
    universes = marked.pop("multiverse")
    return marked | {"meaning": verdict_sentence(marked), "multiverse": universes}


def _claim(verdict: ClaimVerdict, runs: Mapping[str, ArmRuns]) -> Data:
    parts = [_part(part, runs, verdict.level) for part in verdict.parts]
    return {
        "id": verdict.claim.id,
        "where": verdict.claim.where,
        "control_of": verdict.claim.control_of,
        "sentence": verdict.claim.sentence,
        "tested": all(part["tested"] for part in parts),
        "verdict": verdict.word,
        "p": verdict.p,
        "p_supported": verdict.p_supported,
        "p_refuted": verdict.p_refuted,
        "level": verdict.level,
        "look": verdict.look,
        "exploratory": verdict.exploratory,
        "parts": parts,
    }


def _part(tried: PartTrial, runs: Mapping[str, ArmRuns], level: float) -> Data:
    evidence, part = tried.evidence, tried.evidence.part
    arms = []
    for summary in evidence.summaries:
        found = runs[summary.arm]
        label = arm_label(found.arm)
        if summary.update is not None and summary.update != part.update:
            label += f", update {summary.update:,}"
        kept = found.seeds[: len(summary.values)]
        named = {
            "arm": summary.arm,
            "label": label,
            "seeds": found.arm.seeds,
            "runs": len(kept),
            "diverged": len(set(kept) & set(found.diverged_seeds)),
        }
        arms.append(named | summary_data(summary, kept))
    return {
        "sentence": part.sentence,
        "metric": part.metric,
        "describe": evidence.outcome.describe,
        "unit": evidence.outcome.unit,
        "kind": part.kind,
        "test": part.test,
        "paired": part.within,
        "solved": part.solved,
        "threshold": part.threshold,
        "margin": part.margin,
        "margin_unit": part.unit,
        "update": part.update,
        "tested": not evidence.untested,
        "untested": tried.untested,
        "difference": finite(evidence.difference),
        "trial": _trial(tried, level),
        "missing": tried.missing,
        "middle": _middle(tried),
        "arms": arms,
    }


def _trial(tried: PartTrial, level: float) -> Data | None:
    trial = tried.trial
    if trial is None:
        return None
    return {
        "method": trial.method,
        "effect": finite(trial.effect),
        "effect_infinite": math.isinf(trial.effect),
        "low": finite(trial.low),
        "high": finite(trial.high),
        "confidence": 1 - level,
        "p_supported": trial.p_supported,
        "p_refuted": trial.p_refuted,
    }


def _middle(tried: PartTrial) -> Data | None:
    """The difference of the interquartile means, with its bootstrap interval."""
    if tried.middle is None:
        return None
    return dict(zip(("difference", "low", "high"), tried.middle, strict=True))
