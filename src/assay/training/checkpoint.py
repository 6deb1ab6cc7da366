"""Checkpoints of a training: tensors as safetensors, the rest as JSON."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from assay.errors import CheckpointError
from assay.store import RunFolder, checkpoint
from assay.store.checkpoint import Saved


@dataclass(frozen=True)
class Checkpoint:
    """The state of a run after `step` updates: named tensors, and whatever else as plain JSON."""

    step: int
    tensors: dict[str, Tensor]
    state: dict[str, Any]


def write(folder: Path, made: Checkpoint, check: Callable[[], None] | None = None) -> None:
    """Write a checkpoint and remove all but the newest two; `check` is as of `replacing`."""
    tensors = save({key: value.contiguous() for key, value in made.tensors.items()})
    checkpoint.write(folder, Saved(made.step, tensors, made.state), check)


def newest_first(folder: Path) -> Iterator[tuple[str, Checkpoint | CheckpointError]]:
    """Every checkpoint in a folder, newest first; a damaged one as the error that says so."""
    for name, found in checkpoint.newest_first(folder):
        yield name, found if isinstance(found, CheckpointError) else _loaded(found)


def newest(folder: Path) -> Checkpoint:
    """The newest checkpoint.

    Raises:
        CheckpointError: if there is none, or it is damaged: the one before would be taken for it.
    """
    for _, found in newest_first(folder):
        if isinstance(found, CheckpointError):
            raise found
        return found
    raise CheckpointError(f"{folder} holds no checkpoint")


def of_run(run: RunFolder) -> Checkpoint:
    """What a run can be asked by: the newest checkpoint, which of a finished run is its end.

    Raises:
        CheckpointError: if there is none, it is damaged, or not that of the end.
    """
    found, record = newest(run.checkpoints), run.record()
    if record and record.status == "finished" and found.step != record.updates:
        raise CheckpointError(
            f"{run.checkpoints} holds no checkpoint of the end of run {run.run_id}, after "
            f"{record.updates} updates: the newest is of {found.step}"
        )
    return found


def _loaded(saved: Saved) -> Checkpoint | CheckpointError:
    try:
        return Checkpoint(saved.number, load(saved.tensors), saved.state)
    except (ValueError, KeyError, SafetensorError) as error:
        return checkpoint.damaged(saved.path, error)
