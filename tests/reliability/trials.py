"""One trial: something is disturbed, done again, and compared with what it comes to undisturbed."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.reliability.faults import KINDS, Action, Fault, Plan, left_running, library
from tests.reliability.scenes import Job, Scene, copied, leftovers, project, result, scenes

_REASONS = ("No space left on device", "Read-only file system")
_ENDS_IN = 20.0
"""Seconds that a process has to end once those that started it are gone."""


@dataclass(frozen=True)
class Reference:
    """A scene undisturbed.

    Attributes:
        start: a folder as it is before.
        result: what it comes to.
        kinds: of the changes that it makes, in their order.
    """

    start: Path
    result: Mapping[str, str]
    kinds: str


@dataclass(frozen=True)
class Outcome:
    """What came of a trial.

    Attributes:
        fired: whether the disturbance came before the end.
        losses: what should not be, a sentence each.
    """

    scene: str
    what: str
    fired: bool
    losses: list[str] = field(default_factory=list)


class Stage:
    """The process that does what scenes do, and the folder that all of it is in."""

    def __init__(self, base: Path) -> None:
        base.mkdir(parents=True, exist_ok=True)
        self.base = base.resolve()
        self.home = project(self.base / "project")
        self.scenes = scenes(self.home)
        self.plan = Plan(self.base / "plan", self.base / "trials", library(self.base.parent))
        for name in ("trials", "said"):
            (self.base / name).mkdir()
        self._count = 0
        self._references: dict[str, Reference] = {}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.stage", str(self.home)],
            cwd=Path(__file__).parents[2],
            env={**os.environ, **self.plan.environment, "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(self.base / "stage.log").open("wb"),
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def scene(self, name: str) -> Scene:
        """One by its name."""
        return next(scene for scene in self.scenes if scene.name == name)

    def folder(self) -> Path:
        """Where the next trial is, or will be."""
        self._count += 1
        return self.base / "trials" / str(self._count)

    def do(self, job: Job, folder: Path, fault: Fault = Fault()) -> tuple[int, str]:  # noqa: B008
        """The exit code, negative for a signal, and what was said."""
        assert self._process.stdin
        assert self._process.stdout
        self.plan.set(fault)
        asked = {**job, "folder": str(folder), "name": folder.name}
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, (self.base / "stage.log").read_text()
        code = int(answer)
        return code, (self.base / "said" / folder.name).read_text()

    def reference(self, scene: Scene) -> Reference:
        """A scene undisturbed; done once."""
        if scene.name not in self._references:
            start = self.folder()
            start.mkdir()
            for job in scene.before:
                self._well(job, start)
            folder = copied(start, self.folder())
            self._well(scene.does, folder)
            self._references[scene.name] = Reference(start, result(folder), self.plan.kinds)
        return self._references[scene.name]

    def _well(self, job: Job, folder: Path) -> None:
        code, said = self.do(job, folder)
        assert code == 0, said

    def disturbed(self, scene: Scene, fault: Fault, clock: int = 0) -> Outcome:
        """A scene with a fault, and then without; by then the clock may be off by seconds."""
        reference = self.reference(scene)
        folder = copied(reference.start, self.folder())
        code, said = self.do(scene.does, folder, fault)
        fired, losses = self.plan.fired, []
        if left := left_running(folder.name, _ENDS_IN):
            losses.append(f"{len(left)} processes went on")
        if fault.action is Action.FAIL:
            losses += _refused(code, said)
        elif fired and code != -9:
            losses.append(f"exit code {code} and not killed: {said}")
        losses += self._after(scene, folder, reference, Fault(clock=clock))
        what = _what(fault, reference.kinds[fault.at - 1 : fault.at], clock)
        if not losses:
            shutil.rmtree(folder)
        return Outcome(scene.name, what, fired, losses)

    def _after(self, scene: Scene, folder: Path, reference: Reference, clock: Fault) -> list[str]:
        """What is wrong with what was left, and with what comes of the same command again."""
        losses = []
        look, said = self.do({"look": True}, folder)
        if look:
            losses.append(f"shown as damaged: {said.strip()}")
        there = result(folder)
        for path, digest in result(reference.start).items():
            if there.get(path) != digest and path not in _GROWS:
                losses.append(f"{path} was there whole and is not what it was")
        code, said = self.do(scene.does, folder, clock)
        if code or "Traceback" in said:
            return [*losses, f"the same command again ends with {code}: {said.strip()}"]
        found = result(folder)
        for path in sorted(found.keys() | reference.result.keys()):
            if found.get(path) != reference.result.get(path) and path not in leftovers(folder):
                losses.append(f"{path} differs from that of an undisturbed command")
        return losses + [f"{name} is left" for name in leftovers(folder)]


# What a command adds to, or replaces by what is newer.
_GROWS = ("store/declarations.jsonl", "evidence/study.toml", "evidence/evidence.json")


def _what(fault: Fault, kind: str, clock: int) -> str:
    place = KINDS[kind]
    if fault.error == errno.EROFS:
        return "read-only"
    if fault.action is Action.FAIL:
        return f"disk full from {place} on"
    back = f", then the clock a day {'back' if clock < 0 else 'ahead'}" if clock else ""
    return f"killed {('before', 'within', 'after')[fault.moment]} {place}{back}"


def _refused(code: int, said: str) -> list[str]:
    """What is wrong with how a command told of a disk that is full."""
    if "Traceback" in said or code not in (0, 1, 2):
        return [f"told as exit code {code}: {said.strip()}"]
    if code and not any(reason in said for reason in _REASONS):
        return [f"the reason is not told: {said.strip()}"]
    return []
