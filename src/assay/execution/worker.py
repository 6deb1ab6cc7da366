"""A worker's life: it takes one run after another from a pipe, in a process of its own."""

import contextlib
import signal
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from assay.config import Progress, RunConfig, kind_named
from assay.execution.events import Event, Update
from assay.execution.runner import execute
from assay.store import Store

# Stops a worker at its next look up from work: it saves a checkpoint first.
STOP = signal.SIGTERM


def work(
    pipe: "Connection[Event, RunConfig]", store_root: Path, checkpoint_seconds: float | None
) -> None:
    """Train the runs that the pipe brings until it closes or a stop is asked for."""
    stopping = False

    def stop(*_: Any) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(STOP, stop)
    # Ctrl-C reaches the whole process group, and only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    store = Store(store_root)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while not stopping:
            config = pipe.recv()
            kind_named(config.kind).prepare()
            tell = partial(_tell, pipe, config.run_id)
            pipe.send(execute(config, store, tell, lambda: stopping, checkpoint_seconds))


def _tell(pipe: "Connection[Event, RunConfig]", run_id: str, at: Progress) -> None:
    pipe.send(Update(run_id, at.update, at.updates, at.epoch, at.accuracy))
