"""A run of the user's own, run as a worker runs it, in this process."""

from collections.abc import Callable
from pathlib import Path

from assay.config import Progress, RunConfig
from assay.execution.events import Result
from assay.execution.runner import execute
from assay.store import RunFolder, Store


class RunTrial:
    """A folder with the user's files, and a store in it.

    Attributes:
        told: the progress of the last run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder / "store")
        self.told: list[Progress] = []

    def execute(
        self, config: RunConfig, stop: Callable[[], bool], checkpoint_seconds: float = 1e9
    ) -> Result:
        """Run it."""
        self.last, self.told = config, []
        found = execute(config, self.store, self.told.append, stop, checkpoint_seconds)
        assert isinstance(found, Result)
        return found

    @property
    def at(self) -> RunFolder:
        """The folder of the last run."""
        return self.store.folder(self.last)

    def points(self, name: str) -> list[tuple[int, float]]:
        """A number of the last run over its steps."""
        return self.at.metrics().points(name)
