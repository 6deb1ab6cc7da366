"""A folder with functions, called as a worker calls them, in this process."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.execution.events import Result
from assay.kinds.function.config import FunctionConfig
from assay.plugins import resolve
from tests.kinds.trial import RunTrial


class Trial(RunTrial):
    """A folder with a module `mine`, and a store in it."""

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
        return self.execute(self.config(code, **settings), stop, checkpoint_seconds)

    @property
    def log(self) -> bytes:
        """The bytes of its log."""
        return (self.at.path / "metrics.jsonl").read_bytes()


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    before = random.getstate(), np.random.get_state()  # noqa: NPY002
    yield Trial(tmp_path)
    random.setstate(before[0])
    np.random.set_state(before[1])  # noqa: NPY002
