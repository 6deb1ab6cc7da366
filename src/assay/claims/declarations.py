"""When each claim was declared, and which seeds of its arms had been seen by then.

STORE/declarations.jsonl has a line for each claim that was about to be trained for: a hash of what
is asked (metric, test, margin, arms) and the seeds of its arms that the store held already. These
are *seen*: what they say of the claim may be why it was declared like that, so they do not confirm
it. The hash does not know the names of the study and the claim: under another name they ask the
same, and a change that matters makes another declaration.

Only starting to train declares; looking writes nothing.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assay.claims.declaration import SCHEMA, Declaration
from assay.config import RunConfig, first_problem, training_id
from assay.errors import StoreError
from assay.store import RunFolder, Store
from assay.store.durable import make_folder, write_atomic
from assay.store.look import Look
from assay.store.repair import copied_aside
from assay.study import Arm, StudyPlan
from assay.study.file import Claim, Part


@dataclass(frozen=True)
class Declared:
    """What a log says of one claim.

    Attributes:
        entry: when it was declared first; None where it was not.
        why_seen: why all of its seeds count as seen; empty where it was declared.
    """

    entry: Declaration | None
    why_seen: str

    def seen(self, run: RunFolder, config: RunConfig) -> bool:
        """Whether a run that ended had begun, or one like it, before the claim was declared."""
        if self.entry is None or self.listed(training_id(config), config.seed):
            return True
        record = run.record()
        return record is None or _time(record.started) < _time(self.entry.at)

    def listed(self, training: str, seed: int) -> bool:
        """Whether a seed of a training, as `training_id` names it, is on the log as seen."""
        return self.entry is not None and seed in self.entry.seen.get(training, [])


@dataclass(frozen=True)
class Declarations:
    """What a log says.

    Attributes:
        first: the first declaration of each hash.
        damage: what is wrong with the log; empty where nothing is. A damaged one confirms nothing.
    """

    first: Mapping[str, Declaration]
    damage: str = ""

    def of(self, study: StudyPlan, profile: str) -> dict[str, Declared]:
        """What it says of each claim of a study's profile, by the claim's id."""
        arms = study.arms(profile) if study.claims else []
        found = {}
        for claim in study.claims:
            entry = None if self.damage else self.first.get(declaration(study, claim, arms))
            why = "" if entry else self.damage or "it was not declared before its runs"
            found[claim.id] = Declared(entry, why)
        return found


def declarations(store: Store) -> Declarations:
    """What the log of a store says, as far as it can be read."""
    path = store.declaration_log
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Declarations({})
    except OSError as error:
        return Declarations({}, f"{path} cannot be read: {error.strerror or error}")
    if not content.endswith(b"\n"):  # it is written whole, and never without a line
        return Declarations({}, f"{path} is damaged: its end is cut off")
    first: dict[str, Declaration] = {}
    for number, line in enumerate(content.splitlines(keepends=True), start=1):
        try:
            entry = Declaration.model_validate_json(line)
        except ValidationError as error:
            problem = first_problem(error, Declaration)
            return Declarations({}, f"{path}, line {number}, is damaged: {problem}")
        first.setdefault(entry.declaration, entry)
    return Declarations(first)


def declare(study: StudyPlan, store: Store) -> list[Declaration]:
    """Put on the store's log what claims are now about to be trained for, and return what is new.

    Args:
        study: the study, all of whose claims are declared, as each of its profiles asks them.
        store: where it will be trained.

    Raises:
        StoreError: if the log is damaged or cannot be written.
    """
    known = declarations(store)
    profiles = [study.arms(name) for name in study.file.profiles] if study.claims else []
    asked = {
        declaration(study, claim, arms): (claim, arms)
        for arms in profiles
        for claim in study.claims
    }
    if all(each in known.first for each in asked):
        return []
    with _owned(store):
        known = declarations(store)
        if known.damage:
            raise StoreError(
                f"{known.damage}: mend or remove the line; without it the seeds that are there "
                "count as seen"
            )
        there = _there(store)
        new = [
            _declared(study, claim, each, arms, there)
            for each, (claim, arms) in asked.items()
            if each not in known.first
        ]
        _write(store, [*known.first.values(), *new])
    return new


def declare_if_possible(study: StudyPlan, store: Store) -> str:
    """`declare`, and where the log cannot be used, a sentence that says so: runs go on without."""
    try:
        declare(study, store)
    except StoreError as error:
        return f"verdicts will be exploratory: {error}"
    return ""


def mend(store: Store) -> Path | None:
    """Keep the lines of a damaged log that are whole, and say where the log that was is now.

    A claim whose line is lost is declared anew when it is trained next: until then, and for the
    seeds that there are by then, its verdicts are exploratory. None where nothing is damaged.

    Raises:
        StoreError: if the log cannot be written.
    """
    path = store.declaration_log
    with _owned(store):
        if not declarations(store).damage:
            return None
        lines = path.read_bytes().splitlines(keepends=True)
        kept = [each for each in map(_whole, lines) if each is not None]
        place = copied_aside(store.declaration_log.parent, path)
        if kept:
            _write(store, kept)
        else:
            path.unlink()
    return place


def _whole(line: bytes) -> Declaration | None:
    try:
        return Declaration.model_validate_json(line) if line.endswith(b"\n") else None
    except ValidationError:
        return None


def carry_over(source: Store, target: Store) -> None:
    """Put on the log of `target` what that of `source` says and it does not.

    Raises:
        StoreError: if a log is damaged or cannot be written.
    """
    before = declarations(source)
    with _owned(target):
        there = declarations(target)
        if damage := before.damage or there.damage:
            raise StoreError(damage)
        first = {**before.first, **there.first}
        if len(first) > len(there.first):
            _write(target, sorted(first.values(), key=lambda each: each.at))


def declaration(study: StudyPlan, claim: Claim, arms: Sequence[Arm]) -> str:
    """A hash of what a claim asks: its parts with their arms, and which share is most.

    `arms` are those of a profile. What the study declares of them counts, however long a profile
    trains them; one that trains something else asks something else.
    """
    asked = {"parts": [_asked(study, part, arms) for part in claim.parts], "most": study.file.most}
    return _hash(asked)


def _asked(study: StudyPlan, part: Part, arms: Sequence[Arm]) -> dict[str, Any]:
    said = part.model_dump(
        mode="json",
        exclude={"sentence", "unit", "limit", "of", "against", "update", "at"},
        exclude_defaults=True,
    )
    chosen = [study.select(each, arms) for each in part.selectors]
    read = [
        (arm.declared.canonical(), part.moment(each))
        for arm, each in zip(chosen, part.selectors, strict=True)
    ]
    own = study.own_metrics.get(part.metric)
    asked = {**said, "arms": read, "at": str(part.at), "metric_sha256": own}
    changed = [training_id(arm.config) for arm in chosen]
    if changed != [training_id(arm.declared) for arm in chosen]:
        asked["trained"] = changed
    return asked


def _declared(
    study: StudyPlan,
    claim: Claim,
    hash: str,
    arms: Sequence[Arm],
    there: Mapping[str, list[int]],
) -> Declaration:
    read = [study.select(each, arms) for part in claim.parts for each in part.selectors]
    trainings = {training_id(config) for arm in read for config in (arm.config, arm.declared)}
    return Declaration(
        schema_version=SCHEMA,
        declaration=hash,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        study=study.name,
        claim=claim.id,
        seen={each: there[each] for each in sorted(trainings) if each in there},
    ).signed()


def _there(store: Store) -> dict[str, list[int]]:
    """The seeds of each training that a store has begun."""
    found: dict[str, set[int]] = {}
    look = Look(store)
    ended = look.ended
    for run in look.runs:
        try:
            training, seed = ended[run][4:6] if run in ended else _begun(store.run(run))
        except StoreError:  # damaged: whoever reads it is told
            continue
        found.setdefault(training, set()).add(seed)
    return {name: sorted(seeds) for name, seeds in found.items()}


def _begun(run: RunFolder) -> tuple[str, int]:
    config = run.config()
    return training_id(config), config.seed


def _write(store: Store, entries: Sequence[Declaration]) -> None:
    path = store.declaration_log
    try:
        write_atomic(path, b"".join(each.line() for each in entries))
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from None


def _hash(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


@contextmanager
def _owned(store: Store) -> Iterator[None]:
    """Hold a log for the length of a `with` block; another process waits."""
    from filelock import FileLock  # loads asyncio, which reading does not need

    path: Path = store.declaration_log
    try:
        make_folder(path.parent)
        lock = FileLock(path.with_name(".declarations.lock"))
        lock.acquire()
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from None
    try:
        yield
    finally:
        lock.release()
