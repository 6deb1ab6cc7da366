"""A process that trains the runs it is sent, as whoever started it has it."""

import contextlib
import multiprocessing as mp
import os
import signal
from collections.abc import Iterator, Sequence
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any, Literal

from assay.config import RunConfig, kind_named
from assay.execution.events import Elsewhere, Event, Result
from assay.execution.executor import RunOptions
from assay.store import Store
from assay.store.ownership import owner_name

# What a worker is told beside the runs to train, and its exit code if it began none of them.
STOP: Literal["stop"] = "stop"
NOT_BEGUN = 75
# Names, for the server, the modules that it imports for all workers.
PRELOAD = "ASSAY_PRELOAD"

# Of every process that is started here: one thread, and no modules from the current folder, where
# a copy.py or random.py of the user's may lie.
_AT_START = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONSAFEPATH": "1",
}


class Worker:
    """A process that trains the runs it is sent, and this end of the pipe to it.

    Attributes:
        pipe: where it tells what happens; another one once the process was replaced.
        config: the run that it trains; None while it is free.
    """

    def __init__(self, store: Store, options: RunOptions) -> None:
        self._arguments = (store.root, options.checkpoint_seconds)
        self.config: RunConfig | None = None
        self._start()

    def _start(self) -> None:
        self._spent = False
        context = _context()
        self.pipe: Connection[Any, Any]
        self.pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_work, args=(dict(os.environ), theirs, *self._arguments), daemon=True
        )
        with ready_to_start():
            self._process.start()
        theirs.close()

    def begin(self, config: RunConfig) -> None:
        """Have it train a run; a process that is gone is replaced."""
        if not self._process.is_alive():
            self._process.join()
            self._spent = True
        if self._spent:
            self.pipe.close()
            self._start()
        self.config = config
        self._send(config)

    def receive(self) -> Event | None:
        """The next event; None if the process ended before it began its run.

        If it died underway its run counts as failed.
        """
        assert self.config is not None
        try:
            event: Event = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            code = self._process.exitcode or 0
            how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
            event = Result(self.config.run_id, "failed", _death(how))
            if code == NOT_BEGUN:
                self.config = None
                return None
        if isinstance(event, Result | Elsewhere):
            # One that is spent ends by itself, and is not waited for.
            self._spent = kind_named(self.config.kind).own_process
            self.config = None
        return event

    @property
    def owner(self) -> str:
        """Its name as the owner of a run."""
        return owner_name(self._process.pid or 0)

    def stop(self) -> None:
        """Ask it to save its run and stop."""
        self._send(STOP)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.join()
        self.config = None

    def end(self) -> None:
        """Let it go, which is free."""
        self.pipe.close()
        self._process.join(timeout=5)
        if self._process.is_alive():
            self.kill()

    def _send(self, message: Any) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # told by `receive`
            self.pipe.send(message)


def _work(environment: dict[str, str], *arguments: Any) -> None:
    """What a worker runs: only there is what trains imported."""
    from assay.execution.worker import work

    # The server that it was forked from has that of its own start.
    os.environ.clear()
    os.environ.update({**environment, **_AT_START})
    work(*arguments)


def _death(how: str) -> str:
    return f"its process ended by {how}; the same command goes on from its last checkpoint"


def start_server(configs: Sequence[RunConfig]) -> None:
    """Start the server that workers are forked from, and do not wait for its imports.

    Where there is no such server, as on Windows, nothing happens. One that is there stays as it is:
    what it did not import the workers import themselves.
    """
    context = _context()
    if configs and isinstance(context, ForkServerContext):
        context.set_forkserver_preload(["assay.execution.preload"])
        with _environment({PRELOAD: ",".join(_preloads(configs))}), ready_to_start():
            forkserver.ensure_running()


def _preloads(configs: Sequence[RunConfig]) -> list[str]:
    """The modules that the runs' kinds name; kinds that need no PyTorch leave it unloaded."""
    return sorted({name for each in configs for name in kind_named(each.kind).preloads(each)})


def _context() -> ForkServerContext | SpawnContext:
    method = "forkserver" if "forkserver" in mp.get_all_start_methods() else "spawn"
    return mp.get_context(method)  # type: ignore[return-value]


@contextlib.contextmanager
def ready_to_start() -> Iterator[None]:
    """Let a process that is started now have what it needs at once, and not hear of Ctrl-C.

    One thread has to be known before its libraries are loaded. Ctrl-C reaches the whole process
    group, and only the session decides what it means.
    """
    with _environment(_AT_START):
        if not hasattr(signal, "pthread_sigmask"):
            yield
            return
        resource_tracker.ensure_running()  # starting it later would let Ctrl-C through again
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
