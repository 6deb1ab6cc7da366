"""What a Dask worker does with a run: a process of its own trains it, as on one machine.

So nothing that a run does harms the Dask worker, and its bits are those of any local run. When the
Dask worker is killed its runs notice, save and end; one that is told to stop, has lost its
scheduler, or is no longer wanted there has them save.
"""

import contextlib
import multiprocessing as mp
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from assay import __version__
from assay.config import RunConfig
from assay.errors import ConfigError
from assay.execution.cluster.parcel import parcel
from assay.execution.events import Elsewhere, Event, Result, Update
from assay.execution.executor import NOT_SAVED, RunOptions
from assay.execution.process import Worker, start_server
from assay.store import Store

if TYPE_CHECKING:
    from distributed import Worker as DaskWorker

# How often a run's process, and whether it is still wanted, is looked at; how often its progress is
# told, which goes through the scheduler; and how long the scheduler is asked at once for a stop.
_LOOK_SECONDS = 0.5
_TELL_SECONDS = 0.5
_WAIT_SECONDS = 10.0

# The environment is set while a process starts, which threads of one Dask worker must not mix up.
_starting = threading.Lock()


@dataclass(frozen=True)
class Order:
    """What a session says of all its runs.

    Attributes:
        topic: what it is told under; its events for stopping begin with it.
        store: the store that workers see; None where they see none.
        checkpoint_seconds: time between checkpoints.
        version: of assay, at the session.
    """

    topic: str
    store: Path | None
    checkpoint_seconds: float
    version: str


@dataclass(frozen=True)
class Outcome:
    """How an attempt at a run ended on a worker.

    Attributes:
        event: how; None if it did not begin, since a stop was asked for.
        parcel: the ended run, where no store is shared.
    """

    event: Result | Elsewhere | None
    parcel: bytes | None = None


def train(config: RunConfig, order: Order) -> Outcome:
    """Train a run in a process of its own, and tell of it under the order's topic.

    Raises:
        ConfigError: if this worker is not fit for it.
    """
    from distributed import get_worker

    worker = get_worker()
    _check_fit(worker, order)
    with _Stop(order.topic) as stop:
        if stop.asked:
            return Outcome(None)
        if order.store is not None:
            return Outcome(_Attempt(worker, config, order, Store(order.store), stop).event())
        return _apart(worker, config, order, stop)


def _apart(worker: "DaskWorker", config: RunConfig, order: Order, stop: "_Stop") -> Outcome:
    """Train a run in a store of its own."""
    with tempfile.TemporaryDirectory(prefix="assay-", dir=worker.local_directory) as folder:
        store = Store(folder)
        event = _Attempt(worker, config, order, store, stop).event()
        return Outcome(event, parcel(store.folder(config)))


class _Attempt:
    """A run's process, watched to its end."""

    def __init__(
        self, worker: "DaskWorker", config: RunConfig, order: Order, store: Store, stop: "_Stop"
    ) -> None:
        self._worker, self._config, self._stop = worker, config, stop
        self._topic = order.topic
        self._key = worker.get_current_task()
        with _starting, _may_have_children():
            start_server([config])
            self._process = Worker(store, RunOptions(1, order.checkpoint_seconds))
            self._process.begin(config)
        self._who = {"run_id": config.run_id, "owner": self._process.owner}
        worker.log_event(order.topic, self._who)
        self._told = 0.0
        self._latest: Update | None = None

    def event(self) -> Result | Elsewhere | None:
        """Follow it to its end."""
        try:
            return self._follow()
        finally:
            self._process.end()

    def _follow(self) -> Result | Elsewhere | None:
        stopping = False
        while True:
            if self._process.pipe.poll(_LOOK_SECONDS):
                event: Event | None = self._process.receive()
                if not isinstance(event, Update):
                    return event
                self._latest = event
            self._tell()
            if self._stop.now:
                self._process.kill()
                return Result(self._config.run_id, "stopped", NOT_SAVED)
            if not stopping and (self._stop.asked or not self._wanted):
                stopping = True
                self._process.stop()

    def _tell(self) -> None:
        if self._latest is not None and time.monotonic() - self._told > _TELL_SECONDS:
            progress = {**self._who, "progress": asdict(self._latest)}
            self._worker.log_event(self._topic, progress)
            self._latest, self._told = None, time.monotonic()

    @property
    def _wanted(self) -> bool:
        """Whether the worker goes on, and its scheduler still asks for the run.

        It does not when the session is gone, or another worker was given the run meanwhile.
        """
        from distributed import Status

        task = self._worker.state.tasks.get(self._key)
        asked = task is not None and task.state in ("executing", "long-running")
        return asked and self._worker.status in (Status.running, Status.paused)


class _Stop:
    """Whether a session asks its runs to stop; a scheduler that is lost counts as that.

    Attributes:
        asked: to save and stop.
        now: to end at once.
    """

    def __init__(self, topic: str) -> None:
        from distributed import Event, get_client

        client = get_client()
        self._stop, self._now = (Event(name, client) for name in names(topic))
        self.asked, self.now, self._over = bool(self._stop.is_set()), False, False
        threading.Thread(target=self._listen, name="assay stop", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True

    def _listen(self) -> None:
        try:
            while not (self.asked or self._over):
                self.asked = bool(self._stop.wait(_WAIT_SECONDS))
            while not (self.now or self._over):
                self.now = bool(self._now.wait(_WAIT_SECONDS))
        except Exception:  # of whatever kind a lost connection is
            self.asked = True


def names(topic: str) -> tuple[str, str]:
    """The events that ask for a stop, and for one at once."""
    return f"{topic}-stop", f"{topic}-now"


def _check_fit(worker: "DaskWorker", order: Order) -> None:
    if order.version != __version__:
        raise ConfigError(
            f"worker {worker.address} has assay {__version__}, and the session has assay "
            f"{order.version}: install one version in all places"
        )
    if order.store is not None and not order.store.is_dir():
        raise ConfigError(
            f"store {order.store} is not on the file system of worker {worker.address}: name a "
            "folder that all workers see by the same path, or say --no-shared-store"
        )


@contextlib.contextmanager
def _may_have_children() -> Iterator[None]:
    """Let this process start others, which Python forbids to one that its parent ends with itself.

    It would leave them behind; those of runs end by themselves when it is gone. A Dask worker with
    a nanny is such a process.
    """
    settings: dict[str, Any] = mp.current_process()._config  # type: ignore[attr-defined]
    before = settings.get("daemon")
    settings["daemon"] = False
    try:
        yield
    finally:
        settings["daemon"] = before
