"""What was read of a store's files, kept so that it need not be read again while they are the same.

The truth is in the folders. The index is a SQLite file in the user's cache folder, one for the
place of a store: looking at a store writes nothing to it, a store may be read-only, and SQLite's
locks do not hold on every network file system that a store may be on. Deleting it is harmless.

An entry holds the stamps of the files that it follows from, and a hash of all that it says, for
this place and this code of assay. Where a stamp is another one, or the hash does not match, the
files are read; so an entry that is stale or damaged, and pages of two moments after a power cut,
change no answer. An index that cannot be used is gone round, and a damaged one is begun anew.
Processes share it by SQLite's own locks and rollback journal.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.store import cache

if TYPE_CHECKING:
    from sqlite3 import Connection, Error

MOST_BYTES = 500_000_000

_WAIT_SECONDS = 1.0
_FEW = 5_000
"""Fewer entries than this are looked for one by one, more by reading all."""

_COLUMNS = "name, stamp, value, hash"
_TABLE = (
    "CREATE TABLE IF NOT EXISTS kept "
    "(name BLOB PRIMARY KEY, stamp BLOB, value BLOB, hash BLOB) WITHOUT ROWID"
)


class Kept(NamedTuple):
    """A JSON value that follows from files, and the stamps that they had then."""

    stamp: bytes
    value: Any


class Index:
    """The index of a store, by the store's folder."""

    def __init__(self, root: Path) -> None:
        place = str(root.resolve()).encode(errors="surrogateescape")
        self._key = hashlib.sha256(cache.source_stamp() + place).digest()
        self.path = index_folder() / f"{self._key.hex()[:32]}.sqlite"

    def read(self, what: str, runs: Collection[str] | None = None) -> dict[str, Kept]:
        """What is kept of runs, or of all, by their id; nothing where it cannot be used."""
        found: dict[str, Kept] = {}

        def rows(connection: "Connection") -> None:
            few = runs is not None and len(runs) < _FEW
            every = _one_by_one(connection, what, runs or ()) if few else _all(connection, what)
            whole = [row for row in every if row[3] == self._hash(*row[:3])]
            values = json.loads(b"[" + b",".join([row[2] for row in whole]) + b"]")
            start = len(_name(what, ""))
            for (name, stamp, *_), value in zip(whole, values, strict=True):
                found[name[start:].decode()] = Kept(stamp, value)

        if self.path.exists():
            self._use(rows, may_lack=True)
        return found

    def write(self, what: str, kept: Mapping[str, Kept], gone: Collection[str] = ()) -> None:
        """Keep something of runs, and nothing of others any more, as far as that is possible."""

        def rows(connection: "Connection") -> None:
            connection.execute(_TABLE)
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "DELETE FROM kept WHERE name = ?", [(_name(what, run),) for run in gone]
            )
            connection.executemany(
                f"REPLACE INTO kept ({_COLUMNS}) VALUES (?, ?, ?, ?)",
                [self._row(_name(what, run), each) for run, each in kept.items()],
            )
            connection.execute("COMMIT")

        if not kept and not gone:
            return
        is_new = not self.path.exists()
        self._use(rows)
        if is_new:
            _bound(self.path)

    def _row(self, name: bytes, kept: Kept) -> tuple[bytes, bytes, bytes, bytes]:
        value = json.dumps(kept.value, separators=(",", ":")).encode()
        return name, kept.stamp, value, self._hash(name, kept.stamp, value)

    def _hash(self, *parts: bytes) -> bytes:
        try:
            content = b"\0".join(parts)
        except TypeError:  # a number, say, which damage made of it
            return b""
        return hashlib.blake2b(content, digest_size=16, key=self._key).digest()

    def _use(self, work: Callable[["Connection"], None], *, may_lack: bool = False) -> None:
        """Work with a connection; where that fails, nothing of it is lost but time."""
        try:
            import sqlite3
        except ImportError:  # a Python that was built without it
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
            connection.text_factory = bytes
        except (OSError, sqlite3.Error):
            return
        try:
            # After a power cut it is at worst begun anew.
            connection.execute("PRAGMA synchronous = OFF")
            work(connection)
        except sqlite3.Error as error:
            if not _passes(error, may_lack=may_lack):
                connection.close()
                self._begin_anew()
        finally:
            connection.close()

    def _begin_anew(self) -> None:
        for path in (self.path, self.path.with_name(f"{self.path.name}-journal")):
            _remove(path)


def index_folder() -> Path:
    """Where the indices are kept."""
    return cache.cache_folder().with_name("stores")


def _name(what: str, run: str) -> bytes:
    return f"{what}/{run}".encode()


def _one_by_one(connection: "Connection", what: str, runs: Collection[str]) -> Iterator[Any]:
    for run in runs:
        yield from connection.execute(
            f"SELECT {_COLUMNS} FROM kept WHERE name = ?", (_name(what, run),)
        )


def _all(connection: "Connection", what: str) -> Iterator[Any]:
    """The entries of one sort.

    Raises:
        Error: if they are out of order, as where a damaged page leads back to an earlier one.
    """
    from sqlite3 import DatabaseError

    before = b""
    between = (_name(what, ""), f"{what}0".encode())  # 0 is the sign after /
    query = f"SELECT {_COLUMNS} FROM kept WHERE name > ? AND name < ? ORDER BY name"
    for row in connection.execute(query, between):
        if not isinstance(row[0], bytes) or row[0] <= before:
            raise DatabaseError("out of order")
        before = row[0]
        yield row


def _passes(error: "Error", *, may_lack: bool) -> bool:
    """Whether it is no damage: another process is at it, the disk is full, it cannot be written."""
    import sqlite3

    passing = {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
    }
    if may_lack:  # no table yet: another process has only begun
        passing.add(sqlite3.SQLITE_ERROR)
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in passing


def _bound(new: Path) -> None:
    """Remove those of stores that were not looked at for longest, where there are too many."""
    try:
        found = [(path, path.stat()) for path in new.parent.glob("*.sqlite") if path != new]
    except OSError:
        return
    total = 0
    for path, stat in sorted(found, key=lambda each: each[1].st_mtime_ns, reverse=True):
        total += stat.st_size
        if total > MOST_BYTES:
            _remove(path)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # another user's, or read-only
        return
