"""What an archive is about: evidence.json, and the study file that is kept with it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from assay.errors import StoreError
from assay.store.durable import make_folder, to_json, write_atomic

FORMAT = 1
MANIFEST = "evidence.json"
STUDY_FILE = "study.toml"


@dataclass(frozen=True)
class Manifest:
    """What an archive is about.

    Attributes:
        study: the study's name.
        profile: which of its profiles.
        study_sha256: hash of its file, which is kept; empty where none is.
        data: hashes of own data, by their path as the study has it.
        source: hashes of own modules, by what they give.
    """

    study: str
    profile: str
    study_sha256: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)


def write_manifest(folder: Path, manifest: Manifest, study: bytes) -> None:
    """Say what an archive is about, and keep the study file with it.

    Args:
        folder: the archive.
        manifest: what it is about, without the study file's hash.
        study: the study file.

    Raises:
        StoreError: if it is about something else already, or cannot be written.
    """
    path = folder / MANIFEST
    if path.exists():
        found = read_manifest(path)
        if (found.study, found.profile) != (manifest.study, manifest.profile):
            raise StoreError(
                f"{folder} holds evidence of {found.study}, profile {found.profile}: "
                f"{manifest.study}, profile {manifest.profile}, needs a folder of its own"
            )
    whole = replace(manifest, study_sha256=hashlib.sha256(study).hexdigest())
    try:
        make_folder(folder)
        for target, content in (
            (folder / STUDY_FILE, study),
            (path, to_json({"format": FORMAT, **asdict(whole)})),
        ):
            if not target.exists() or target.read_bytes() != content:
                write_atomic(target, content)
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror or error}") from None


def read_manifest(path: Path) -> Manifest:
    """What an archive is about.

    Raises:
        StoreError: if the file is missing or damaged.
    """
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
        if found.pop("format") == FORMAT:
            return TypeAdapter(Manifest).validate_python(found)
    except FileNotFoundError:
        raise StoreError(
            f"{path.parent} is no folder of evidence: {path.name} is missing, "
            "which 'assay archive STUDY' writes"
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    raise StoreError(f"{path} is damaged: it should name a format, {FORMAT}, a study and a profile")
