"""Every file of a store, or of evidence, held against what is known of it.

Configurations hash to the run's id, logs and images to what the record and the log say, and
checkpoints to what they say of themselves. What a crash left under a temporary name is no damage:
whoever writes the file next takes it over. Wall times and what a run printed have no hash: of them
it is seen that they can be read.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from assay.errors import AssayError, CheckpointError, StoreError
from assay.store.archive import PackedRun
from assay.store.checkpoint import newest_first
from assay.store.folder import RunFolder
from assay.store.log import Log
from assay.store.manifest import MANIFEST, STUDY_FILE, read_manifest
from assay.store.record import Record
from assay.store.store import Store

ASIDE = "damaged"
"""The folder of a store, or of evidence, that a repair moves damaged files to."""


class Remedy(Enum):
    """What a repair moves aside, and what makes it again."""

    RUN = "'assay run' trains the run again"
    RECORD = "'assay run' ends the run again from its last checkpoint"
    FILE = "the run's numbers are as they were"
    CHECKPOINT = "the run goes on from the checkpoint before it, if there is one"
    EVIDENCE = "'assay archive' writes it again from the store"


@dataclass(frozen=True)
class Damage:
    """Something that is not what it should be.

    Attributes:
        path: what is moved aside.
        why: what is wrong, as a sentence.
        remedy: what then makes it again.
    """

    path: Path
    why: str
    remedy: Remedy


def is_evidence(root: Path) -> bool:
    """Whether a folder is one of evidence, even where its first file is gone."""
    return (root / MANIFEST).exists() or (root / "runs").is_dir()


def damages(root: Path) -> Iterator[Damage]:
    """All that is wrong in a store, or in a folder of evidence.

    Raises:
        StoreError: if there is no such folder.
    """
    if not root.is_dir():
        raise StoreError(f"{root} is no folder: give a store, or a folder of evidence")
    if is_evidence(root):
        yield from _of_evidence(root)
    else:
        for run in Store(root).runs():
            yield from _of_run(run)


def _of_run(run: RunFolder) -> Iterator[Damage]:
    if not run.begun:
        return
    try:
        run.config()
    except AssayError as error:
        yield Damage(run.path, str(error), Remedy.RUN)
        return
    try:
        record = run.record()
    except StoreError as error:
        yield Damage(run.path / "record.json", str(error), Remedy.RECORD)
        return
    try:
        log = run.metrics()
    except StoreError as error:
        yield Damage(run.path, str(error), Remedy.RUN)
        return
    yield from _timings(run)
    yield from _checkpoints(run, record)
    yield from _images(run, log)


def _timings(run: RunFolder) -> Iterator[Damage]:
    path = run.path / "timings.jsonl"
    try:
        for line in (run.content(path.name) or b"").splitlines():
            json.loads(line)
    except ValueError as error:
        # Of a run that has not ended, a last line may be torn.
        if run.record() is not None:
            yield Damage(path, f"{path} is damaged: {error}", Remedy.FILE)


def _checkpoints(run: RunFolder, record: Record | None) -> Iterator[Damage]:
    """Those that are damaged; and the record of a run whose last one is, which then is made again.

    What a run's own program saved is of no use once it has ended.
    """
    answers = record is not None and not (run.path / "work").exists()
    for place, (name, found) in enumerate(newest_first(run.checkpoints)):
        if not name.isdigit() or not isinstance(found, CheckpointError):
            continue
        for suffix in (".json", ".safetensors"):
            path = run.checkpoints / f"{name}{suffix}"
            if path.exists():
                yield Damage(path, str(found), Remedy.CHECKPOINT)
        if answers and place == 0:
            yield Damage(
                run.path / "record.json", f"run {run.run_id} ended with that", Remedy.RECORD
            )


def _images(run: RunFolder, log: Log) -> Iterator[Damage]:
    """Grids of samples and weights, whose hashes the log has."""
    for probe in log.probes:
        digest = probe.found.get("sha256")
        if not isinstance(digest, str):
            continue
        found = sorted((run.path / probe.name).glob(f"{probe.update:010d}.*"))
        for path in found:
            if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                yield Damage(path, f"{path} is not what the run wrote", Remedy.FILE)


def _of_evidence(root: Path) -> Iterator[Damage]:
    try:
        manifest = read_manifest(root / MANIFEST)
    except StoreError as error:
        yield Damage(root / MANIFEST, str(error), Remedy.EVIDENCE)
    else:
        study = root / STUDY_FILE
        content = study.read_bytes() if study.is_file() else b""
        kept = manifest.study_sha256
        if kept and hashlib.sha256(content).hexdigest() != kept:
            why = f"{study} is missing or was altered: it is not what was kept"
            # Neither is of use without the other.
            yield Damage(root / MANIFEST, why, Remedy.EVIDENCE)
            yield Damage(study, why, Remedy.EVIDENCE)
    for path in sorted((root / "runs").glob("*.zip")):
        yield from _packed(PackedRun(path))


def _packed(run: PackedRun) -> Iterator[Damage]:
    try:
        log = run.metrics()
        for probe in log.probes:
            name = f"{probe.name}/{probe.update:010d}.npy"
            content = run.content(name)
            digest = probe.found.get("sha256")
            if content is not None and hashlib.sha256(content).hexdigest() != digest:
                raise StoreError(f"{run.where(name)} is not what the run wrote")
        run.whole()
    except AssayError as error:
        yield Damage(run.path, str(error), Remedy.EVIDENCE)
