"""Committed runs as a study that is trained again: each seed is one of theirs, drawn at random.

A seed that is drawn is the same for all arms that have as many, so that what is compared seed by
seed stays together. Redrawing makes seeds look more alike than new ones would be: no seed is worse
than the worst that was committed.
"""

import heapq
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from assay.config import RunConfig
from assay.execution.events import Event, Result
from assay.execution.executor import Executor, OpenSession, RunOptions, Session
from assay.store import Record, RunFolder, Store
from assay.store.archive import Archive
from assay.store.log import Log

_MOST_SEEDS = 64
_STARTED = "2999-01-01T00:00:00+00:00"  # after whatever claim is declared


class Sources:
    """Committed runs, each read once."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._seeds: dict[str, list[int]] = {}
        self._records: dict[str, Record] = {}
        self._logs: dict[str, Log] = {}

    def seeds(self, config: RunConfig) -> list[int]:
        """Those that there are of a run."""
        key = config.model_copy(update={"seed": 0}).run_id
        if key not in self._seeds:
            every = (config.model_copy(update={"seed": seed}) for seed in range(_MOST_SEEDS))
            self._seeds[key] = [each.seed for each in every if self._archive.folder(each).exists]
        return self._seeds[key]

    def record(self, config: RunConfig) -> Record:
        """How one ended, as if begun after every claim was declared."""
        if config.run_id not in self._records:
            found = self._archive.folder(config).record()
            assert found is not None
            self._records[config.run_id] = found.model_copy(update={"started": _STARTED})
        return self._records[config.run_id]

    def log(self, config: RunConfig) -> Log:
        """What it logged."""
        if config.run_id not in self._logs:
            self._logs[config.run_id] = self._archive.folder(config).metrics()
        return self._logs[config.run_id]


class RedrawnStore(Store):
    """A store whose runs, once they are said to have ended, are committed ones."""

    indexed = False

    def __init__(self, root: Path, sources: Sources, seed: int) -> None:
        super().__init__(root)
        self.sources = sources
        self._rng, self._drawn = random.Random(seed), dict[int, float]()
        self.ended: dict[str, RunConfig] = {}

    def source(self, config: RunConfig) -> RunConfig:
        """The committed run that one stands for."""
        if config.seed not in self._drawn:
            self._drawn |= {n: self._rng.random() for n in range(len(self._drawn), config.seed + 1)}
        seeds = self.sources.seeds(config)
        place = int(self._drawn[config.seed] * len(seeds))
        return config.model_copy(update={"seed": seeds[place]})

    def end(self, config: RunConfig) -> None:
        """Have a run ended."""
        self.ended[config.run_id] = config

    def run(self, run_id: str) -> RunFolder:  # noqa: D102 - as in Store
        return _Run(self, run_id)

    def ids(self) -> list[str]:  # noqa: D102 - as in Store
        return list(self.ended)


class _Run(RunFolder):
    def __init__(self, store: RedrawnStore, run_id: str) -> None:
        super().__init__(store.root / run_id)
        self._store = store

    @property
    def exists(self) -> bool:
        return self.run_id in self._store.ended

    def stamp(self) -> object:
        return self.exists

    def config(self) -> RunConfig:
        return self._store.ended[self.run_id]

    def record(self) -> Record | None:
        if not self.exists:
            return None
        return self._store.sources.record(self._store.source(self.config()))

    def metrics(self) -> Log:
        return self._store.sources.log(self._store.source(self.config()))


class Replay(Executor):
    """Runs end after as long as the committed ones took, on a clock of their own."""

    def __init__(self, store: RedrawnStore) -> None:
        self._store = store
        self.now = 0.0
        self.under_way: list[tuple[float, int, float, RunConfig]] = []
        self._ended = 0.0

    @property
    def spent(self) -> float:
        """Core-seconds so far."""
        return self._ended + sum(self.now - begun for _, _, begun, _ in self.under_way)

    def begin(self, number: int, config: RunConfig) -> None:
        """Begin a run."""
        seconds = self._store.sources.record(self._store.source(config)).seconds
        heapq.heappush(self.under_way, (self.now + seconds, number, self.now, config))

    def end_next(self) -> RunConfig:
        """Go on to the end of a run."""
        self.now, _, begun, config = heapq.heappop(self.under_way)
        self._ended += self.now - begun
        self._store.end(config)
        return config

    def start(  # noqa: D102 - as in Executor
        self, configs: Sequence[RunConfig], store: Store, options: RunOptions
    ) -> Session:
        raise NotImplementedError

    def open(self, store: Store, options: RunOptions) -> OpenSession:  # noqa: D102
        return _Session(self, options.workers or 1)


class _Session(OpenSession):
    def __init__(self, replay: Replay, workers: int) -> None:
        self.configs: tuple[RunConfig, ...] = ()
        self.workers = workers
        self._replay, self._results, self._over = replay, list[Result](), False

    def add(self, configs: Sequence[RunConfig]) -> None:
        for config in configs:
            self.configs = (*self.configs, config)
            self._replay.begin(len(self.configs), config)

    def finish(self) -> None:
        self._over = True

    def stop(self, *, now: bool = False) -> None:
        self._over = True

    def events(self) -> Iterator[Event]:
        while not self._over:
            self._results.append(Result(self._replay.end_next().run_id, "finished"))
            yield self._results[-1]

    def results(self) -> list[Result]:
        return self._results

    def close(self) -> None:
        self.stop()
