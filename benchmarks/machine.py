"""The machine beside a measurement: processor, cores, and how fast it multiplies matrices."""

import ctypes
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from assay.execution.machine import machine
from assay.models import native

SIZE = 1024
REPETITIONS = 40
COPIED = 256 * 2**20
_TICKS = os.sysconf("SC_CLK_TCK")
_PR_SET_CHILD_SUBREAPER = 36  # prctl(2), from <linux/prctl.h>
BUSY = 0.03
"""More core time than this in other processes spoils a comparison."""


def matmul_gflops(threads: int, dtype: torch.dtype = torch.float32) -> float:
    """Best rate of a product of two matrices of SIZE × SIZE, in GFLOP/s."""
    a, b, out = (torch.ones(SIZE, SIZE, dtype=dtype) for _ in range(3))
    return 2 * SIZE**3 / _best(threads, lambda: torch.mm(a, b, out=out)) / 1e9


def copy_gb(threads: int) -> float:
    """Best rate of copying numbers that no cache holds, bytes read and written, in GB/s."""
    source = torch.ones(COPIED // 4)
    target = torch.empty_like(source)
    return 2 * COPIED / _best(threads, lambda: target.copy_(source)) / 1e9


def fma_gflops() -> dict[str, float]:
    """Peak of one core in multiply-adds of registers by precision; nothing without the kernel."""
    if not native.available():
        return {}
    return {name: native.fma_peak(name) for name in ("float32", "bfloat16")}


def _best(threads: int, work: Callable[[], object]) -> float:
    """Seconds of the quickest of many repetitions."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    best = float("inf")
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    torch.set_num_threads(before)
    return best


def load() -> float:
    """Processes that wanted a core, on average over the last minute; 0 where that is not known."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


class Others:
    """How much of the cores other processes take, from its making until it is asked.

    Known from Linux's count of busy core time, less that of this process and of all that it and
    its children started; None elsewhere.
    """

    def __init__(self, cores: int) -> None:
        self._cores = cores
        _keep_orphans()
        self._start = time.monotonic()
        self._busy, self._own = _busy_seconds(), _own_seconds()

    def share(self) -> float | None:
        """Share of the core time since the start."""
        busy = _busy_seconds()
        if busy is None or self._busy is None:
            return None
        theirs = (busy - self._busy) - (_own_seconds() - self._own)
        return max(theirs, 0.0) / (self._cores * (time.monotonic() - self._start))


def _busy_seconds() -> float | None:
    try:
        first = Path("/proc/stat").read_text().partition("\n")[0]
    except OSError:
        return None
    user, nice, system, _idle, _waiting, *others = map(int, first.split()[1:9])
    return sum([user, nice, system, *others]) / _TICKS


def _keep_orphans() -> None:
    """What a child leaves running becomes a child of this process, so that its time is found."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _own_seconds() -> float:
    """Core time of this process, its children that have ended, and those that are there."""
    stats = [_stat(path) for path in Path("/proc").glob("[0-9]*/stat")]
    ours = {os.getpid()}
    for _ in stats:  # at most as many generations as processes
        if ours == (more := ours | {pid for pid, parent, _ in stats if parent in ours}):
            break
        ours = more
    return sum(seconds for pid, _, seconds in stats if pid in ours)


def _stat(path: Path) -> tuple[int, int, float]:
    """Its number, its parent's, and its core time with that of the children it has waited for."""
    try:
        before, _, after = path.read_text().rpartition(")")
    except OSError:  # it has ended meanwhile
        return 0, 0, 0.0
    fields = after.split()
    return int(before.split()[0]), int(fields[1]), sum(map(int, fields[11:15])) / _TICKS


def describe(cores: int) -> dict[str, Any]:
    """What a reader needs to compare numbers with those of another machine."""
    return {
        **machine(),
        "torch": str(torch.__version__),
        "simd": torch.backends.cpu.get_cpu_capability(),
        **{f"fma_gflops_{name}": round(peak, 1) for name, peak in fma_gflops().items()},
        **_on_threads("matmul_gflops", matmul_gflops, cores),
        **_on_threads("matmul_bfloat16_gflops", lambda n: matmul_gflops(n, torch.bfloat16), cores),
        **_on_threads("copy_gb", copy_gb, cores),
        "load_before": round(load(), 2),
    }


def _on_threads(name: str, measure: Callable[[int], float], cores: int) -> dict[str, float]:
    return {
        f"{name}_1_thread": round(measure(1), 1),
        f"{name}_{cores}_threads": round(measure(cores), 1),
    }


if __name__ == "__main__":
    for name, value in describe(torch.get_num_threads()).items():
        print(f"{name}: {value}")
