"""A run of a command: started, followed while it runs, ended, and told of."""

import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from assay.config import Ending, Progress
from assay.config.kind import EndingStatus, Stop, Watch
from assay.errors import TrainingError
from assay.kinds.command import devices, words
from assay.kinds.command.config import CommandConfig
from assay.kinds.command.environment import names, variables
from assay.kinds.command.files import NumberFiles
from assay.kinds.command.intake import Intake
from assay.kinds.command.process import Process
from assay.kinds.command.sources import Sources
from assay.kinds.command.state import State
from assay.kinds.own.sizes import size
from assay.kinds.own.words import resumed
from assay.store import RunFolder

_LOOK_SECONDS = 0.1
_MEMORY_SECONDS = 0.25
_STOPPED = "stopped"


def execute(config: CommandConfig, folder: RunFolder, watch: Watch, stop: Stop) -> Ending:
    """Run a command in its folder to its end, or until `stop()`.

    Raises:
        PluginError: if a source is not the one that the run was planned with.
        ConfigError: if there are not as many devices as it asks for.
    """
    sources = Sources(config)
    with devices.held(config.gpus, lambda: _waited(stop)) as found:
        if found is None:
            return Ending("stopped", 0, 0.0)
        return _attempt(config, folder, found, sources, watch, stop)


def _waited(stop: Stop) -> bool:
    time.sleep(_LOOK_SECONDS)
    return not stop()


def _attempt(
    config: CommandConfig,
    folder: RunFolder,
    held: list[str],
    sources: Sources,
    watch: Watch,
    stop: Stop,
) -> Ending:
    state = State.of(folder, resumes=config.resumes)
    given = names(config, state.folder, "1" if state.resumed else "0")
    named = config.filled(config.metrics, given) if config.metrics else ""
    files = NumberFiles(state.folder, named, config.step) if named else None
    home = state.folder if config.cwd == "run" else Path(config.folder).resolve()
    if config.resumes:
        state.save(folder, state.seconds)  # a start counts, however it ends
    began = time.monotonic()
    with Intake(folder, files, config.pattern, resumed=state.resumed) as intake:
        arguments = config.arguments(given, sys.executable)
        try:
            process = Process(arguments, home, variables(config, given, held))
        except TrainingError as error:
            return Ending("failed", 0, 0.0, str(error))
        with process:
            following = _Following(config, process, intake)
            following.to_the_end(watch, stop)
            code, left = process.end()
        following.take_last(watch)
        seconds = state.seconds + time.monotonic() - began
        why = following.why
        if config.resumes:
            state.save(folder, seconds)
        status, message = _outcome(why, code, intake, config.expects)
        intake.settle("" if why == _STOPPED else sources.changed())
        return Ending(
            status,
            intake.updates,
            seconds,
            message,
            notices=[
                *([words.left(left)] if left and not why else []),
                *([resumed(state.attempts, "command")] if state.resumed else []),
            ],
            compute_path={
                "program": arguments[0],
                "bit_identity": "the command's promise",
                "attempts": state.attempts,
                **({"devices": ",".join(held)} if held else {}),
            },
        )


def _outcome(
    why: str, code: int, intake: Intake, expects: Sequence[str]
) -> tuple[EndingStatus, str]:
    """How an attempt ended, and the sentence on it."""
    if why == _STOPPED:
        return "stopped", ""
    if why:
        return "failed", f"{why}; its output is in {intake.kept}"
    if code:
        return "failed", words.ended(code, intake.last_line, str(intake.kept))
    if missing := intake.missing(expects):
        return "failed", f"the command ended well and {missing}"
    return "finished", ""


class _Following:
    """A command while it runs.

    Attributes:
        why: why it was ended before its own end; empty if it was not.
    """

    def __init__(self, config: CommandConfig, process: Process, intake: Intake) -> None:
        self.why = ""
        self._config, self._process, self._intake = config, process, intake
        self._began = time.monotonic()
        self._memory_at = self._began
        self._kill_at: float | None = None
        self._told = -1

    def to_the_end(self, watch: Watch, stop: Stop) -> None:
        """Take in what it tells until it ends, and end it if that is due."""
        look_at = 0.0
        while not self._process.ended:
            self._process.wait(_LOOK_SECONDS)
            self._take()
            if (now := time.monotonic()) >= look_at:
                look_at = now + _LOOK_SECONDS
                self._read()
                self._tell(watch)
                self._end_if_due(now, stop)

    def take_last(self, watch: Watch) -> None:
        """Take in what is left once it has ended, and is closed."""
        try:
            self._intake.print(self._process.rest)
            self._intake.finish()
        except TrainingError as error:
            self.why = self.why or f"the command {error}"
        self._tell(watch)

    def _take(self) -> None:
        try:
            if content := self._process.printed():
                self._intake.print(content)
        except TrainingError as error:
            self._end(f"the command {error}")

    def _read(self) -> None:
        try:
            self._intake.read()
        except TrainingError as error:
            self._end(f"the command {error}")

    def _tell(self, watch: Watch) -> None:
        if (updates := self._intake.updates) != self._told:
            self._told, steps = updates, self._config.steps
            watch(Progress(updates if steps is None else min(updates, steps), steps, 0, None))

    def _end_if_due(self, now: float, stop: Stop) -> None:
        if self._kill_at is not None:
            if now >= self._kill_at:
                self._process.signal(signal.SIGKILL)
            return
        limit = self._config.time_limit
        if stop():
            self._end(_STOPPED)
        elif limit is not None and now - self._began > limit:
            self._end(words.too_long(limit))
        elif self._config.memory_limit is not None and now >= self._memory_at:
            self._memory_at = now + _MEMORY_SECONDS
            self._end_if_too_large(self._config.memory_limit)

    def _end_if_too_large(self, limit: str) -> None:
        if self._process.resident() > size(limit):
            memory = self._process.memory()  # takes longer, and counts what is shared once
            if memory > size(limit):
                self._end(words.too_large(memory, limit))

    def _end(self, why: str) -> None:
        """Ask it to end, the reason being the first that there was."""
        if not self.why:
            self.why = why
            self._process.signal(signal.SIGTERM)
            self._kill_at = time.monotonic() + self._config.grace
