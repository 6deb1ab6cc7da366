"""One run, from its configuration to its record, in this process."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import torch

from assay.config import RunConfig
from assay.errors import AssayError
from assay.execution.build import build
from assay.execution.machine import machine, versions
from assay.store import Record, RunFolder, Store
from assay.training import Progress, train
from assay.training.resume import compute_path

CHECKPOINT_SECONDS = 20.0


@dataclass(frozen=True)
class Result:
    """How an attempt at a run ended: finished, diverged, failed or stopped."""

    run_id: str
    status: str
    message: str = ""
    notices: tuple[str, ...] = ()


def prepare_process() -> None:
    """One thread, and denormal numbers flushed: they slow recurrent training many times over."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)


def execute(
    config: RunConfig,
    store: Store,
    watch: Callable[[Progress], None],
    stop: Callable[[], bool],
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> Result:
    """Train a run that is not complete, from where it stands; the outcome is in the store.

    A fault of the run is recorded and returned, not raised.
    """
    folder = store.folder(config)
    try:
        store.create(config)
        with folder.lock():
            if folder.complete:
                return Result(config.run_id, folder.status)
            folder.clear_failure()
            return _attempt(config, folder, watch, stop, checkpoint_seconds)
    except AssayError as error:
        return Result(config.run_id, "failed", str(error))
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
        job = build(config)
        ending = train(
            job.objective, job.schedule, folder, job.probes, watch, stop, checkpoint_seconds
        )
    except (AssayError, OSError):
        raise
    except Exception as error:  # an own cell may raise anything, and the other runs go on
        return Result(config.run_id, "failed", f"{type(error).__name__}: {error}")
    if ending.status == "stopped":
        return Result(config.run_id, "stopped", notices=tuple(ending.notices))
    content = (folder.path / "metrics.jsonl").read_bytes()
    record = Record(
        status=ending.status,
        message=ending.message,
        updates=ending.updates,
        seconds=ending.seconds,
        started=started.isoformat(timespec="seconds"),
        ended=datetime.now(UTC).isoformat(timespec="seconds"),
        compute_path=compute_path(job.objective),
        versions=versions(),
        machine=machine(),
        metrics={"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()},
        notices=ending.notices,
    )
    folder.write_record(record)
    return Result(config.run_id, ending.status, ending.message, tuple(ending.notices))
