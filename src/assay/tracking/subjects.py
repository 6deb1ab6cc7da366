"""Which runs of a study are brought to a tracker, and what they are runs of."""

from collections.abc import Iterable, Sequence

from assay.config import RunConfig
from assay.errors import AssayError
from assay.execution.estimate import PlannedRun
from assay.store import RunFolder, Store
from assay.study import Arm
from assay.tracking.sink import Subject


class Subjects:
    """The runs of a study, by their ids."""

    def __init__(
        self, study: str, store: Store, arms: Sequence[Arm], planned: Iterable[PlannedRun]
    ) -> None:
        self._study, self._store, self._arms = study, store, arms
        self._configs: dict[str, RunConfig] = {}
        self._of: dict[str, list[Arm]] = {}
        for run in planned:
            self._add(run.config, [] if arms else [run.arm])
        for arm in arms:
            for config in _begun(arm, store):
                self._add(config, [arm])

    def _add(self, config: RunConfig, arms: Sequence[Arm]) -> None:
        run = config.run_id
        self._configs.setdefault(run, config)
        self._of.setdefault(run, []).extend(arms)

    @property
    def done(self) -> list[Subject]:
        """Those that ended for good before."""
        return [self.find(run) for run in self._of if _complete(self._folder(run))]

    def find(self, run: str) -> Subject:
        """A run, whether it was planned or not."""
        config = self._config(run)
        arms = self._of.get(run) or (self._with_seed(config) if config else [])
        return Subject(
            run,
            str(self._folder(run).path.absolute()),
            self._study,
            tuple(arm.key for arm in arms),
            tuple(dict.fromkeys(arm.experiment for arm in arms)),
            config.seed if config else 0,
        )

    def _with_seed(self, config: RunConfig) -> list[Arm]:
        """The arms that it is a run of, with a seed that they were not planned with."""
        return [arm for arm in self._arms if arm.run(config.seed).run_id == config.run_id]

    def _config(self, run: str) -> RunConfig | None:
        if run in self._configs:
            return self._configs[run]
        try:
            return self._folder(run).config()
        except AssayError:
            return None

    def _folder(self, run: str) -> RunFolder:
        return RunFolder(self._store.root / run)


def of_one(config: RunConfig, store: Store) -> Subjects:
    """A run that is of no study; trackers have it under `train` and its kind."""
    arm = Arm(config.kind, config.label, {}, config, 1, config, config.seed)
    return Subjects("train", store, [], [PlannedRun(arm, config, "planned")])


def _begun(arm: Arm, store: Store) -> Iterable[RunConfig]:
    """Its runs, and those with further seeds that were begun."""
    yield from arm.runs
    seed = arm.first_seed + arm.seeds
    while store.folder(config := arm.run(seed)).exists:
        yield config
        seed += 1


def _complete(folder: RunFolder) -> bool:
    try:
        return folder.complete
    except AssayError:  # that it is damaged, whoever needs it is told
        return False
