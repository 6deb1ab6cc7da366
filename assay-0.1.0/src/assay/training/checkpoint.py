"""Checkpoints: tensors as safetensors, the rest as JSON that carries the hashes of both.

The JSON is written after the tensors, so a crash between the two leaves no checkpoint that looks
whole. The two newest are kept: should one be damaged, the one before it serves.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from assay.errors import CheckpointError
from assay.store.durable import to_json, write_atomic

KEPT = 2


@dataclass(frozen=True)
class Checkpoint:
    """The state of a run after `step` updates: named tensors, and whatever else as plain JSON."""

    step: int
    tensors: dict[str, Tensor]
    state: dict[str, Any]


def write(folder: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint and remove all but the newest two."""
    name = f"{checkpoint.step:010d}"
    tensors = save({key: value.contiguous() for key, value in checkpoint.tensors.items()})
    body = {
        "step": checkpoint.step,
        "tensors_sha256": hashlib.sha256(tensors).hexdigest(),
        "state": checkpoint.state,
    }
    write_atomic(folder / f"{name}.safetensors", tensors)
    write_atomic(folder / f"{name}.json", to_json({**body, "sha256": _digest(body)}))
    _prune(folder, keep=_names(folder)[:KEPT])


def read(folder: Path, name: str) -> Checkpoint:
    """Read one checkpoint.

    Raises:
        CheckpointError: if either of its files is missing or damaged.
    """
    path = folder / f"{name}.json"
    try:
        body = json.loads(path.read_bytes())
        digest = body.pop("sha256")
        content = (folder / f"{name}.safetensors").read_bytes()
        if _digest(body) != digest or hashlib.sha256(content).hexdigest() != body["tensors_sha256"]:
            raise CheckpointError(f"checkpoint {path} is damaged: its hash does not match")
        return Checkpoint(body["step"], load(content), body["state"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError) as error:
        raise CheckpointError(f"checkpoint {path} is damaged: {error}") from None


def newest_first(folder: Path) -> Iterator[tuple[str, Checkpoint | CheckpointError]]:
    """Every checkpoint in a folder, newest first; a damaged one as the error that says so."""
    for name in _names(folder):
        try:
            yield name, read(folder, name)
        except CheckpointError as error:
            yield name, error


def newest(folder: Path) -> Checkpoint:
    """The newest undamaged checkpoint.

    Raises:
        CheckpointError: if there is none.
    """
    problem = CheckpointError(f"{folder} holds no checkpoint")
    for _, found in newest_first(folder):
        if isinstance(found, Checkpoint):
            return found
        problem = found
    raise problem


def _prune(folder: Path, keep: list[str]) -> None:
    """Remove older checkpoints, and what a crash left of one that was being written."""
    for path in folder.iterdir():
        if path.stem not in keep:
            path.unlink(missing_ok=True)


def _names(folder: Path) -> list[str]:
    return sorted((path.stem for path in folder.glob("[0-9]*.json")), reverse=True)


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
