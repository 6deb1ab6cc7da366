"""A run of a store: a folder of plain files, named by the run's identity.

STORE/<run id>/
  config.json      the resolved configuration, written first
  metrics.jsonl    deterministic values only, appended
  timings.jsonl    wall times, appended
  checkpoints/     tensors as safetensors, the rest as JSON
  samples/         grids of generated images, uint8 arrays
  snapshots/       weights of a generator at stated updates
  traceback.txt    where a failed attempt raised; gone when it is tried again
  record.json      status, timings, versions, machine; written last
  lock             held by the process that owns the run, which it names; a crash releases it
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, overload

from assay.config import RunConfig, load_config
from assay.errors import StoreError
from assay.plugins import located
from assay.store.durable import JsonLines, file_stamp, json_object, write_atomic
from assay.store.log import Log, LogWriter
from assay.store.ownership import Ownership
from assay.store.reading import read_log
from assay.store.record import Record, Status, read_record, write_record

ENDED = ("config.json", "record.json", "metrics.jsonl")
"""What is read of an ended run."""


class RunFolder:
    """One run on disk.

    Attributes:
        near: where its own files may be, beside the places that `config_here` looks in.
    """

    near: Path | None = None

    def __init__(self, path: Path) -> None:
        self.path = path
        self._owner = Ownership(path)

    @property
    def run_id(self) -> str:
        """The run's identity, which is the folder's name."""
        return self.path.name

    @property
    def checkpoints(self) -> Path:
        """The folder of checkpoints."""
        return self.path / "checkpoints"

    @property
    def traceback(self) -> Path:
        """The file that says where a failed attempt raised."""
        return self.path / "traceback.txt"

    @property
    def exists(self) -> bool:
        """Whether anything of it is there."""
        return self.path.is_dir()

    @property
    def begun(self) -> bool:
        """Whether anything of it was written; a crash may leave a folder in which nothing is."""
        names = ("config.json", "metrics.jsonl", "record.json")
        return any((self.path / name).exists() for name in names)

    def written(self) -> float:
        """When its log or its record was written to, in seconds since 1970; 0 if never."""
        paths = (self.path / name for name in ENDED)
        return max((path.stat().st_mtime for path in paths if path.exists()), default=0.0)

    def content(self, name: str) -> bytes | None:
        """A file of it, by its path below the folder; None if it is not there.

        Raises:
            StoreError: if it cannot be read.
        """
        try:
            return (self.path / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StoreError(f"{self.where(name)} cannot be read: {error.strerror}") from None

    def where(self, name: str) -> str:
        """A file of it as messages name it."""
        return str(self.path / name)

    def stamp(self) -> object:
        """What changes when a file of it does; cheaper than `fingerprint`, for one process."""
        return [file_stamp(self.path / name) for name in ENDED]

    def fingerprint(self) -> str:
        """A hash of what an ended run wrote; of any other, how far it is."""
        if self.content("record.json") is None:
            return "unfinished" if self.exists else ""
        parts = [hashlib.sha256(self.content(name) or b"").hexdigest() for name in ENDED]
        return hashlib.sha256("".join(parts).encode()).hexdigest()

    def artifact(self, name: str, update: int, suffix: str) -> Path:
        """Where a file that was made after `update` updates is kept."""
        return self.path / name / f"{update:010d}{suffix}"

    def config(self) -> RunConfig:
        """The configuration.

        Raises:
            StoreError: if config.json is missing, unreadable or belongs to another run.
        """
        where = self.where("config.json")
        content = self.content("config.json")
        if content is None:
            raise StoreError(f"{where} is missing")
        config = load_config(json_object(content, where), where)
        if config.run_id != self.run_id:
            raise StoreError(
                f"{where} was altered: it describes run {config.run_id}, not {self.run_id}"
            )
        return config

    def config_here(self) -> RunConfig:
        """The configuration, with the folder in which its own data and modules are now.

        A project may have been moved since the run: what is not where it was is looked for beside
        the study, beside the store, in it, and in the current folder.

        Raises:
            StoreError: as `config`.
        """
        store = self.path.absolute().parent
        near = [] if self.near is None else [self.near]
        return located(self.config(), [*near, store.parent, store, Path()])

    def record(self) -> Record | None:
        """The record, or None for a run that has not ended.

        Raises:
            StoreError: if record.json is damaged.
        """
        content = self.content("record.json")
        return None if content is None else read_record(content, self.where("record.json"))

    @property
    def status(self) -> Status:
        """How far the run is."""
        record = self.record()
        return record.status if record else "unfinished"

    @property
    def complete(self) -> bool:
        """Whether the run ended for good: a failed one may be tried again."""
        return self.status in ("finished", "diverged")

    def metrics(self) -> Log:
        """What metrics.jsonl holds; of an unfinished run, its whole lines.

        Raises:
            StoreError: if the file of an ended run differs from what its record says, or a line of
                it is of no known form.
        """
        where = self.where("metrics.jsonl")
        record = self.record()
        content = self.content("metrics.jsonl") or b""
        if record is None:
            content = content[: content.rfind(b"\n") + 1]
        elif hashlib.sha256(content).hexdigest() != record.metrics.sha256:
            raise StoreError(
                f"{where} is damaged: it is not what {record.status} run {self.run_id} wrote; "
                "delete its folder to train it again"
            )
        return read_log(content, where)

    def write_record(self, record: Record) -> None:
        """Write record.json.

        Raises:
            RunLockedError: if the run was taken from this process.
        """
        write_atomic(self.path / "record.json", write_record(record), self.check_owned)

    def clear_failure(self) -> None:
        """Take away what a failed attempt left, so that the run counts as unfinished."""
        if self.status == "failed":
            (self.path / "record.json").unlink()
        self.traceback.unlink(missing_ok=True)

    @overload
    def log(self, name: Literal["metrics"]) -> LogWriter: ...

    @overload
    def log(self, name: Literal["timings"]) -> JsonLines: ...

    def log(self, name: Literal["metrics", "timings"]) -> LogWriter | JsonLines:
        """Open one of the two logs for appending."""
        path = self.path / f"{name}.jsonl"
        return LogWriter(path) if name == "metrics" else JsonLines(path)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Own the run for the length of a `with` block.

        Raises:
            RunLockedError: if another process owns it.
        """
        with self._owner.held():
            yield

    def check_owned(self) -> None:
        """See that nobody took the run from this process, which was cut off perhaps.

        Raises:
            RunLockedError: if somebody did: nothing of it may be written any more.
        """
        self._owner.check()

    @property
    def owner(self) -> str:
        """The process that trained it last, by its `owner_name`; empty if none did."""
        return self._owner.named

    def take_from(self, owner: str) -> bool:
        """Take the run from a process that is known to be cut off; see `Ownership`."""
        return self._owner.take_from(owner)

    @property
    def owned(self) -> bool:
        """Whether a process is training the run at this moment."""
        return self.path.is_dir() and self._owner.is_there
