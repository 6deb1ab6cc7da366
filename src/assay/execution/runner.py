"""One run, from its configuration to its record, in this process."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from assay.config import Ending, Progress, RunConfig, kind_named
from assay.errors import AssayError, RunLockedError
from assay.execution.events import Elsewhere, Result
from assay.execution.executor import CHECKPOINT_SECONDS
from assay.execution.machine import machine, numerics, versions
from assay.plugins import FAULTS, place, told, traceback_of
from assay.store import Record, RunFolder, Store
from assay.store.durable import make_folder, write_atomic
from assay.store.record import LogDigest


def execute(
    config: RunConfig,
    store: Store,
    watch: Callable[[Progress], None],
    stop: Callable[[], bool],
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> Result | Elsewhere:
    """Train a run that is not complete, from where it stands; the outcome is in the store.

    A fault of the run is recorded and returned, not raised. A run that another process is training
    is left to it.
    """
    folder = store.folder(config)
    try:
        # Only who owns the run writes anything of it: two processes may come to it at once.
        make_folder(folder.path)
        with folder.lock():
            store.create(config)
            record = folder.record()
            if record is not None and record.status != "failed":
                return Result(config.run_id, record.status)
            folder.clear_failure()
            return _attempt(config, folder, watch, stop, checkpoint_seconds)
    except RunLockedError:
        return Elsewhere(config.run_id)
    except AssayError as error:
        kept = _keep_traceback(error, folder) if error.__cause__ else ""
        return Result(config.run_id, "failed", f"{error}{kept}")
    except OSError as error:
        where = error.filename or folder.path
        return Result(config.run_id, "failed", f"{where}: {error.strerror or error}")


def _attempt(
    config: RunConfig,
    folder: RunFolder,
    watch: Callable[[Progress], None],
    stop: Callable[[], bool],
    checkpoint_seconds: float,
) -> Result:
    started = datetime.now(UTC)
    try:
        kind = kind_named(config.kind)
        ending = kind.execute(config, folder, watch, stop, checkpoint_seconds)
    except FAULTS as error:  # an own cell may raise anything, and the other runs go on
        if isinstance(error, AssayError) or (isinstance(error, OSError) and not place(error)):
            raise
        seconds = (datetime.now(UTC) - started).total_seconds()
        reached = folder.metrics().updates
        kept = _keep_traceback(error, folder)
        ending = Ending("failed", reached, seconds, f"{told(error)}{kept}")
    if ending.status != "stopped":
        folder.write_record(_record(config.kind, ending, ending.status, folder, started))
    return Result(config.run_id, ending.status, ending.message, tuple(ending.notices))


def _keep_traceback(error: BaseException, folder: RunFolder) -> str:
    """Write down where an error came from, and say where that is; nothing where it cannot be."""
    try:
        write_atomic(folder.traceback, traceback_of(error).encode(errors="backslashreplace"))
    except OSError:  # what went wrong first is what is told
        return ""
    return f"; the traceback is in {folder.traceback}"


def _record(
    kind: str,
    ending: Ending,
    status: Literal["finished", "diverged", "failed"],
    folder: RunFolder,
    started: datetime,
) -> Record:
    log = folder.path / "metrics.jsonl"
    content = log.read_bytes() if log.exists() else b""
    return Record(
        status=status,
        message=ending.message,
        updates=ending.updates,
        seconds=ending.seconds,
        started=started.isoformat(timespec="seconds"),
        ended=datetime.now(UTC).isoformat(timespec="seconds"),
        compute_path=ending.compute_path,
        versions=versions(kind),
        machine=machine(),
        metrics=LogDigest(bytes=len(content), sha256=hashlib.sha256(content).hexdigest()),
        notices=ending.notices,
        alarms=[f"update {alarm.update}: {alarm.text}" for alarm in folder.metrics().alarms],
        traceback=_traceback(folder),
        numerics={**numerics(), **ending.numerics},
    )


def _traceback(folder: RunFolder) -> str:
    if not folder.traceback.exists():
        return ""
    return folder.traceback.read_text(encoding="utf-8", errors="backslashreplace")
