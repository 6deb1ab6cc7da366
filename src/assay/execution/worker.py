"""A worker's life: it takes one run after another from a pipe, in a process of its own."""

import contextlib
import os
import queue
import signal
import sys
import threading
import time
import traceback
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.config import Progress, RunConfig, kind_named
from assay.execution.events import Event, Update
from assay.execution.process import NOT_BEGUN
from assay.execution.runner import execute
from assay.store import Store

if TYPE_CHECKING:
    Pipe = Connection[Event, RunConfig | str]

# How long a run may take to save after the process that started it is gone.
_ORPHAN_SECONDS = 30.0


def work(pipe: "Pipe", store_root: Path, checkpoint_seconds: float) -> None:
    """Train the runs that the pipe brings until it closes or a stop is asked for.

    SIGTERM asks for a stop too: a checkpoint is saved first.
    """
    # What own code prints, however it does, is no part of what the command answers.
    os.dup2(2, 1)
    inbox = _Inbox(pipe)
    signal.signal(signal.SIGTERM, inbox.stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):  # it was blocked until this moment
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

    store = Store(store_root)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        while (config := inbox.next()) is not None:
            kind = kind_named(config.kind)
            kind.prepare()
            tell = partial(_tell, pipe, config.run_id)
            pipe.send(execute(config, store, tell, inbox.stopping, checkpoint_seconds))
            if kind.own_process:
                break
    sys.exit(NOT_BEGUN)


class _Inbox:
    """What the pipe brings, read by a thread of its own, so that a stop is heard while training."""

    def __init__(self, pipe: "Pipe") -> None:
        self._pipe = pipe
        self._configs: queue.SimpleQueue[RunConfig | None] = queue.SimpleQueue()
        self._stopping = False
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> RunConfig | None:
        """Wait for the next run; None after a stop."""
        config = None if self._stopping else self._configs.get()
        return None if self._stopping else config

    def stopping(self) -> bool:
        """Whether a stop is asked for."""
        return self._stopping

    def stop(self, *_: Any) -> None:
        """Ask for a stop; also a signal handler."""
        self._stopping = True
        self._configs.put(None)

    def _read(self) -> None:
        try:
            while True:
                message = self._pipe.recv()
                if isinstance(message, RunConfig):
                    self._configs.put(message)
                else:
                    self.stop()
        except (EOFError, OSError):
            # The session is over, or its process is gone: save, but do not outlive it for long.
            self.stop()
            time.sleep(_ORPHAN_SECONDS)
            os._exit(1)
        except Exception:  # a run that cannot be unpickled, as when its kind's package is not here
            traceback.print_exc()
            os._exit(1)


def _tell(pipe: "Pipe", run_id: str, at: Progress) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the stop that follows saves
        pipe.send(Update(run_id, at.update, at.updates, at.epoch, at.accuracy))
