"""Where a process is killed, or its disk is full: `fault.c` built, and what it is told."""

import mmap
import os
import signal
import subprocess
import sysconfig
import time
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Self

MARK = "RELIABILITY_TRIAL"
"""Names, in the environment of every process of a trial, the trial."""

KINDS = {
    "c": "opening a file",
    "w": "a write",
    "s": "a sync",
    "r": "a rename",
    "u": "a removal",
    "m": "making a folder",
    "t": "a truncation",
}
_NUMBERS = 7
_KINDS_AT, _MOST = 8 * _NUMBERS, 65_536


class Moment(IntEnum):
    """When, of the chosen change."""

    BEFORE = 0
    HALF = 1  # of a write half is there; of all others the whole
    AFTER = 2


class Action(IntEnum):
    """What happens then."""

    NOTHING = 0
    KILL_SELF = 1
    KILL_LEADER = 2
    KILL_GROUP = 3
    FAIL = 4


@dataclass(frozen=True)
class Fault:
    """One thing that happens, at the change of that number.

    Attributes:
        error: what every change from there on fails with, where that is the action.
        clock: seconds by which the clock is off.
    """

    at: int = 0
    moment: Moment = Moment.BEFORE
    action: Action = Action.NOTHING
    error: int = 0
    clock: int = 0


def library(folder: Path) -> Path:
    """`fault.c`, built into a folder."""
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    target, source = folder / "fault.so", Path(__file__).with_name("fault.c")
    command = [compiler, "-O1", "-shared", "-fPIC", "-o", str(target), str(source), "-ldl"]
    subprocess.run(command, check=True)
    return target


class Plan:
    """The file by which all processes of a trial share what is to happen, and what did."""

    def __init__(self, path: Path, root: Path, built: Path) -> None:
        path.write_bytes(bytes(_KINDS_AT + _MOST))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        self.environment = {
            "LD_PRELOAD": str(built),
            "FAULT_PLAN": str(path),
            "FAULT_ROOT": str(root),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._map.close()

    def set(self, fault: Fault) -> None:
        """Say what is to happen, counted from now on."""
        numbers = (0, fault.at, fault.moment, fault.action, fault.error, 0, fault.clock)
        self._map[:_KINDS_AT] = b"".join(int(n).to_bytes(8, "little", signed=True) for n in numbers)

    @property
    def kinds(self) -> str:
        """The kinds of the changes that were made, in their order."""
        count = min(self._number(0), _MOST - 1)
        return self._map[_KINDS_AT + 1 : _KINDS_AT + 1 + count].decode()

    @property
    def fired(self) -> bool:
        """Whether it happened."""
        return bool(self._number(5))

    def _number(self, place: int) -> int:
        return int.from_bytes(self._map[8 * place : 8 * place + 8], "little")


def marked(name: str) -> list[int]:
    """The processes of a trial that run."""
    mark, found = f"{MARK}={name}".encode(), []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    found.append(int(process.name))
            except OSError:
                continue
    return found


def left_running(name: str, seconds: float) -> list[int]:
    """Those of a trial that go on although they have had so long to end; they are killed."""
    until = time.monotonic() + seconds
    while (found := marked(name)) and time.monotonic() < until:
        time.sleep(0.02)
    for process in found:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue
    return found
