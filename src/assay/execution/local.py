"""Runs on this machine: one process per core, one thread each.

Workers take one run after another. Where the system has it they are forked from a server process
that has imported what the runs need, so the import is paid once, and a worker that dies is replaced
at once. It takes only its run with it.
"""

import atexit
import contextlib
import multiprocessing as mp
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any, Literal

from assay.config import RunConfig, kind_named
from assay.errors import AssayError
from assay.execution.events import Elsewhere, Event, Result
from assay.execution.executor import NOT_SAVED, Executor, OpenSession, RunOptions, Session
from assay.execution.mailbox import Mailbox
from assay.store import Store

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
# How often runs of other processes are looked at, and how long a save may take when all is closed.
_LOOK_SECONDS = 1.0
_CLOSE_SECONDS = 10.0


def default_workers() -> int:
    """One worker for each core that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def fitting_workers(configs: Sequence[RunConfig]) -> int:
    """As many workers as the cores suffice for, whichever of these runs they have."""
    widest = max((kind_named(config.kind).cores(config) for config in configs), default=1)
    return max(1, default_workers() // widest)


class LocalExecutor(Executor):
    """Processes of this machine."""

    _fitting: int | None = None

    def prepare(self, configs: Sequence[RunConfig]) -> None:
        """Start the server that workers are forked from, and do not wait for its imports.

        Where there is no such server, as on Windows, nothing happens. A server that is there stays
        as it is; what it did not import the workers import themselves.
        """
        context = _context()
        self._fitting = fitting_workers(configs)
        if configs and isinstance(context, ForkServerContext):
            context.set_forkserver_preload(["assay.execution.preload"])
            with _environment({PRELOAD: ",".join(_preloads(configs))}), _ready_to_start():
                forkserver.ensure_running()

    def start(self, configs: Sequence[RunConfig], store: Store, options: RunOptions) -> Session:
        """Start workers, no more than there are runs."""
        self.prepare(configs)
        workers = min(options.workers or fitting_workers(configs), len(configs))
        session = _LocalSession(store, options, workers)
        session.add(configs)
        session.finish()
        return session

    def open(self, store: Store, options: RunOptions) -> OpenSession:
        """Start no worker yet: each is started once there is a run for it."""
        return _LocalSession(store, options, options.workers or self._fitting or default_workers())


class _LocalSession(OpenSession):
    """Workers, and a thread that hands them runs and gathers what they tell."""

    def __init__(self, store: Store, options: RunOptions, workers: int) -> None:
        self.configs: tuple[RunConfig, ...] = ()
        self.workers = workers
        self._store, self._options = store, options
        self._queue: deque[RunConfig] = deque()
        self._more = True
        self._elsewhere: dict[str, RunConfig] = {}
        self._told: set[str] = set()
        self._pool: list[_Worker] = []
        self._results: list[Result] = []
        self._mail = Mailbox()
        self._asked: Literal["", "stop", "now"] = ""
        self._error: Exception | None = None
        self._woken, self._wake = mp.Pipe(duplex=False)
        self._look_at = 0.0
        self._thread = threading.Thread(target=self._work, name="assay session", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def events(self) -> Iterator[Event]:
        yield from self._mail
        self._raise()

    def add(self, configs: Sequence[RunConfig]) -> None:
        if not self._more:
            raise ValueError("no run can be added after finish()")
        self.configs = (*self.configs, *configs)
        self._queue.extend(configs)
        self._rouse()

    def finish(self) -> None:
        self._more = False
        self._rouse()

    def stop(self, *, now: bool = False) -> None:
        self._asked = "now" if now else self._asked or "stop"
        self._rouse()

    def _rouse(self) -> None:
        """Have the thread look up, from whatever it waits for."""
        with contextlib.suppress(OSError):  # it is over
            self._wake.send_bytes(b"!")

    def results(self) -> list[Result]:
        self._mail.wait_closed()
        self._raise()
        return list(self._results)

    def close(self) -> None:
        atexit.unregister(self.close)
        if self._thread.is_alive():
            self.stop()
            self._thread.join(_CLOSE_SECONDS)
            self.stop(now=True)
            self._thread.join()

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        """What the thread does, from the start of the workers to their end."""
        try:
            while self._step():
                pass
        except Exception as error:
            self._error = error
        finally:
            self._mail.close()
            for worker in self._pool:
                worker.end()
            self._wake.close()

    def _step(self) -> bool:
        """Hand out runs and take in what happens next; whether anything is left to happen."""
        if self._asked:
            self._queue.clear()
            for run_id in self._elsewhere:
                self._end(Result(run_id, "stopped", "another process was training it"))
            self._elsewhere.clear()
        may_come = self._more and not self._asked
        if not self._asked:
            self._hand_out()
        busy: dict[Any, _Worker] = {worker.pipe: worker for worker in self._pool if worker.config}
        if not busy and not self._elsewhere and not may_come:
            return False
        free = len(busy) < self.workers
        ready = wait([*busy, self._woken], _LOOK_SECONDS if free and self._elsewhere else None)
        for pipe in ready:
            if pipe is self._woken:
                self._woken.recv_bytes()
                if self._asked:
                    self._pass_on_stop(busy.values())
            else:
                self._take(busy[pipe])
        if free and time.monotonic() >= self._look_at:
            self._look_elsewhere()
        return True

    def _hand_out(self) -> None:
        """Give runs that wait to free workers, and start workers as long as there may be more."""
        idle = [worker for worker in self._pool if worker.config is None]
        while self._queue and (idle or len(self._pool) < self.workers):
            if not idle:
                idle.append(_Worker(self._store, self._options))
                self._pool.append(idle[0])
            idle.pop().begin(self._queue.popleft())

    def _take(self, worker: "_Worker") -> None:
        config = worker.config
        if config is None:  # it was killed since
            return
        event = worker.receive()
        if event is None:
            self._queue.appendleft(config)
        elif isinstance(event, Elsewhere):
            self._elsewhere[config.run_id] = config
            if config.run_id not in self._told:
                self._told.add(config.run_id)
                self._mail.put(event)
        elif isinstance(event, Result):
            self._end(event)
        else:
            self._mail.put(event)

    def _end(self, result: Result) -> None:
        self._results.append(result)
        self._mail.put(result)

    def _pass_on_stop(self, busy: "Iterator[_Worker] | Any") -> None:
        for worker in busy:
            if self._asked == "now" and worker.config is not None:
                self._end(Result(worker.config.run_id, "stopped", NOT_SAVED))
                worker.kill()
            elif worker.config is not None:
                worker.stop()

    def _look_elsewhere(self) -> None:
        """See which runs of other processes have ended; those left unfinished join the queue."""
        self._look_at = time.monotonic() + _LOOK_SECONDS
        for run_id, config in list(self._elsewhere.items()):
            folder = self._store.folder(config)
            try:
                if folder.owned:
                    continue
                record = folder.record()
            except (AssayError, OSError) as error:
                del self._elsewhere[run_id]
                self._end(Result(run_id, "failed", str(error)))
                continue
            del self._elsewhere[run_id]
            if record is None:
                self._queue.append(config)
            else:
                self._end(Result(run_id, record.status, record.message, tuple(record.notices)))


class _Worker:
    """A process that trains the runs it is sent, and its end of a pipe."""

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
            target=_work, args=(theirs, *self._arguments), daemon=True
        )
        with _ready_to_start():
            self._process.start()
        theirs.close()

    def begin(self, config: RunConfig) -> None:
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

    def stop(self) -> None:
        self._send(STOP)

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        self.config = None

    def end(self) -> None:
        self.pipe.close()
        self._process.join(timeout=5)
        if self._process.is_alive():
            self.kill()

    def _send(self, message: Any) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # told by `receive`
            self.pipe.send(message)


def _work(*arguments: Any) -> None:
    """What a worker runs: only there is what trains imported."""
    from assay.execution.worker import work

    work(*arguments)


def _death(how: str) -> str:
    return f"its process ended by {how}; the same command goes on from its last checkpoint"


def _preloads(configs: Sequence[RunConfig]) -> list[str]:
    """The modules that the runs' kinds name; kinds that need no PyTorch leave it unloaded."""
    return sorted({name for each in configs for name in kind_named(each.kind).preloads(each)})


def _context() -> ForkServerContext | SpawnContext:
    method = "forkserver" if "forkserver" in mp.get_all_start_methods() else "spawn"
    return mp.get_context(method)  # type: ignore[return-value]


@contextlib.contextmanager
def _ready_to_start() -> Iterator[None]:
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
