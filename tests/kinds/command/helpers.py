"""A command that is run as a worker runs it, in this process."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assay.config import Progress
from assay.execution.events import Result
from assay.execution.runner import execute
from assay.kinds.command.config import CommandConfig
from assay.plugins import resolve
from assay.store import RunFolder, Store


class Trial:
    """A folder with scripts, and a store in it.

    Attributes:
        told: the progress of the last run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder / "store")
        self.told: list[Progress] = []

    def script(self, name: str, code: str) -> None:
        """Write a script."""
        (self.folder / name).write_text(code)

    def config(self, code: str | None = None, **settings: Any) -> CommandConfig:
        """Settings of `python script.py`, with what that does."""
        if code is not None:
            self.script("script.py", code)
        given = {"command": "python script.py", "folder": str(self.folder), **settings}
        if not {"metrics", "pattern"} & given.keys():
            given["pattern"] = "accuracy {accuracy}"
        return resolve(CommandConfig(**given))

    def run(
        self, code: str | None = None, stop: Callable[[], bool] = lambda: False, **settings: Any
    ) -> Result:
        """Run it."""
        self.last = self.config(code, **settings)
        self.told = []
        result = execute(self.last, self.store, self.told.append, stop)
        assert isinstance(result, Result)
        return result

    @property
    def at(self) -> RunFolder:
        """The folder of the last run."""
        return self.store.folder(self.last)

    @property
    def work(self) -> Path:
        """Where the last run's command wrote."""
        return self.at.path / "work"

    def points(self, name: str) -> list[tuple[int, float]]:
        """A number of the last run over its steps."""
        return self.at.metrics().points(name)


def running(word: str) -> list[int]:
    """The processes with a word in their command line."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            line = (process / "cmdline").read_bytes() if process.name.isdigit() else b""
        except OSError:
            continue
        if word.encode() in line and int(process.name) != os.getpid():
            found.append(int(process.name))
    return found


PYTHON = sys.executable
