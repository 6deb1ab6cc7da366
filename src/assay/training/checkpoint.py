"""Checkpoints of a training: tensors as safetensors, the rest as JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from assay.errors import CheckpointError
from assay.store import checkpoint
from assay.store.checkpoint import Saved


@dataclass(frozen=True)
class Checkpoint:
    """The state of a run after `step` updates: named tensors, and whatever else as plain JSON."""

    step: int
    tensors: dict[str, Tensor]
    state: dict[str, Any]


def write(folder: Path, made: Checkpoint) -> None:
    """Write a checkpoint and remove all but the newest two."""
    tensors = save({key: value.contiguous() for key, value in made.tensors.items()})
    checkpoint.write(folder, Saved(made.step, tensors, made.state))


def newest_first(folder: Path) -> Iterator[tuple[str, Checkpoint | CheckpointError]]:
    """Every checkpoint in a folder, newest first; a damaged one as the error that says so."""
    for name, found in checkpoint.newest_first(folder):
        yield name, found if isinstance(found, CheckpointError) else _loaded(found)


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


def _loaded(saved: Saved) -> Checkpoint | CheckpointError:
    try:
        return Checkpoint(saved.number, load(saved.tensors), saved.state)
    except (ValueError, KeyError, SafetensorError) as error:
        return checkpoint.damaged(saved.path, error)
