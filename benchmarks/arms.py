"""Arms of a comparison: ways to train, each in processes of its own that stay alive.

Rounds are interleaved: in each, every arm trains for a little while, so that a slow minute of the
machine meets them all.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Self

HERE = Path(__file__).parent
START_DELAY = 0.01
"""Seconds until processes that are asked one after the other start together."""
FEWEST, MOST = 2, 500
"""Updates an arm makes in a round."""
THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class SetupError(Exception):
    """A process cannot build its training; why is the message."""


class Process:
    """A program of `peers/` on some cores; a library takes a thread a core by its own choice."""

    def __init__(self, program: str, cores: Sequence[int]) -> None:
        self._setup: dict[str, Any] | None = None
        self.facts: dict[str, Any] = {}
        environment = {k: v for k, v in os.environ.items() if k not in THREAD_VARIABLES}
        environment["TORCHINDUCTOR_COMPILE_THREADS"] = "1"  # none of its own to wait for
        with _on_cores(cores):
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"peers.{program}"],
                cwd=HERE,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )

    def build(self, setup: dict[str, Any]) -> None:
        """Build a training, unless it is the one that is there.

        Raises:
            SetupError: if it cannot.
        """
        if setup == self._setup:
            return
        self._setup, self.facts = None, self.ask({"setup": setup})
        if "error" in self.facts:
            raise SetupError(self.facts["error"])
        self._setup = setup

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send a message and wait for its answer."""
        self.send(message)
        return self.answer()

    def send(self, message: dict[str, Any]) -> None:
        """Send a message."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Wait for the answer to a message."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._process.args} ended with {self._process.wait()}")
        found: dict[str, Any] = json.loads(line)
        return found

    def end(self) -> None:
        """Close its input and wait, so that its core time counts as ours."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


class Processes:
    """The processes of a benchmark, one for each program, options and cores; ended together."""

    def __init__(self) -> None:
        self._found: dict[str, Process] = {}

    def get(self, program: str, options: dict[str, Any], cores: Sequence[int]) -> Process:
        """The process of that kind, started if need be."""
        key = json.dumps([program, options, list(cores)])
        if key not in self._found:
            self._found[key] = Process(program, cores)
        return self._found[key]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._found.values():
            process.end()


@dataclass(frozen=True)
class Arm:
    """One way to train, as one row of a table has it.

    Attributes:
        options: of its setup, the same at every size.
        cores: of each process; several processes train side by side, a run each.
        optional: whether it is left out, with the reason, where it cannot be had.
    """

    name: str
    program: str
    cores: tuple[tuple[int, ...], ...]
    options: dict[str, Any]
    optional: bool = False

    def processes(self, started: Processes) -> list[Process]:
        """A process for each run side by side."""
        return [started.get(self.program, self.options, cores) for cores in self.cores]

    def build(self, started: Processes, setup: dict[str, Any]) -> None:
        """Build its trainings, with its own options beside `setup`."""
        for process in self.processes(started):
            process.build({**setup, **self.options})

    def seconds(self, started: Processes, updates: int) -> float:
        """Seconds per update, of all its runs together, when they start at the same moment."""
        processes = self.processes(started)
        at = time.monotonic() + START_DELAY
        for process in processes:
            process.send({"updates": updates, "at": at})
        slowest = max(process.answer()["seconds"] for process in processes)
        return float(slowest) / updates / len(processes)

    def losses(self, started: Processes, updates: int) -> list[float]:
        """The losses of its last run in more updates."""
        process = self.processes(started)[-1]
        found: list[float] = process.ask({"updates": updates, "at": 0.0})["losses"]
        return found


def tried(
    arms: list[Arm], attempt: Callable[[Arm], dict[str, Any]], left_out: dict[str, str]
) -> dict[str, dict[str, Any]]:
    """What an attempt finds of each arm; an optional one that fails is taken out, and why noted."""
    found = {}
    for arm in list(arms):
        try:
            found[arm.name] = attempt(arm)
            say(f"{arm.name}: {found[arm.name]}")
        except SetupError as error:
            if not arm.optional:
                raise SystemExit(f"{arm.name}: {error}") from None
            left_out[arm.name] = str(error)
            arms.remove(arm)
            say(f"{arm.name} is left out: {error}")
    return found


def rounds_of(
    arms: Sequence[Arm], started: Processes, rounds: int, seconds: float
) -> dict[str, list[float]]:
    """Seconds per update of every arm, round by round; each trains some `seconds` in a round."""
    updates = {}
    for arm in arms:
        arm.seconds(started, FEWEST)  # what is done only once
        once = median(arm.seconds(started, 1) for _ in range(3)) * len(arm.cores)
        updates[arm.name] = min(max(round(seconds / once), FEWEST), MOST)
    found: dict[str, list[float]] = {arm.name: [] for arm in arms}
    for _ in range(rounds):
        for arm in arms:
            found[arm.name].append(arm.seconds(started, updates[arm.name]))
    return found


def two_cores() -> tuple[int, int]:
    """The cores that everything is measured on.

    Raises:
        SystemExit: if this process may use only one, or the system does not say.
    """
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) < 2:
        raise SystemExit("this benchmark needs Linux and two cores")
    return cores[-1], cores[-2]


def say(text: str) -> None:
    """Show progress."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def _on_cores(cores: Sequence[int]) -> Iterator[None]:
    """What is started inside runs on these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
