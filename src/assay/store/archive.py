"""Evidence: the ended runs of a study in small files, to be committed and read without a store.

FOLDER/
  evidence.json        the study's name and the profile
  runs/<run id>.zip    config.json, record.json and metrics.jsonl as the run wrote them, and the
                       images that a report shows; written once and never again
  verdicts/STUDY.json  every verdict that was passed on these runs

Weights are no part of it.
"""

import hashlib
import io
import json
import lzma
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_LZMA, BadZipFile, ZipFile, ZipInfo

from assay.config import load_config
from assay.errors import StoreError
from assay.store import Record, RunFolder, Store
from assay.store.durable import to_json, write_atomic

FORMAT = 1
MANIFEST = "evidence.json"
PASSAGES = "passages.npz"
"""Images between two, which a report would else ask a run's weights for."""

_WHOLE = ("config.json", "record.json", "metrics.jsonl")
_IMAGES = re.compile(rf"{re.escape(PASSAGES)}|samples/\d{{10}}\.npy")
# NotImplementedError, a RuntimeError, is for ways of packing that Python does not read.
_UNREADABLE = (OSError, BadZipFile, lzma.LZMAError, zlib.error, EOFError, RuntimeError)
_READABLE_BY_ALL = 0o100644 << 16


class Archive(Store):
    """A folder of evidence as a store that is only read.

    The runs are unpacked to a temporary folder, which is gone with this object.

    Attributes:
        source: where the evidence is.
        study: the study's name.
        profile: which of its profiles the runs belong to.

    Raises:
        StoreError: if the folder holds no evidence, or a file of it is damaged or altered.
    """

    read_only = True
    option = None

    def __init__(self, folder: str | Path) -> None:
        self.source = Path(folder)
        manifest = _manifest(self.source / MANIFEST)
        self.study: str = manifest["study"]
        self.profile: str = manifest["profile"]
        self._unpacked = TemporaryDirectory(prefix="assay-evidence-")
        super().__init__(self._unpacked.name)
        for path in sorted((self.source / "runs").glob("*.zip")):
            _unpack(path, self.root / path.stem)

    def __str__(self) -> str:
        return f"evidence {self.source}"

    def prepare(self) -> None:
        """Refuse: nothing is trained here.

        Raises:
            StoreError: always.
        """
        raise StoreError(f"{self} is only read: train into a store")

    def verdict_log(self, study: str) -> Path:  # noqa: D102 - as in Store
        return self.source / "verdicts" / f"{study}.json"


def packed(folder: Path, run_id: str) -> Path:
    """Where the file of a run is, or would be."""
    return folder / "runs" / f"{run_id}.zip"


def pack(run: RunFolder, folder: Path, images: Mapping[str, bytes]) -> None:
    """Write the file of an ended run; its bytes follow from its content alone.

    Args:
        run: the run.
        folder: the folder of the evidence.
        images: more files for a report's pictures, by their names in the run's folder.

    Raises:
        StoreError: if the run is damaged.
    """
    run.config()
    run.metrics()
    files = {name: (run.path / name).read_bytes() for name in _WHOLE}
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in {**files, **images}.items():
            member = ZipInfo(name)  # of 1980, not of today
            member.external_attr = _READABLE_BY_ALL
            archive.writestr(member, content, ZIP_LZMA)
    path = packed(folder, run.run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, buffer.getvalue())


def write_manifest(folder: Path, study: str, profile: str) -> None:
    """Say what a folder of evidence is about.

    Raises:
        StoreError: if it is about something else already, or cannot be written.
    """
    path = folder / MANIFEST
    if path.exists():
        found = _manifest(path)
        if (found["study"], found["profile"]) != (study, profile):
            raise StoreError(
                f"{folder} holds evidence of {found['study']}, profile {found['profile']}: "
                f"{study}, profile {profile}, needs a folder of its own"
            )
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(path, to_json({"format": FORMAT, "study": study, "profile": profile}))
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror or error}") from None


def _manifest(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
        if found["format"] == FORMAT and all(
            isinstance(found[key], str) for key in ("study", "profile")
        ):
            return found
    except FileNotFoundError:
        raise StoreError(
            f"{path.parent} is no folder of evidence: {path.name} is missing, "
            "which 'assay archive STUDY' writes"
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise StoreError(f"{path} is damaged: it should name a format, {FORMAT}, a study and a profile")


def _unpack(path: Path, target: Path) -> None:
    files = _content(path)
    _check(path, files)
    for name, content in files.items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _content(path: Path) -> dict[str, bytes]:
    try:
        with ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    except _UNREADABLE as error:
        raise StoreError(f"{path} is damaged: {error}") from None
    unknown = [name for name in files if name not in _WHOLE and not _IMAGES.fullmatch(name)]
    if unknown or not set(_WHOLE) <= set(files):
        raise StoreError(
            f"{path} is no run: it should hold {', '.join(_WHOLE)} and images, "
            f"and holds {', '.join(files) or 'nothing'}"
        )
    return files


def _check(path: Path, files: Mapping[str, bytes]) -> None:
    """See that the files are of the run that the archive is named after, and as it wrote them."""
    try:
        settings: dict[str, Any] = dict(json.loads(files["config.json"]))
        record = Record.model_validate_json(files["record.json"])
    except (ValueError, TypeError) as error:  # pydantic's are ValueErrors
        raise StoreError(f"{path} is damaged: {str(error).splitlines()[0]}") from None
    config = load_config(settings, f"{path}, config.json")
    if config.run_id != path.stem:
        raise StoreError(
            f"{path} was altered: its config.json describes run {config.run_id}, "
            "and not the one that the file is named after"
        )
    if hashlib.sha256(files["metrics.jsonl"]).hexdigest() != record.metrics["sha256"]:
        raise StoreError(f"{path} was altered: its metrics.jsonl is not what the run wrote")
