"""Studies as the page shows them, from what the report says."""

from dataclasses import asdict
from typing import Any

from assay.api import Study
from assay.errors import AssayError
from assay.figures.strip_rows import alternative
from assay.report.data.plain import plain
from assay.report.data.rows import ClaimRow
from assay.report.data.single import alone, asked
from assay.report.data.strip import odds, strip_rows
from assay.report.pages.dots import dots
from assay.report.words.cells import verdict_word
from assay.studio.shown import Shown


def studies_view(shown: Shown) -> list[dict[str, Any]]:
    """The studies that are shown: how far their runs are, or why one cannot be opened."""
    return [_line(shown, name) for name in shown.names]


def study_view(shown: Shown, name: str, profile: str) -> dict[str, Any]:
    """A study: its runs' counts, its claims with a row of dots per arm, and what a seed alone says.

    Raises:
        AssayError: if it cannot be opened, or a run is damaged.
    """
    with shown.lock:
        study = shown.study(name)
        found = study.overview(shown.profile_of(study, profile))
        rows = strip_rows(found.claims)
        told = asked(found.claims)
        return {
            "study": plain(found.study),
            "profile": plain(found.profile),
            "runs": plain(found.runs),
            "arms": [plain(arm) for arm in found.arms],
            "claims": [_claim(claim) for claim in found.claims],
            "strip": alternative(rows) if rows else "",
            "single": {
                "claims": [asdict(each) | {"majority": each.majority} for each in told],
                "seeds": [asdict(each) for each in alone(told)],
            },
        }


def _line(shown: Shown, name: str) -> dict[str, Any]:
    try:
        with shown.lock:
            study: Study = shown.study(name)
            plan = study.plan(shown.profile_of(study, ""))
    except AssayError as error:
        return {"name": name, "title": "", "problem": str(error)}
    return {
        "name": name,
        "title": study.title,
        "claims": sum(not claim.restated_as for claim in study.claims),
        "runs": len(plan),
        "done": sum(run.complete for run in plan),
        "problem": "",
    }


def _claim(claim: ClaimRow) -> dict[str, Any]:
    return {
        **plain(claim),
        "word": verdict_word(claim),
        "odds": odds(claim.evidence),
        "drawn": [_drawn(part) for part in map(dots, claim.parts)],
    }


def _drawn(found: Any) -> dict[str, Any] | None:
    return None if found is None else asdict(found)
