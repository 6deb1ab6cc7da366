"""A session on a Dask cluster: runs handed to its scheduler, and what is told of them gathered."""

import atexit
import queue
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from assay import __version__
from assay.config import RunConfig
from assay.errors import AssayError, TrainingError
from assay.execution.cluster.attempt import LOST, Attempt, how_it_ended
from assay.execution.cluster.connect import offered_by, resources_of
from assay.execution.cluster.held import Held
from assay.execution.cluster.task import Order, Outcome, names, train
from assay.execution.events import Elsewhere, Event, Result, Update
from assay.execution.executor import NOT_SAVED, OpenSession, RunOptions
from assay.execution.mailbox import Mailbox
from assay.store import Store

if TYPE_CHECKING:
    from distributed import Client, Future, LocalCluster

# How often runs of other processes and the cluster's workers are looked at, and how long a save may
# take when all is closed.
_LOOK_SECONDS = 1.0
_CLOSE_SECONDS = 10.0


class DaskSession(OpenSession):
    """Runs handed to a scheduler, and a thread that gathers what is told of them.

    Attributes:
        workers: how many runs the cluster can train side by side at this moment, 1 at least, or as
            many as were asked for.
    """

    def __init__(
        self,
        client: "Client",
        cluster: "LocalCluster | None",
        store: Store,
        options: RunOptions,
        shared: bool,
    ) -> None:
        self.configs: tuple[RunConfig, ...] = ()
        self.workers = 1
        self._client, self._cluster = client, cluster
        self._store, self._options = store, options
        self._order = Order(
            f"assay-{uuid.uuid4().hex}",
            store.root.resolve() if shared else None,
            options.checkpoint_seconds,
            __version__,
        )
        self._waiting: deque[RunConfig] = deque()
        self._attempts: dict[str, Attempt] = {}
        self._elsewhere = Held(store)
        self._told: set[str] = set()
        self._more = True
        self._results: list[Result] = []
        self._mail = Mailbox()
        self._asked: Literal["", "stop", "now"] = ""
        self._passed_on = ""
        self._error: Exception | None = None
        # Of a run that trains, an attempt that ended, or nothing but to look up.
        self._inbox: queue.SimpleQueue[dict[str, Any] | Future[Outcome] | None] = (
            queue.SimpleQueue()
        )
        self._look_at = 0.0
        self._offered: dict[str, float] = {}
        client.subscribe_topic(self._order.topic, lambda event: self._inbox.put(event[1]))
        self._look_at_workers()
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
        self._waiting.extend(configs)
        self._inbox.put(None)

    def finish(self) -> None:
        self._more = False
        self._inbox.put(None)

    def stop(self, *, now: bool = False) -> None:
        self._asked = "now" if now else self._asked or "stop"
        self._inbox.put(None)

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
        """What the thread does, to the end of all runs."""
        try:
            while self._step():
                pass
        except Exception as error:
            self._error = error
        finally:
            self._mail.close()
            self._client.close()
            if self._cluster is not None:
                self._cluster.close()

    def _step(self) -> bool:
        """Hand runs over and take in what happens next; whether anything is left to happen."""
        if self._asked:
            self._pass_on_stop()
        else:
            self._hand_over()
        may_come = self._more and not self._asked
        if not (self._attempts or self._elsewhere or may_come):
            return False
        try:
            message = self._inbox.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            message = None
        if isinstance(message, dict):
            self._take_progress(message)
        elif message is not None:
            self._take_end(message)
        if time.monotonic() >= self._look_at:
            self._look()
        return True

    def _hand_over(self) -> None:
        """Give the scheduler all runs that wait, or as many as may be trained side by side."""
        most = self._options.workers
        while self._waiting and (most is None or len(self._attempts) < most):
            config = self._waiting.popleft()
            try:
                resources = resources_of(config, self._offered)
            except AssayError as error:
                self._end(Result(config.run_id, "failed", str(error)))
                continue
            future = self._client.submit(
                train,
                config,
                self._order,
                key=f"train-{config.run_id}-{uuid.uuid4().hex}",
                resources=resources or None,
                pure=False,
            )
            self._attempts[config.run_id] = Attempt(config, future)
            future.add_done_callback(self._inbox.put)

    def _take_progress(self, message: dict[str, Any]) -> None:
        attempt = self._attempts.get(message["run_id"])
        if attempt is None:  # of a worker that was cut off, after another trained the run
            return
        if "progress" not in message:
            attempt.owner = message["owner"]
            self._elsewhere.owned(message["run_id"], message["owner"])
        elif message["owner"] == attempt.owner:
            self._mail.put(Update(**message["progress"]))

    def _take_end(self, future: "Future[Outcome]") -> None:
        attempt = next((each for each in self._attempts.values() if each.future is future), None)
        if attempt is None:
            return
        config = attempt.config
        del self._attempts[config.run_id]
        event = how_it_ended(attempt, self._store)
        future.release()
        if isinstance(event, Elsewhere):
            self._elsewhere.add(config)
            if config.run_id not in self._told:
                self._told.add(config.run_id)
                self._mail.put(event)
        elif event is None or (event.status == "stopped" and not self._asked):
            self._again(attempt)
        else:
            self._end(event)

    def _again(self, attempt: "Attempt") -> None:
        """Have a run trained that was stopped though nobody asked here, as by a worker that left.

        After a stop it stays as it is saved.
        """
        if not self._asked:
            self._waiting.appendleft(attempt.config)
        elif attempt.begun:
            self._end(Result(attempt.config.run_id, "stopped"))

    def _end(self, result: Result) -> None:
        self._results.append(result)
        self._mail.put(result)

    def _pass_on_stop(self) -> None:
        """Tell the cluster of a stop, once; runs that were not reached are taken back."""
        if self._passed_on == self._asked:
            return
        self._passed_on = self._asked
        self._waiting.clear()
        for config in self._elsewhere.clear():
            self._end(Result(config.run_id, "stopped", "another process was training it"))
        for attempt in list(self._attempts.values()):
            if self._asked == "now" or not attempt.begun:
                del self._attempts[attempt.config.run_id]
            if self._asked == "now" and attempt.begun:
                self._end(Result(attempt.config.run_id, "stopped", NOT_SAVED))
        self._ask_workers()

    def _ask_workers(self) -> None:
        from distributed import Event as Flag

        stop, now = (Flag(name, self._client) for name in names(self._order.topic))
        stop.set()
        if self._asked == "now":
            now.set()

    def _look(self) -> None:
        """See how many workers there are, and which runs of other processes have ended."""
        self._look_at = time.monotonic() + _LOOK_SECONDS
        self._look_at_workers()
        for config, result in self._elsewhere.free():
            if result is None:
                self._waiting.append(config)
            else:
                self._end(result)

    def _look_at_workers(self) -> None:
        """Take in who is there.

        Raises:
            TrainingError: if the scheduler is gone.
        """
        try:
            there = self._client.scheduler_info(n_workers=-1)["workers"].values()
        except OSError:
            raise TrainingError(LOST) from None
        threads = sum(each["nthreads"] for each in there)
        self.workers = self._options.workers or max(1, threads)
        self._offered = offered_by([each["resources"] for each in there])
