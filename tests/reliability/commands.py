"""Whole commands with their workers, killed at random moments and at chosen changes."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.reliability.faults import MARK, Action, Fault, left_running, marked
from tests.reliability.scenes import leftovers, result
from tests.reliability.trials import Outcome, Stage

COMMAND = str(Path(sys.executable).with_name("assay"))
Whom = Literal["worker", "parent", "group"]
_WHOM = {
    Action.KILL_SELF: "process",
    Action.KILL_LEADER: "parent",
    Action.KILL_GROUP: "group",
}
_HANGS = 60.0
"""Seconds after which a command that takes two counts as one that hangs."""
_ORPHANS_END = 40.0
"""A worker whose command is gone may save for 30 seconds."""


@dataclass(frozen=True)
class Undisturbed:
    """A command's files, and about how many seconds it takes."""

    result: dict[str, str]
    seconds: float


class Commands:
    """Commands in the folder of a stage."""

    def __init__(self, stage: Stage, rng: random.Random) -> None:
        self._stage, self._rng = stage, rng
        self._undisturbed: dict[str, Undisturbed] = {}

    def undisturbed(self, kind: str) -> Undisturbed:
        """A study trained to its end; done once."""
        if kind not in self._undisturbed:
            folder = self._folder()
            began = time.monotonic()
            code, said = _ended(self._start(kind, folder))
            assert code == 0, said
            self._undisturbed[kind] = Undisturbed(result(folder), time.monotonic() - began)
        return self._undisturbed[kind]

    def killed(self, kind: str, whom: Whom, *, training: bool) -> Outcome:
        """A command killed at a random moment: of its training, or of all that it does."""
        reference, folder = self.undisturbed(kind), self._folder()
        process = self._start(kind, folder)
        if training:
            _wait_for(process, folder)
        time.sleep(self._rng.uniform(0, reference.seconds / (3 if training else 1)))
        fired = self._kill(process, folder, whom)
        return self._judged(kind, f"{whom} killed at a random moment", folder, [process], fired)

    def at(self, kind: str, fault: Fault) -> Outcome:
        """A command killed at a chosen change of one of its processes."""
        folder = self._folder()
        self._stage.plan.set(fault)
        process = self._start(kind, folder, self._stage.plan.environment)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_HANGS)
        fired = self._stage.plan.fired
        self._stage.plan.set(Fault())
        what = f"{_WHOM[fault.action]} killed at a chosen change"
        return self._judged(kind, what, folder, [process], fired)

    def two(self, kind: str) -> Outcome:
        """Two commands on one store at once, one of them killed at a random moment."""
        reference, folder = self.undisturbed(kind), self._folder()
        both = [self._start(kind, folder) for _ in range(2)]
        time.sleep(self._rng.uniform(0, reference.seconds))
        fired = self._kill(both[0], folder, "group")
        return self._judged(kind, "one of two commands killed", folder, both, fired)

    def _folder(self) -> Path:
        folder = self._stage.folder()
        folder.mkdir()
        return folder

    def _start(
        self, kind: str, folder: Path, more: dict[str, str] | None = None
    ) -> subprocess.Popen[str]:
        study = str(self._stage.home / f"{kind}-longer.toml")
        return subprocess.Popen(
            [COMMAND, "run", study, "--checkpoint-seconds", "0.05"],
            cwd=folder,
            env={
                "ASSAY_TRUST": "1",
                **os.environ,
                **(more or {}),
                "XDG_CACHE_HOME": str(folder / "cache"),
                MARK: folder.name,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def _kill(self, process: subprocess.Popen[str], folder: Path, whom: Whom) -> bool:
        if whom == "worker":
            others = [pid for pid in marked(folder.name) if pid != process.pid]
            if not others:
                return False
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._rng.choice(others), signal.SIGKILL)
            return True
        fired = process.poll() is None
        with contextlib.suppress(ProcessLookupError):
            kill = os.kill if whom == "parent" else os.killpg
            kill(process.pid, signal.SIGKILL)
        return fired

    def _judged(
        self,
        kind: str,
        what: str,
        folder: Path,
        processes: Sequence[subprocess.Popen[str]],
        fired: bool,
    ) -> Outcome:
        reference, losses = self.undisturbed(kind), []
        for process in processes:
            code, said = _ended(process)
            if code not in (0, 1, -9) or "Traceback" in said:
                losses.append(f"ends with {code}: {said.strip()}")
        code, said = _ended(self._start(kind, folder))
        if code or "Traceback" in said:
            losses.append(f"the same command again ends with {code}: {said.strip()}")
        if left := left_running(folder.name, _ORPHANS_END):
            losses.append(f"{len(left)} processes went on")
        found = result(folder)
        for path in sorted(found.keys() | reference.result.keys()):
            if found.get(path) != reference.result.get(path):
                losses.append(f"{path} differs from that of an undisturbed command")
        losses += [f"{name} is left" for name in leftovers(folder)]
        if not losses:
            shutil.rmtree(folder)
        return Outcome(f"assay run, {kind}", what, fired, losses)


def _ended(process: subprocess.Popen[str]) -> tuple[int | None, str]:
    """Exit code and what was said; None for one that hangs, which is killed."""
    try:
        _, said = process.communicate(timeout=_HANGS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        _, said = process.communicate()
        return None, said
    return process.returncode, said


def _wait_for(process: subprocess.Popen[str], folder: Path) -> None:
    while process.poll() is None and not list(folder.glob("store/*/metrics.jsonl")):
        time.sleep(0.005)
