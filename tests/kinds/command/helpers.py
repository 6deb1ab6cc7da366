"""A command that is run as a worker runs it, in this process."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assay.execution.events import Result
from assay.kinds.command.config import CommandConfig
from assay.plugins import resolve
from tests.kinds.trial import RunTrial


class Trial(RunTrial):
    """A folder with scripts, and a store in it."""

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
        return self.execute(self.config(code, **settings), stop)

    @property
    def work(self) -> Path:
        """Where the last run's command wrote."""
        return self.at.path / "work"


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
