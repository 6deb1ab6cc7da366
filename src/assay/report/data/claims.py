"""The claims of a study with the numbers behind each, and the verdicts on them."""

import math
from collections.abc import Mapping, Sequence

from assay.claims.evidence import ArmRuns
from assay.claims.multiverse import Curve
from assay.claims.outcomes import OUTCOMES
from assay.claims.verdicts import ClaimVerdict, PartTrial
from assay.figures.labels import arm_label
from assay.report.data.plain import Data, finite, summary_data
from assay.report.data.universes import multiverse_data
from assay.report.words.verdicts import verdict_sentence


def claim_data(
    found: Sequence[ClaimVerdict], runs: Mapping[str, ArmRuns], curves: Sequence[Curve] = ()
) -> list[Data]:
    """Every claim with its verdict and its parts, each with its test and every arm's numbers.

    A claim that has a multiverse has what it comes to there as well.
    """
    universes = {curve.multiverse.claim.id: multiverse_data(curve) for curve in curves}
    return [_claim(each, runs) | {"multiverse": universes.get(each.claim.id)} for each in found]


def _claim(verdict: ClaimVerdict, runs: Mapping[str, ArmRuns]) -> Data:
    parts = [_part(part, runs, verdict.level) for part in verdict.parts]
    data = {
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
    return data | {"meaning": verdict_sentence(data)}


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
        "describe": evidence.describe,
        "unit": OUTCOMES[part.metric].unit,
        "kind": part.kind,
        "test": part.test,
        "paired": part.paired or part.test == "diminishing",
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
