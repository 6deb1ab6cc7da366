"""Files that survive a crash: written whole or not at all, and logs that know their length."""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from assay.errors import StoreError
from assay.text import parse_json

try:
    import fcntl
except ImportError:  # as on Windows, which lets nobody else write to an open file's name
    fcntl = None  # type: ignore[assignment]


def write_atomic(path: Path, content: bytes, check: Callable[[], None] | None = None) -> None:
    """Write a file as `replacing` does."""
    with replacing(path, check) as file:
        file.write(content)


@contextlib.contextmanager
def replacing(path: Path, check: Callable[[], None] | None = None) -> Iterator[IO[bytes]]:
    """A file to write that takes the place of `path` at the end of a `with` block.

    It has a temporary name until it is whole and synced; then it is renamed, and its folder synced.
    A crash at any moment leaves either the old file or the new one, never a part. What it may leave
    under the temporary name the next that writes `path` takes over; an error leaves nothing.

    `check` is called just before it is renamed; an error of it leaves `path` as it is.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    with _owned(temporary) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if fcntl is None:
                file.close()  # or it cannot be renamed
            if check is not None:
                check()
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    sync_folder(path.parent)


def _owned(path: Path) -> IO[bytes]:
    """An empty file under a name that other processes wait for; a crash gives it back."""
    while True:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "wb")
        if fcntl is not None:
            with contextlib.suppress(OSError):  # a file system without locks
                fcntl.flock(file, fcntl.LOCK_EX)
        if _is(file, path):
            file.truncate(0)
            return file
        file.close()  # whoever had it has renamed it


def _is(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def sync_folder(folder: Path) -> None:
    """Make renames and new names in `folder` durable (a no-op where folders cannot be opened)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder with those above it that are missing, and make their names durable."""
    missing = [folder] if not folder.is_dir() else []
    while missing and not missing[-1].parent.is_dir():
        missing.append(missing[-1].parent)
    folder.mkdir(parents=True, exist_ok=True)
    for new in reversed(missing):
        sync_folder(new.parent)


def to_json(value: Mapping[str, Any]) -> bytes:
    """Indented JSON for people to read, with a final newline."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    # A path may hold what is no UTF-8, which JSON has an escape for.
    return text.encode(errors="backslashreplace")


def json_digest(value: Mapping[str, Any]) -> str:
    """A hash of a JSON object, in whatever order its fields are.

    Raises:
        ValueError: if it is nested too deeply.
    """
    try:
        return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def json_object(content: bytes, where: str) -> dict[str, Any]:
    """The one JSON object of a file; `where` is the file, for the message.

    Raises:
        StoreError: if it holds no such thing.
    """
    try:
        value = parse_json(content)
    except ValueError as error:
        raise StoreError(f"{where} cannot be read: {error}") from None
    if not isinstance(value, dict):
        raise StoreError(f"{where} is damaged: it should hold one JSON object")
    return value


def file_stamp(path: Path | str) -> tuple[int, ...]:
    """What changes when a file does, as far as its folder tells; () if it is not there."""
    try:
        found = os.stat(path)  # noqa: PTH116 - of 100,000 texts, which are no paths yet
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


class JsonLines:
    """An append-only log, one JSON object a line, with a running hash of its bytes.

    A checkpoint keeps `mark()`; resuming calls `rewind` with it, which cuts off a torn last line
    and every line that was written after the checkpoint.
    """

    def __init__(self, path: Path) -> None:
        new = not path.exists()
        self._file = path.open("a+b")
        if new:  # or a checkpoint might outlive the log that it counts on
            sync_folder(path.parent)
        self._path = path
        self._hash = hashlib.sha256()
        self._bytes = 0

    def append(self, line: Mapping[str, Any]) -> None:
        """Append one line; numbers must be finite (use None for one that is not)."""
        text = json.dumps(line, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        self._file.write(text)
        self._file.flush()
        self._hash.update(text)
        self._bytes += len(text)

    def mark(self) -> dict[str, Any]:
        """Sync the log and return its length in bytes and its SHA-256."""
        os.fsync(self._file.fileno())
        return {"bytes": self._bytes, "sha256": self._hash.hexdigest()}

    def rewind(self, mark: Mapping[str, Any] | None) -> None:
        """Cut the log back to a mark, or to nothing.

        Raises:
            StoreError: if what the mark covers is missing or altered; nothing is cut then.
        """
        keep = int(mark["bytes"]) if mark else 0
        self._file.seek(0)
        content = self._file.read(max(keep, 0))
        digest = hashlib.sha256(content)
        if mark and (not 0 <= keep <= len(content) or digest.hexdigest() != mark["sha256"]):
            raise StoreError(f"{self._path} is damaged within its first {keep} bytes")
        self._file.truncate(keep)
        self._hash, self._bytes = digest, keep

    def close(self) -> None:
        """Sync the log and close it: a record that is written next counts on its lines."""
        self.mark()
        self._file.close()
