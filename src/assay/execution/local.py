"""Runs on this machine: one process per core, one thread each.

Workers are started once and take one run after another, so the import of PyTorch is paid once a
worker. A worker that dies takes only its run with it.
"""

import contextlib
import multiprocessing as mp
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.config import RunConfig
from assay.execution.runner import CHECKPOINT_SECONDS, Result, execute, prepare_process
from assay.store import Store

if TYPE_CHECKING:
    from assay.training import Progress

# Stops a worker at its next look up from work: it saves a checkpoint first.
STOP = signal.SIGTERM
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@dataclass(frozen=True)
class Update:
    """A run's progress as a worker tells it."""

    run_id: str
    update: int
    updates: int
    epoch: int
    accuracy: float | None


Event = Update | Result


def default_workers() -> int:
    """One worker for each core that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_all(
    configs: Sequence[RunConfig],
    store: Store,
    workers: int,
    watch: Callable[[Event], None],
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> list[Result]:
    """Train runs side by side, in the given order; `watch` sees every event.

    Ctrl-C asks each worker to save and stop; a second one ends them at once, which loses no more
    than the work since their last checkpoint. Runs that were not reached have no result.
    """
    queue, results = deque(configs), []
    with (
        _one_thread_each(),
        _pool(min(workers, len(queue)), store.root, checkpoint_seconds) as pool,
    ):

        def stop() -> None:
            queue.clear()
            for worker in pool:
                worker.stop()

        with _on_interrupt(stop):
            for worker in pool:
                worker.begin(queue)
            while busy := {worker.pipe: worker for worker in pool if worker.config}:
                for pipe in wait(list(busy)):
                    worker = busy[pipe]  # type: ignore[index]
                    event = worker.receive()
                    watch(event)
                    if isinstance(event, Result):
                        results.append(event)
                        worker.begin(queue)
    return results


class _Worker:
    """A process that trains the runs it is sent, and its end of a pipe."""

    def __init__(self, store_root: Path, checkpoint_seconds: float) -> None:
        self._arguments = (store_root, checkpoint_seconds)
        self.config: RunConfig | None = None
        self._start()

    def _start(self) -> None:
        context = mp.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_work, args=(theirs, *self._arguments), daemon=True
        )
        # Ctrl-C reaches the whole process group, and only the parent decides what it means. What is
        # ignored here stays ignored in the child from its first instruction on.
        with _ignored(signal.SIGINT):
            self._process.start()
        theirs.close()

    def begin(self, queue: deque[RunConfig]) -> None:
        self.config = queue.popleft() if queue else None
        if self.config:
            with contextlib.suppress(BrokenPipeError):
                self.pipe.send(self.config)

    def receive(self) -> Event:
        """The next event; a worker that died is replaced, and its run counts as failed."""
        try:
            event: Event = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            code = self._process.exitcode or 0
            how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
            event = Result(self.config.run_id if self.config else "", "failed", _death(how))
            self._start()
        return event

    def stop(self) -> None:
        self._process.terminate()

    def end(self) -> None:
        self.pipe.close()
        self._process.join(timeout=5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _death(how: str) -> str:
    return f"its process ended by {how}; 'assay run' goes on from its last checkpoint"


@contextlib.contextmanager
def _pool(count: int, store_root: Path, checkpoint_seconds: float) -> Iterator[list[_Worker]]:
    workers = [_Worker(store_root, checkpoint_seconds) for _ in range(count)]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.end()


@contextlib.contextmanager
def _on_interrupt(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` at the first Ctrl-C or SIGTERM; a second one raises KeyboardInterrupt."""
    asked = False

    def handle(*_: Any) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        stop()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _ignored(number: signal.Signals) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(number, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(number, before)


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let worker processes start with one thread: set before their libraries are loaded."""
    before = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _work(
    pipe: "Connection[Event, RunConfig]", store_root: Path, checkpoint_seconds: float
) -> None:
    """A worker's life: runs from the pipe until it closes or a stop is asked for."""
    stopping = False

    def stop(*_: Any) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(STOP, stop)

    prepare_process()
    store = Store(store_root)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while not stopping:
            config = pipe.recv()
            tell = partial(_tell, pipe, config.run_id)
            result = execute(config, store, tell, lambda: stopping, checkpoint_seconds)
            pipe.send(result)


def _tell(pipe: "Connection[Event, RunConfig]", run_id: str, at: "Progress") -> None:
    pipe.send(Update(run_id, at.update, at.updates, at.epoch, at.accuracy))
