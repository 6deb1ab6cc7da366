"""What verdicts were passed on a store's runs, and which of them were declared before.

STORE/verdicts/STUDY.json keeps every verdict with the declaration it was passed under. A verdict
from other seeds than the first, where no looks declare them, or under a declaration that was
changed since, is marked exploratory: it was chosen after something had been seen.
"""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from assay.claims.evidence import ArmRuns
from assay.claims.verdicts import ClaimVerdict, verdicts
from assay.errors import StoreError
from assay.store import Store
from assay.store.durable import to_json, write_atomic
from assay.study import StudyPlan
from assay.study.file import Claim

FORMAT = 1


def recorded_verdicts(
    study: StudyPlan,
    profile: str,
    runs: dict[str, ArmRuns],
    store: Store,
    *,
    record: bool | None = None,
) -> list[ClaimVerdict]:
    """The verdicts of a profile's runs, marked where they are exploratory, and put on record.

    `record` says whether new ones are; if it is not given, they are unless the store is only read.

    Raises:
        StudyError: if a comparison within a seed has no seed in common.
        StoreError: if the record is damaged or cannot be written.
    """
    found = verdicts(study, profile, runs)
    path = store.verdict_log(study.name)
    kept = _read(path)
    marked = [_marked(study, each, kept) for each in found]
    new = [_entry(study, profile, each) for each in marked if each.passed]
    fresh = [entry for entry in new if entry not in kept]
    if fresh and (not store.read_only if record is None else record):
        _write(path, [*kept, *fresh])
    return marked


def carry_over(study: StudyPlan, source: Store, target: Store) -> None:
    """Put on record in `target` what verdicts are on record in `source`.

    Raises:
        StoreError: if a record is damaged or cannot be written.
    """
    path = target.verdict_log(study.name)
    kept = _read(path)
    missing = [entry for entry in _read(source.verdict_log(study.name)) if entry not in kept]
    if missing:
        _write(path, [*kept, *missing])


def declaration(study: StudyPlan, claim: Claim) -> str:
    """A hash of what was set down for a claim: its parts, α and the looks."""
    parts = [part.model_dump(exclude={"sentence"}) for part in claim.parts]
    declared = {"parts": parts, "alpha": study.file.alpha, "looks": study.file.looks}
    return hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()[:16]


def seeds_used(verdict: ClaimVerdict) -> dict[str, int]:
    """How many runs of each arm a verdict rests on."""
    return {
        summary.arm: len(summary.values)
        for part in verdict.parts
        for summary in part.evidence.summaries
    }


def _marked(study: StudyPlan, verdict: ClaimVerdict, kept: list[dict[str, Any]]) -> ClaimVerdict:
    before = [entry for entry in kept if entry["claim"] == verdict.claim.id]
    if not before or not verdict.passed or verdict.exploratory:
        return verdict
    first = before[0]
    if first["declaration"] != declaration(study, verdict.claim):
        reason = "its tests or margins were changed after a first verdict had been passed"
        return replace(verdict, exploratory=reason)
    if not study.file.looks and first["seeds"] != seeds_used(verdict):
        was = "; ".join(f"{arm}: {count}" for arm, count in first["seeds"].items())
        reason = f"a first verdict was passed on other seeds ({was}), and no looks declare these"
        return replace(verdict, exploratory=reason)
    return verdict


def _entry(study: StudyPlan, profile: str, verdict: ClaimVerdict) -> dict[str, Any]:
    return {
        "claim": verdict.claim.id,
        "profile": profile,
        "declaration": declaration(study, verdict.claim),
        "seeds": seeds_used(verdict),
        "look": verdict.look,
        "level": verdict.level,
        "verdict": verdict.word,
        "p": verdict.p,
        "exploratory": verdict.exploratory,
    }


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(path.read_bytes())
        entries: list[dict[str, Any]] = found["verdicts"]
        if all({"claim", "declaration", "seeds"} <= set(entry) for entry in entries):
            return entries
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise StoreError(f"{path} is damaged: it should hold the verdicts passed so far")


def _write(path: Path, entries: list[dict[str, Any]]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, to_json({"format": FORMAT, "verdicts": entries}))
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from None
