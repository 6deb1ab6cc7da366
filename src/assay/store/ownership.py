"""Who owns a run: the process that holds the lock on its file `lock`, whose name is in it.

A lock ends with its process. One that is alive but cut off, on a machine that nobody reaches, holds
it for ever: whoever knows that takes the run from it. Another file then has the lock's name, so
that the one that was cut off finds, before it writes again, that the run is not its own; and the
logs are copies, so that what it has open is nobody's. A file server may end a lock as well, of a
machine that it hears nothing of: the next owner's name is in the file then.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assay.errors import RunLockedError
from assay.store.durable import write_atomic

_LOGS = ("metrics.jsonl", "timings.jsonl")


def owner_name(process: int) -> str:
    """A process of this machine, as the lock of a run names it."""
    return f"{socket.gethostname()} {process}"


class Ownership:
    """Who owns the run in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / "lock"
        self._held: tuple[int, int] | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Own the run for the length of a `with` block, by the name of this process.

        Raises:
            RunLockedError: if another process owns it.
        """
        with self._locked(self._path):
            self._path.write_text(owner_name(os.getpid()), encoding="utf-8")
            self._held, _ = self._found()
            try:
                yield
            finally:
                self._held = None

    def check(self) -> None:
        """See that the run is still this process's, if it was.

        Asked between making a temporary file and renaming it, it leaves no gap: `take_from` gives
        the lock's name away before it removes what is temporary, so that either the file is gone or
        this finds the run taken.

        Raises:
            RunLockedError: if it was taken.
        """
        if self._held is None:
            return
        inode, name = self._found()
        if inode not in (None, self._held) or name not in ("", owner_name(os.getpid())):
            raise RunLockedError(f"run {self._folder.name} was taken over by another process")

    @property
    def is_there(self) -> bool:
        """Whether a process owns the run at this moment."""
        try:
            with self._locked(self._path):
                return False
        except RunLockedError:
            return True

    def take_from(self, owner: str) -> bool:
        """Take the run from a process that is known to be cut off, and leave it to whoever is next.

        Returns whether it was still that process's. What is left of it is what a crash would leave.
        """
        new = self._path.with_name(".lock.taken")
        with self._locked(new):
            if self.named != owner:
                return False
            new.replace(self._path)
            for folder in (self._folder, self._folder / "checkpoints"):
                for path in folder.glob(".*.tmp"):  # it may hold the lock of one
                    path.unlink(missing_ok=True)
            for path in map(self._folder.joinpath, _LOGS):
                with suppress(FileNotFoundError):
                    write_atomic(path, path.read_bytes())
        return True

    @contextmanager
    def _locked(self, path: Path) -> Iterator[None]:
        from filelock import FileLock, Timeout  # loads asyncio, which reading does not need

        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise RunLockedError(
                f"run {self._folder.name} is being trained by another process: wait for it or "
                "stop it"
            ) from None
        try:
            yield
        finally:
            lock.release()

    @property
    def named(self) -> str:
        """The process that owned the run last; it may have ended since."""
        return self._found()[1]

    def _found(self) -> tuple[tuple[int, int] | None, str]:
        """Which file has the lock's name, and what is in it; nothing of one that is not there.

        It is opened, since only that asks a file server whether it is still the same.
        """
        try:
            with self._path.open("rb") as file:
                found = os.fstat(file.fileno())
                return (found.st_dev, found.st_ino), file.read().decode(errors="replace")
        except FileNotFoundError:
            return None, ""
