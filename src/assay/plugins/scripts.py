"""Own files that are run or read as they are, such as a training script, and their hashes.

To a Python script belong the local modules that it imports, as to an own module: they are looked up
beside it, where Python looks first, and in the folder that it is run in.
"""

import hashlib
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from assay.errors import PluginError
from assay.plugins.sources import imported_files

Stamps = dict[str, tuple[int, int, int]]
"""Size, time of change and inode of files, by their paths; (0, 0, 0) of one that is gone."""


def is_script(name: str, folder: str) -> bool:
    """Whether a word of a command is the path of a file below the folder that it is run in."""
    try:
        return bool(name) and not Path(name).is_absolute() and Path(folder, name).is_file()
    except (OSError, ValueError):  # a word that can be no path
        return False


def script_sha256(name: str, folder: str) -> str:
    """The hash of a script and of the local modules it imports: the file's own where it has none.

    Args:
        name: its path below the folder, or a pattern such as `configs/*.yaml` for several files.
        folder: where the script is run.

    Raises:
        PluginError: if there is no such file, or it cannot be read.
    """
    root = Path(folder).resolve()
    return _sha256(name, folder, tuple(sorted(_stamps(_files(name, root)).items())))


def script_stamps(names: Iterable[str], folder: str) -> Stamps:
    """What changes when one of the files of these scripts does.

    Raises:
        PluginError: if one is not there.
    """
    root = Path(folder).resolve()
    return _stamps(path for name in names for path in _files(name, root))


def restamped(stamps: Stamps) -> list[str]:
    """The files that have changed since their stamps were taken."""
    now = _stamps(map(Path, stamps))
    return [path for path, stamp in stamps.items() if now[path] != stamp]


@lru_cache(maxsize=64)
def _sha256(name: str, folder: str, stamps: tuple[tuple[str, tuple[int, int, int]], ...]) -> str:
    """By the stamps of its files, so that the many arms of a study have it once."""
    root = Path(folder).resolve()
    try:
        found = {
            os.path.relpath(path, root): hashlib.sha256(Path(path).read_bytes()).hexdigest()
            for path, _ in stamps
        }
    except OSError as error:
        raise _unreadable(error) from None
    if len(found) == 1:
        return next(iter(found.values()))
    lines = [f"{Path(path).as_posix()}\0{each}\n" for path, each in sorted(found.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _files(name: str, root: Path) -> list[Path]:
    """The files of a script, its own first."""
    is_pattern = any(letter in name for letter in "*?[")
    named = sorted(root.glob(name)) if is_pattern else [Path(os.path.normpath(root / name))]
    named = [path for path in named if path.is_file()]
    if not named:
        raise PluginError(f"there is no file {name!r} in {root}")
    found = list(named)
    for script in named:
        if script.suffix == ".py":
            for start in dict.fromkeys([script.parent, root]):
                if script.is_relative_to(start):
                    found += _imported(script, start)
    return list(dict.fromkeys(found))


def _imported(script: Path, start: Path) -> list[Path]:
    try:
        return imported_files(script, start)
    except OSError as error:
        raise _unreadable(error) from None


def _unreadable(error: OSError) -> PluginError:
    return PluginError(f"{error.filename} cannot be read: {error.strerror}")


def _stamps(paths: Iterable[Path]) -> Stamps:
    return {str(path): _stamp(path) for path in paths}


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0, 0
    return found.st_size, found.st_mtime_ns, found.st_ino
