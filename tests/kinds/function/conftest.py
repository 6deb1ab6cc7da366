"""A folder with functions, called as a worker calls them, in this process."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.config import Progress
from assay.execution.events import Result
from assay.execution.runner import execute
from assay.kinds.function.config import FunctionConfig
from assay.plugins import resolve
from assay.store import RunFolder, Store


class Trial:
    """A folder with a module `mine`, and a store in it.

    Attributes:
        told: the progress of the last run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder / "store")
        self.told: list[Progress] = []

    def config(self, code: str, **settings: Any) -> FunctionConfig:
        """Settings of `mine:train`, with what that module holds."""
        (self.folder / "mine.py").write_text(code)
        return resolve(
            FunctionConfig(**{"train": "mine:train", "folder": str(self.folder), **settings})
        )

    def run(
        self,
        code: str,
        stop: Callable[[], bool] = lambda: False,
        checkpoint_seconds: float = 1e9,
        **settings: Any,
    ) -> Result:
        """Run it."""
        self.last = self.config(code, **settings)
        self.told = []
        found = execute(self.last, self.store, self.told.append, stop, checkpoint_seconds)
        assert isinstance(found, Result)
        return found

    @property
    def at(self) -> RunFolder:
        """The folder of the last run."""
        return self.store.folder(self.last)

    @property
    def log(self) -> bytes:
        """The bytes of its log."""
        return (self.at.path / "metrics.jsonl").read_bytes()

    def points(self, name: str) -> list[tuple[int, float]]:
        """A number of the last run over its steps."""
        return self.at.metrics().points(name)


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    before = random.getstate(), np.random.get_state()  # noqa: NPY002
    yield Trial(tmp_path)
    random.setstate(before[0])
    np.random.set_state(before[1])  # noqa: NPY002
