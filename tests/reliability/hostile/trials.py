"""One input after another in a process of its own, and what should not have come of one."""

import contextlib
import io
import mmap
import multiprocessing
import os
import random
import resource
import shutil
import signal
import struct
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.store import cache
from assay.tasks.images import cache as images_cache
from tests.reliability.hostile.guard import Guard
from tests.reliability.hostile.mutations import CANARY, Files, changed, rezipped
from tests.reliability.hostile.targets import Target

CPU_SECONDS = 5.0
WALL_SECONDS = 60.0
"""What waits on nothing counts by the time of the processor: others may use the machine."""
MOST_BYTES = 2**30
_KIB = 1024

Make = Callable[[Target, int], Files]


@dataclass
class Batch:
    """What came of some inputs: how many were read, how many refused, and what was wrong."""

    read: int = 0
    refused: int = 0
    lost: list[tuple[int, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Of all inputs."""
        return self.read + self.refused + len(self.lost)


def mutated(target: Target, number: int, seed: int = 0) -> Files:
    """A valid folder of a target with one of its files changed."""
    rng = random.Random(f"{target.name} {seed} {number}")
    every = target.valid()
    files = dict(rng.choice(every))
    name = rng.choice([each for each in files if not target.only or each.endswith(target.only)])
    other = rng.choice(list(rng.choice(every).values()))
    if target.inside and rng.random() < 0.8:
        parts = list(target.inside)
        at = rng.randrange(len(parts))
        parts[at] = changed(parts[at], rng.choice(parts), rng)
        files[name] = target.finish(parts)
    elif name.endswith(".zip") and rng.random() < 0.7:
        files[name] = rezipped(files[name], rng)
    else:
        files[name] = changed(files[name], other, rng)
    if target.fits is not None and rng.random() < 0.7:
        files = dict(target.fits(files))
    return files


class Stand:
    """The folder in which inputs are put and read, and what lies beside it."""

    def __init__(self, base: Path) -> None:
        self.folder = base / "named" / "input"
        self.folder.mkdir(parents=True)
        for place in (base, base / "named"):
            (place / CANARY).write_text("secret")
        self.cache = base / "cache"
        cache.cache_folder = lambda: self.cache / "numbers"
        images_cache.cache_folder = lambda: self.cache
        self.guard = Guard(self.folder, self.cache)

    def tried(self, target: Target, files: Files) -> str | None:
        """Read files: None if they were read, "" if they were refused, and else what is wrong."""
        self._put(files)
        self.guard.found.clear()
        self.guard.reads_anything = target.reads_anything
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                self.guard.on = True
                target.read(self.folder)
            wrong = None
        except AssayError:
            wrong = ""
        except BaseException as error:
            wrong = _told(error)
        finally:
            self.guard.on = False
        return f"touches {self.guard.found[:3]}" if self.guard.found else wrong

    def _put(self, files: Files) -> None:
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _told(error: BaseException) -> str:
    frames = [
        each for each in traceback.extract_tb(error.__traceback__) if "assay" in each.filename
    ]
    places = " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in frames[:-4:-1])
    return f"{type(error).__name__}: {str(error)[:160]} ({places})"


def batch(target: Target, make: Make, numbers: range, base: Path) -> Batch:
    """Inputs by their numbers, in child processes: one that ends or hangs is a loss of its own."""
    found, first = Batch(), numbers.start
    while first < numbers.stop:
        marker = mmap.mmap(-1, 8)
        here, there = multiprocessing.Pipe(duplex=False)
        child = os.fork()
        if not child:
            _child(target, make, range(first, numbers.stop), base, there, marker)
        there.close()
        for number, outcome in _heard(here):
            _count(found, number, outcome)
        _, status = os.waitpid(child, 0)
        last = struct.unpack("q", marker[:])[0]
        if not (code := os.waitstatus_to_exitcode(status)):
            return found
        if code != _RESTART:
            found.lost.append((last, _ended(code)))
        first = last + 1
        shutil.rmtree(base / str(child), ignore_errors=True)
    return found


_RESTART = 77


def _heard(pipe: Connection) -> Iterator[tuple[int, str | None]]:
    with contextlib.suppress(EOFError):
        while True:
            yield pipe.recv()


def _count(found: Batch, number: int, outcome: str | None) -> None:
    if outcome:
        found.lost.append((number, outcome))
    elif outcome is None:
        found.read += 1
    else:
        found.refused += 1


def _ended(code: int) -> str:
    return {-signal.SIGPROF: "hangs: 5 s of computing", -signal.SIGALRM: "hangs: 60 s"}.get(
        code, f"the process ends with {code}"
    )


def _child(
    target: Target, make: Make, numbers: range, base: Path, pipe: Connection, marker: mmap.mmap
) -> None:
    """Try inputs and end, never to return."""
    place = base / str(os.getpid())
    code = 0
    try:
        stand = prepared(place)
        before = peak()
        for number in numbers:
            marker[:] = struct.pack("q", number)
            files = make(target, number)
            outcome = watched(lambda files=files: stand.tried(target, files))  # type: ignore[misc]
            if peak() - before > MOST_BYTES:
                outcome, code = f"takes {(peak() - before) >> 20} MiB of memory", _RESTART
            pipe.send((number, outcome))
            if code:
                break
    except BaseException:
        traceback.print_exc()
        code = 99
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os._exit(code)


def prepared(place: Path) -> Stand:
    """This process, made ready to read what is hostile."""
    for each in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(each, signal.SIG_DFL)
    most = 6 * MOST_BYTES + _address_space()
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    sys.dont_write_bytecode = True
    sys.path[:] = [each for each in sys.path if each not in ("", ".")]  # not what is read
    sys.stdin = io.TextIOWrapper(io.BytesIO())
    place.mkdir(parents=True)
    os.chdir(place)
    return Stand(place)


def watched(read: Callable[[], Any]) -> Any:
    """Do it; after so many seconds the process ends."""
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)
    try:
        return read()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def peak() -> int:
    """The most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
