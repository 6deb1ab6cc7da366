"""Runs that are commands."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.config import Ending, Moments
from assay.config.kind import Stop, Watch
from assay.errors import ConfigError
from assay.kinds.command.config import CommandConfig
from assay.kinds.command.pattern import STEP, Pattern
from assay.kinds.own.kind import OwnKind
from assay.store import RunFolder


class CommandKind(OwnKind):
    """Any command line, with numbers from what it writes or prints."""

    name = "command"
    config = CommandConfig
    preload = "assay.kinds.command.run"
    budget = OwnKind.budget | {"metrics", "pattern", "step", "resumes"}

    def execute(  # noqa: D102 - as in Kind
        self,
        config: CommandConfig,
        folder: RunFolder,
        watch: Watch,
        stop: Stop,
        checkpoint_seconds: float,
    ) -> Ending:
        from assay.kinds.command.run import execute

        return execute(config, folder, watch, stop)

    def logged(self, config: CommandConfig) -> Mapping[str, Moments]:
        """Those that its patterns name; others show when it runs."""
        names = (name for text in config.pattern for name in Pattern(text).names)
        return {name: "step" for name in names if name != STEP}

    def logs_others(self, config: CommandConfig) -> bool:
        """Whether there is a file, whose numbers nobody knows yet."""
        return config.metrics is not None

    def check(self, config: CommandConfig) -> None:
        """See that the program is there, and what a run of it is promised.

        Raises:
            ConfigError: naming what is not there.
        """
        from assay.kinds.command import devices
        from assay.kinds.command.environment import names, variables

        if os.name != "posix":
            raise ConfigError("kind = 'command' needs Linux or macOS")
        home = Path(config.folder).resolve()
        given: dict[str, Any] = names(config, home, "0")
        program = config.arguments(given, sys.executable)[0]
        path = variables(config, given, []).get("PATH")
        found = home / program if "/" in program else shutil.which(program, path=path)
        if found is None or not os.access(found, os.X_OK) or Path(found).is_dir():
            where = f"in {home}" if "/" in program else "on the PATH"
            raise ConfigError(
                f"command = {config.command!r}: there is no program {program!r} {where}"
            )
        devices.check(config.gpus)
        if config.memory_limit is not None and not Path("/proc/self/statm").exists():
            raise ConfigError(f"memory_limit = {config.memory_limit!r}: it is for Linux alone")

    def gpus(self, config: Any) -> int:  # noqa: D102 - as in Kind
        held: int = config.gpus
        return held


KIND = CommandKind()
