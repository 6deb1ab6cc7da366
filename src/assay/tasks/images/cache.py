"""Decoded images, once on this machine: every process maps the same file.

They are kept in the user's cache folder for `assay`, under a name that holds their SHA-256.
Deleting that folder is harmless. What was not used for a month goes when something is written.
"""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from assay.store import npy
from assay.store.durable import replacing

Bytes = NDArray[np.uint8]

_KEPT_SECONDS = 30 * 24 * 3600


def shared(key: str, make: Callable[[], Bytes]) -> Bytes:
    """The array of `key`, mapped from the cache, or made and put there.

    Writing to the array changes the caller's copy alone. Where the cache cannot be written, the
    array is the process's own.
    """
    folder = cache_folder()
    for path in folder.glob(f"{key}-*.npy"):
        try:
            array: Bytes = npy.load(path, mapped="c")
        except npy.ERRORS:
            continue
        if _name(key, array) == path.name:
            _touch(path)
            return array
    made = np.ascontiguousarray(make())
    try:
        _keep(folder, _name(key, made), made)
        mapped: Bytes = npy.load(folder / _name(key, made), mapped="c")
    except OSError:
        return made
    return mapped


def cache_folder() -> Path:
    """Where decoded images are kept."""
    return Path(platformdirs.user_cache_dir("assay", appauthor=False))


def _keep(folder: Path, name: str, array: Bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("*.npy"), *folder.glob(".*.npy.tmp")):
        if old.stat().st_mtime < time.time() - _KEPT_SECONDS:
            old.unlink(missing_ok=True)
    with replacing(folder / name) as file:
        np.save(file, array)


def _name(key: str, array: Bytes) -> str:
    return f"{key}-{hashlib.sha256(array.data).hexdigest()}.npy"


def _touch(path: Path) -> None:
    try:
        path.touch()
    except OSError:  # another user's cache, read-only: its age is their concern
        return
