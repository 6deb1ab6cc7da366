"""What is damaged, moved aside so that what is intact can be used, and nothing thrown away."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.errors import StoreError
from assay.store.durable import make_folder, sync_folder, write_atomic
from assay.store.folder import RunFolder
from assay.store.verifying import ASIDE, Damage, is_evidence


@dataclass(frozen=True)
class Moved:
    """What was done about a damage.

    Attributes:
        to: where the file or folder is now.
        then: what makes it again.
    """

    path: Path
    to: Path
    then: str


def repair(root: Path, found: Sequence[Damage]) -> list[Moved]:
    """Move aside what is damaged.

    Raises:
        StoreError: if it cannot be, or a run is being trained.
    """
    moved = []
    for damage in found:
        with _owned(root, damage.path):
            if damage.path.exists():  # and did not go with another
                moved.append(Moved(damage.path, aside(root, damage.path), damage.remedy.value))
    return moved


def aside(root: Path, path: Path) -> Path:
    """Move a file or folder of a store to where it is in no one's way, and say where that is.

    Raises:
        StoreError: if it cannot be moved.
    """
    target = _place(root, path)
    try:
        make_folder(target.parent)
        path.rename(target)
        sync_folder(path.parent)
        sync_folder(target.parent)
    except OSError as error:
        raise StoreError(f"{path} cannot be moved aside: {error.strerror or error}") from None
    return target


def _owned(root: Path, path: Path) -> contextlib.AbstractContextManager[None]:
    """Own the run that a path is of, if it is of one."""
    first = root / path.relative_to(root).parts[0]
    owned = not is_evidence(root) and first.is_dir()
    return RunFolder(first).lock() if owned else contextlib.nullcontext()


def copied_aside(root: Path, path: Path) -> Path:
    """Keep a file as it is before it is written again, and say where.

    Raises:
        StoreError: if it cannot be kept.
    """
    target = _place(root, path)
    try:
        make_folder(target.parent)
        write_atomic(target, path.read_bytes())
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror or error}") from None
    return target


def _place(root: Path, path: Path) -> Path:
    """Where a file or folder goes, under a name that is free."""
    place = root / ASIDE / path.relative_to(root)
    target, number = place, 2
    while target.exists():
        target, number = place.with_name(f"{place.name}.{number}"), number + 1
    return target
