"""Runs on this machine: one process per core, one thread each.

Workers take one run after another. Where the system has it they are forked from a server process
that has imported PyTorch, so the import is paid once, and a worker that dies is replaced at once.
It takes only its run with it.
"""

import contextlib
import multiprocessing as mp
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import forkserver
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from assay.config import RunConfig
from assay.execution.events import Event, Result
from assay.store import Store

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def default_workers() -> int:
    """One worker for each core that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def start_server() -> None:
    """Start the server that workers are forked from, and do not wait for its imports.

    Called first, it imports PyTorch while the caller does. Where there is no such server, as on
    Windows, nothing happens.
    """
    if isinstance(_context(), ForkServerContext):
        with _one_thread_each(), _ignored(signal.SIGINT):
            forkserver.ensure_running()


def run_all(
    configs: Sequence[RunConfig],
    store: Store,
    workers: int,
    watch: Callable[[Event], None],
    checkpoint_seconds: float | None = None,
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

    def __init__(self, store_root: Path, checkpoint_seconds: float | None) -> None:
        self._arguments = (store_root, checkpoint_seconds)
        self.config: RunConfig | None = None
        self._start()

    def _start(self) -> None:
        context = _context()
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


def _work(*arguments: Any) -> None:
    """What a worker runs: only there is PyTorch imported."""
    from assay.execution.worker import work

    work(*arguments)


def _death(how: str) -> str:
    return f"its process ended by {how}; the same command goes on from its last checkpoint"


def _context() -> ForkServerContext | SpawnContext:
    if "forkserver" not in mp.get_all_start_methods():
        return mp.get_context("spawn")
    context = mp.get_context("forkserver")
    context.set_forkserver_preload(["assay.kinds.preload"])
    return context


@contextlib.contextmanager
def _pool(
    count: int, store_root: Path, checkpoint_seconds: float | None
) -> Iterator[list[_Worker]]:
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
