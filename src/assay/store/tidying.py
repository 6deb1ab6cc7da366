"""Taking out of a store what is no longer wanted: whole runs, and checkpoints that nobody reads.

A run that a process trains is never touched. A folder is renamed before it is emptied, so that
what a crash leaves of it is no run, and is taken away the next time.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assay.errors import CheckpointError, StoreError
from assay.store import checkpoint
from assay.store.folder import RunFolder
from assay.store.store import Store

_DELETED = ".deleted-"


@dataclass(frozen=True)
class Unneeded:
    """What may be taken away.

    Attributes:
        path: a checkpoint's file, or a folder that was half deleted.
        bytes: its size on disk.
    """

    path: Path
    bytes: int


def size(folder: Path) -> int:
    """Bytes of the files in a folder; those that end meanwhile count for nothing."""
    return sum(each.bytes for each in map(_measured, folder.rglob("*")))


def delete(run: RunFolder) -> None:
    """Take a run out of its store, with all that is kept of it.

    Raises:
        RunLockedError: if a process trains it.
        StoreError: if the store cannot be written.
    """
    gone = run.path.with_name(f"{_DELETED}{run.run_id}-{os.getpid()}")
    try:
        with run.lock():
            run.path.rename(gone)
        shutil.rmtree(gone)
    except OSError as error:
        raise StoreError(f"{run.path} cannot be deleted: {error.strerror or error}") from None


def unneeded(store: Store, *, last: bool = False) -> Iterator[Unneeded]:
    """What nothing reads any more.

    Of a run that finished or diverged, the checkpoints before its last whole one; and folders that
    were half deleted. Runs that are unfinished or failed go on from theirs, and keep them.

    Args:
        store: the store.
        last: also the last checkpoint of such runs, whose weights `predict`, `sample` and the like
            read; numbers, verdicts and reports need none.
    """
    if store.root.is_dir():
        for folder in sorted(store.root.glob(f"{_DELETED}*")):
            yield Unneeded(folder, size(folder))
    for run in store.runs():
        if not run.owned and _ended(run):
            yield from map(_measured, _checkpoints(run, last=last))


def take_away(every: Iterable[Unneeded]) -> None:
    """Remove it.

    Raises:
        StoreError: if the store cannot be written.
    """
    for each in every:
        try:
            if each.path.is_dir():
                shutil.rmtree(each.path)
            else:
                each.path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"{each.path} cannot be deleted: {error.strerror or error}") from None


def _ended(run: RunFolder) -> bool:
    try:
        return run.complete
    except StoreError:  # `assay verify` is who says so
        return False


def _checkpoints(run: RunFolder, *, last: bool) -> list[Path]:
    """The files of checkpoints that a run which ended does not need."""
    if not run.checkpoints.is_dir():
        return []
    needed = None
    if not last:
        found = checkpoint.newest_first(run.checkpoints)
        whole = (name for name, each in found if not isinstance(each, CheckpointError))
        needed = next(whole, None)
        if needed is None:
            return []
    return sorted(path for path in run.checkpoints.iterdir() if path.stem != needed)


def _measured(path: Path) -> Unneeded:
    try:
        return Unneeded(path, path.stat().st_size if path.is_file() else 0)
    except FileNotFoundError:
        return Unneeded(path, 0)
