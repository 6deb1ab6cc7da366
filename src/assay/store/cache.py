"""Numbers worked out of a store, once on this machine.

They are kept in the user's cache folder for `assay`, as JSON under a hash of all that they follow
from. Deleting that folder is harmless. An entry that is damaged, or was put under another name, is
ignored; the oldest go where there are too many.
"""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import platformdirs

from assay.store.durable import write_atomic

MOST_BYTES = 200_000_000

_MARK = b"assay numbers 1\n"


def remembered(key: str, make: Callable[[], Any], fresh: Callable[[], bool]) -> Any:
    """The JSON value of `key`, from the cache, or made and put there.

    Args:
        key: everything that the value follows from.
        make: gives it.
        fresh: whether what it was made from is still what `key` says; if not, it is not kept.
    """
    path = cache_folder() / f"{_digest(key.encode(), source_stamp())}.json"
    try:
        content = path.read_bytes()
    except OSError:
        content = b""
    name, body = path.stem.encode(), content[len(_MARK) + 65 :]
    if content == _entry(name, body):
        _touch(path)
        return json.loads(body)
    made = make()
    # As it will be read, so that nothing hangs on whether it was.
    body = json.dumps(made, allow_nan=False, separators=(",", ":")).encode()
    if fresh():
        _keep(path, _entry(name, body))
    return json.loads(body)


def cache_folder() -> Path:
    """Where they are kept."""
    return Path(platformdirs.user_cache_dir("assay", appauthor=False)) / "numbers"


def _entry(name: bytes, body: bytes) -> bytes:
    return _MARK + _digest(name, body).encode() + b"\n" + body


def _digest(*parts: bytes) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(hashlib.sha256(part).digest())
    return found.hexdigest()


@cache
def code_sha256(module: str) -> str:
    """A hash of the code of the package that a module is in."""
    parts = module.split(".")
    # The outermost that has a file: what has none is a folder that several packages share.
    specs = (find_spec(".".join(parts[:end])) for end in range(1, len(parts) + 1))
    spec = next(spec for spec in specs if spec is not None and spec.origin is not None)
    file = Path(str(spec.origin))
    found = hashlib.sha256()
    for path in sorted(file.parent.rglob("*.py")) if spec.submodule_search_locations else [file]:
        name = path.relative_to(file.parent).as_posix()
        found.update(name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


@cache
def source_stamp() -> bytes:
    """Assay's own code and what computes for it, as a text: edited, it finds nothing."""
    versions = [_version(name) for name in ("numpy", "scipy")]
    return "\0".join([*versions, code_sha256("assay")]).encode()


def _version(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _keep(path: Path, content: bytes) -> None:
    """Put an entry there; where the cache cannot be written, nothing is kept."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, content)
        _bound(path.parent)
    except OSError:
        return


def _bound(folder: Path) -> None:
    entries = sorted(
        (
            (found.st_mtime_ns, found.st_size, path)
            for path in folder.iterdir()
            if path.suffix in (".json", ".tmp")
            for found in [path.stat()]
        ),
        reverse=True,
    )
    total = 0
    for _, size, path in entries:
        total += size
        if total > MOST_BYTES:
            path.unlink(missing_ok=True)


def _touch(path: Path) -> None:
    try:
        path.touch()
    except OSError:  # another user's cache, read-only: its age is their concern
        return
