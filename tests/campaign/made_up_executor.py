"""An executor that trains nothing: a run comes to what a test says, after as long as it says."""

import heapq
from collections.abc import Callable, Iterator, Sequence

from assay.config import MemoryConfig, RunConfig
from assay.execution.events import Event, Result
from assay.execution.executor import Executor, OpenSession, RunOptions, Session
from assay.store import Store
from tests.claims.made_up_claims import log
from tests.report.made_up_runs import write_run

Accuracy = Callable[[MemoryConfig], float]


class MadeUp(Executor):
    """Runs end in the order of a clock of their own.

    Attributes:
        accuracy: what a run comes to; an error is a run that fails.
        seconds: how long it takes.
        begun: every run that was begun, in order.
    """

    def __init__(
        self, accuracy: Accuracy, seconds: Callable[[MemoryConfig], float] = lambda config: 10.0
    ) -> None:
        self.accuracy, self.seconds = accuracy, seconds
        self.begun: list[MemoryConfig] = []
        self.ended: list[MemoryConfig] = []

    def start(self, configs: Sequence[RunConfig], store: Store, options: RunOptions) -> Session:
        raise AssertionError("a campaign opens a session")

    def open(self, store: Store, options: RunOptions) -> OpenSession:
        return _MadeUpSession(self, store, options.workers or 1)

    def seeds(self, cell: str) -> list[int]:
        """Those of an arm that were begun."""
        return [config.seed for config in self.begun if config.cell == cell]


class _MadeUpSession(OpenSession):
    def __init__(self, executor: MadeUp, store: Store, workers: int) -> None:
        self.configs: tuple[RunConfig, ...] = ()
        self.workers = workers
        self._executor, self._store = executor, store
        self._now = 0.0
        self._ends: list[tuple[float, int, MemoryConfig]] = []
        self._results: list[Result] = []
        self._over = False

    def add(self, configs: Sequence[RunConfig]) -> None:
        for config in configs:
            assert isinstance(config, MemoryConfig)
            assert self._store.declaration_log.exists(), "declared before the first run"
            assert len(self._ends) < self.workers, "no more are handed out than there are workers"
            self.configs = (*self.configs, config)
            self._executor.begun.append(config)
            end = self._now + self._executor.seconds(config)
            heapq.heappush(self._ends, (end, len(self.configs), config))

    def finish(self) -> None:
        self._over = True

    def stop(self, *, now: bool = False) -> None:
        self._over = True
        for _, _, config in self._ends:
            self._results.append(Result(config.run_id, "stopped"))
        self._ends.clear()

    def events(self) -> Iterator[Event]:
        while not self._over:
            assert self._ends, "it would wait for ever"
            self._now, _, config = heapq.heappop(self._ends)
            self._results.append(self._train(config))
            yield self._results[-1]

    def _train(self, config: MemoryConfig) -> Result:
        try:
            accuracy = self._executor.accuracy(config)
        except ZeroDivisionError as error:
            return Result(config.run_id, "failed", str(error))
        seconds = self._executor.seconds(config)
        write_run(self._store, config, log(accuracy), seconds=seconds, started=_LATER)
        self._executor.ended.append(config)
        return Result(config.run_id, "finished")

    def results(self) -> list[Result]:
        return self._results

    def close(self) -> None:
        self.stop()


_LATER = "2999-01-01T00:00:00+00:00"
