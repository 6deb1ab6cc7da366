"""The claims of a study with the numbers behind each."""

from collections.abc import Mapping

from assay.claims.evidence import ArmRuns, ClaimEvidence, PartEvidence
from assay.claims.outcomes import OUTCOMES
from assay.figures.labels import arm_label
from assay.report.plain import Data, finite, summary_data


def claim_data(claims: list[ClaimEvidence], runs: Mapping[str, ArmRuns]) -> list[Data]:
    """Every claim, its parts, and of each part every arm's numbers."""
    return [
        {
            "id": each.claim.id,
            "where": each.claim.where,
            "sentence": each.claim.sentence,
            "tested": each.tested,
            "parts": [_part(part, runs) for part in each.parts],
        }
        for each in claims
    ]


def _part(evidence: PartEvidence, runs: Mapping[str, ArmRuns]) -> Data:
    part = evidence.part
    arms = []
    for summary in evidence.summaries:
        found = runs[summary.arm]
        label = arm_label(found.arm)
        if summary.update is not None and summary.update != part.update:
            label += f", update {summary.update:,}"
        named = {"arm": summary.arm, "label": label, "seeds": found.arm.seeds}
        arms.append(named | summary_data(summary, found.seeds))
    return {
        "sentence": part.sentence,
        "metric": part.metric,
        "describe": evidence.describe,
        "unit": OUTCOMES[part.metric].unit,
        "test": part.test,
        "threshold": part.threshold,
        "margin": part.margin,
        "margin_unit": part.unit,
        "update": part.update,
        "tested": not evidence.untested,
        "untested": evidence.untested,
        "difference": finite(evidence.difference),
        "arms": arms,
    }
