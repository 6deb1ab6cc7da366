"""Runs on this machine: one process per core, one thread each.

Workers take one run after another. Where the system has it they are forked from a server process
that has imported what the runs need, so the import is paid once, and a worker that dies is replaced
at once. It takes only its run with it.
"""

import atexit
import contextlib
import multiprocessing as mp
import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing.connection import wait
from typing import Any, Literal

from assay.config import RunConfig, kind_named
from assay.execution.elsewhere import left_by_others
from assay.execution.events import Elsewhere, Event, Result
from assay.execution.executor import NOT_SAVED, Executor, OpenSession, RunOptions, Session
from assay.execution.mailbox import Mailbox
from assay.execution.process import Worker, start_server
from assay.store import Store

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
        """Start the server that workers are forked from, and do not wait for its imports."""
        self._fitting = fitting_workers(configs)
        start_server(configs)

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
        self._adding = threading.Lock()
        self._more = True
        self._elsewhere: dict[str, RunConfig] = {}
        self._told: set[str] = set()
        self._pool: list[Worker] = []
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
        with self._adding:
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
        busy: dict[Any, Worker] = {worker.pipe: worker for worker in self._pool if worker.config}
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
                idle.append(Worker(self._store, self._options))
                self._pool.append(idle[0])
            idle.pop().begin(self._queue.popleft())

    def _take(self, worker: Worker) -> None:
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

    def _pass_on_stop(self, busy: Iterable[Worker]) -> None:
        for worker in busy:
            if self._asked == "now" and worker.config is not None:
                self._end(Result(worker.config.run_id, "stopped", NOT_SAVED))
                worker.kill()
            elif worker.config is not None:
                worker.stop()

    def _look_elsewhere(self) -> None:
        """See which runs of other processes have ended; those left unfinished join the queue."""
        self._look_at = time.monotonic() + _LOOK_SECONDS
        for config, result in left_by_others(self._store, list(self._elsewhere.values())):
            del self._elsewhere[config.run_id]
            if result is None:
                self._queue.append(config)
            else:
                self._end(result)
