"""What verdicts were passed on a store's runs, and which of them were declared before.

STORE/verdicts/ keeps every verdict of a study with the declaration it was passed under. A verdict
from other seeds than the first, where no looks declare them, or under a declaration that was
changed since, is marked exploratory: it was chosen after something had been seen.

Looking marks and writes nothing; `record` writes, one process at a time.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assay.claims.verdicts import ClaimVerdict
from assay.errors import StoreError
from assay.store import Store
from assay.store.durable import to_json, write_atomic
from assay.study import StudyPlan
from assay.study.file import Claim, Part

FORMAT = 1


@dataclass(frozen=True)
class Passed:
    """A verdict as it is put on record.

    Attributes:
        declaration: a hash of what was set down for the claim.
        seeds: how many runs of each arm it rests on.
    """

    claim: str
    profile: str
    declaration: str
    seeds: dict[str, int]
    look: int | None
    level: float
    verdict: str
    p: float | None
    exploratory: str


def passed(study: StudyPlan, profile: str, verdict: ClaimVerdict) -> Passed | None:
    """What there is to record of a verdict; None of one that was not passed."""
    if not verdict.passed:
        return None
    return Passed(
        verdict.claim.id,
        profile,
        declaration(study, verdict.claim),
        seeds_used(verdict),
        verdict.look,
        verdict.level,
        verdict.word,
        verdict.p,
        verdict.exploratory,
    )


def marked(study: StudyPlan, store: Store, found: Sequence[Passed | None]) -> list[Passed | None]:
    """Verdicts with the reason why they are exploratory, where the store's record has one.

    Raises:
        StoreError: if the record is damaged.
    """
    kept = recorded(study, store)
    return [each and _marked(study, each, kept) for each in found]


def record(study: StudyPlan, store: Store, found: Sequence[Passed | None]) -> list[Passed | None]:
    """Put verdicts on record, marked as those before them say, and return them.

    Raises:
        StoreError: if the record is damaged or cannot be written.
    """
    if not any(found):
        return list(found)
    path = log_of(study, store)
    with _owned(path):
        kept = recorded(study, store)
        now = [each and _marked(study, each, kept) for each in found]
        fresh = [each for each in now if each is not None and each not in kept]
        if fresh:
            _write(store, study, [*kept, *fresh])
    return now


def carry_over(study: StudyPlan, source: Store, target: Store) -> None:
    """Put on record in `target` what verdicts are on record in `source`.

    Raises:
        StoreError: if a record is damaged or cannot be written.
    """
    before = recorded(study, source)
    path = log_of(study, target)
    if before:
        with _owned(path):
            kept = recorded(study, target)
            missing = [entry for entry in before if entry not in kept]
            if missing:
                _write(target, study, [*kept, *missing])


def recorded(study: StudyPlan, store: Store) -> list[Passed]:
    """The verdicts on record, the first one first.

    A record without the name of its study, as versions before this one wrote it, may be another
    study's of that name: of it those count that are about arms which the same claim reads.

    Raises:
        StoreError: if the record is damaged.
    """
    path = log_of(study, store)
    if path.exists():
        return _read(path)[1]
    older = store.verdict_log(study.name)
    if not older.exists():
        return []
    named, entries = _read(older)
    return [] if named else [entry for entry in entries if _about(study, entry)]


def log_of(study: StudyPlan, store: Store) -> Path:
    """Where the verdicts on a study are kept: two files of one name are two studies."""
    return store.verdict_log(study.name, _place(study, store))


def declaration(study: StudyPlan, claim: Claim) -> str:
    """A hash of what was set down for a claim: its parts, α and the looks."""
    parts = [_declared(study, part) for part in claim.parts]
    declared = {"parts": parts, "alpha": study.file.alpha, "looks": study.file.looks}
    return hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()[:16]


def _declared(study: StudyPlan, part: Part) -> dict[str, Any]:
    """What was set down for a part, with the hash of an own module that it reads runs by."""
    found = part.model_dump(exclude={"sentence", "at"})
    if part.at is not None:  # a key of later studies than the first that were declared
        found["at"] = asdict(part.at)
    own = study.own_metrics.get(part.metric)
    return found if own is None else {**found, "metric_sha256": own}


def seeds_used(verdict: ClaimVerdict) -> dict[str, int]:
    """How many runs of each arm a verdict rests on."""
    return {
        summary.arm: len(summary.values)
        for part in verdict.parts
        for summary in part.evidence.summaries
    }


def _marked(study: StudyPlan, verdict: Passed, kept: Sequence[Passed]) -> Passed:
    first = next((entry for entry in kept if entry.claim == verdict.claim), None)
    if first is None or verdict.exploratory:
        return verdict
    if first.declaration != verdict.declaration:
        reason = "its tests or margins were changed after a first verdict had been passed"
        return replace(verdict, exploratory=reason)
    if not study.file.looks and first.seeds != verdict.seeds:
        was = "; ".join(f"{arm}: {count}" for arm, count in first.seeds.items())
        reason = f"a first verdict was passed on other seeds ({was}), and no looks declare these"
        return replace(verdict, exploratory=reason)
    return verdict


def _about(study: StudyPlan, entry: Passed) -> bool:
    arms = study.arms(next(iter(study.file.profiles)))
    return any(
        set(entry.seeds)
        == {study.select(each, arms).key for part in claim.parts for each in part.selectors}
        for claim in study.claims
        if claim.id == entry.claim
    )


@contextmanager
def _owned(path: Path) -> Iterator[None]:
    """Hold a record for the length of a `with` block; another process waits."""
    from filelock import FileLock  # loads asyncio, which reading does not need

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_name(".lock"))
        lock.acquire()
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from None
    try:
        yield
    finally:
        lock.release()


def _read(path: Path) -> tuple[str, list[Passed]]:
    """Which study a record names, if any, and its verdicts."""
    try:
        found = json.loads(path.read_bytes())
        return found.get("study", ""), [Passed(**entry) for entry in found["verdicts"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise StoreError(f"{path} is damaged: it should hold the verdicts passed so far") from None


def _place(study: StudyPlan, store: Store) -> str:
    """The way from the store to the study's file, so that both can be moved together."""
    if study.shipped:
        return ""
    path, root = study.path.resolve(), store.root.resolve()
    try:
        return Path(os.path.relpath(path, root)).as_posix()
    except ValueError:  # another drive
        return path.as_posix()


def _write(store: Store, study: StudyPlan, entries: Sequence[Passed]) -> None:
    path = log_of(study, store)
    content: dict[str, Any] = {
        "format": FORMAT,
        "study": study.name if store.read_only else _place(study, store) or study.name,
        "verdicts": [asdict(entry) for entry in entries],
    }
    try:
        write_atomic(path, to_json(content))
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from None
