"""Checkpoints on disk: a file of tensors, and JSON that carries the hashes of both.

The JSON is written after the tensors, so a crash between the two leaves no checkpoint that looks
whole. The two newest are kept: should one be damaged, the one before it serves.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.errors import CheckpointError
from assay.store.durable import json_digest, to_json, write_atomic
from assay.text import parse_json

KEPT = 2


@dataclass(frozen=True)
class Saved:
    """A checkpoint by its number: the content of its file of tensors, and the rest as plain JSON.

    Attributes:
        path: its JSON, for messages; empty before it is written.
    """

    number: int
    tensors: bytes
    state: dict[str, Any]
    path: str = ""


def write(folder: Path, saved: Saved, check: Callable[[], None] | None = None) -> None:
    """Write a checkpoint and remove all but the newest two; `check` is as of `replacing`."""
    name = f"{saved.number:010d}"
    body = {
        "step": saved.number,
        "tensors_sha256": hashlib.sha256(saved.tensors).hexdigest(),
        "state": saved.state,
    }
    write_atomic(folder / f"{name}.safetensors", saved.tensors, check)
    write_atomic(folder / f"{name}.json", to_json({**body, "sha256": json_digest(body)}), check)
    _prune(folder, keep=_names(folder)[:KEPT])


def newest_first(folder: Path) -> Iterator[tuple[str, Saved | CheckpointError]]:
    """Every checkpoint in a folder, newest first; a damaged one as the error that says so."""
    for name in _names(folder):
        try:
            yield name, _read(folder, name)
        except CheckpointError as error:
            yield name, error


def damaged(path: object, why: object) -> CheckpointError:
    """That a checkpoint cannot be used."""
    return CheckpointError(f"checkpoint {path} is damaged: {why}")


def _read(folder: Path, name: str) -> Saved:
    path = folder / f"{name}.json"
    try:
        body = parse_json(path.read_bytes())
        digest = body.pop("sha256")
        content = (folder / f"{name}.safetensors").read_bytes()
        if type(body["step"]) is not int or type(body["state"]) is not dict or body["step"] < 0:
            raise damaged(path, "it holds no step and state")
        if (
            json_digest(body) != digest
            or hashlib.sha256(content).hexdigest() != body["tensors_sha256"]
        ):
            raise damaged(path, "its hash does not match")
        return Saved(body["step"], content, body["state"], str(path))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise damaged(path, error) from None


def _prune(folder: Path, keep: list[str]) -> None:
    """Remove older checkpoints, and what a crash left of one that was being written."""
    for path in folder.iterdir():
        if path.stem not in keep:
            path.unlink(missing_ok=True)


def _names(folder: Path) -> list[str]:
    return sorted((path.stem for path in folder.glob("[0-9]*.json")), reverse=True)
