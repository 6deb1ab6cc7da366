"""What an archive is about: evidence.json, and the study file that is kept with it."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assay.config import first_problem
from assay.errors import StoreError
from assay.store.durable import json_digest, json_object, make_folder, to_json, write_atomic

FORMAT = 1
MANIFEST = "evidence.json"
STUDY_FILE = "study.toml"


class Manifest(BaseModel):
    """What an archive is about.

    Attributes:
        study: the study's name.
        profile: which of its profiles.
        study_sha256: hash of its file, which is kept; empty where none is.
        data: hashes of own data, by their path as the study has it.
        source: hashes of own modules, by what they give.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str
    profile: str
    study_sha256: str = ""
    data: Mapping[str, str] = {}
    source: Mapping[str, str] = {}


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
    whole = {**manifest.model_dump(), "study_sha256": hashlib.sha256(study).hexdigest()}
    try:
        make_folder(folder)
        for target, content in (
            (folder / STUDY_FILE, study),
            (path, to_json(_signed({"format": FORMAT, **whole}))),
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
        found = json_object(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise StoreError(
            f"{path.parent} is no folder of evidence: {path.name} is missing, "
            "which 'assay archive STUDY' writes"
        ) from None
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror or error}") from None
    if found.get("format") != FORMAT:
        raise StoreError(
            f"{path} is damaged, or of a later version of assay: this one reads format {FORMAT}"
        )
    # Those of version 0.1 have no hash of themselves.
    kept = found.pop("sha256", None)
    try:
        if kept is not None and kept != json_digest(found):
            raise StoreError(f"{path} was altered: its sha256 is not that of the rest")
        found.pop("format")
        return Manifest.model_validate(found)
    except ValidationError as error:
        raise StoreError(f"{path} is damaged: {first_problem(error, Manifest)}") from None
    except ValueError as error:
        raise StoreError(f"{path} is damaged: {error}") from None


def _signed(content: Mapping[str, Any]) -> dict[str, Any]:
    """With the hash of the rest."""
    return {**content, "sha256": json_digest(content)}
