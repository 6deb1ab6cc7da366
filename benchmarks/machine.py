"""The machine beside a measurement: processor, cores, and how fast it multiplies matrices."""

import os
import time
from pathlib import Path
from typing import Any

import torch

from assay.execution.machine import machine

SIZE = 1024
REPETITIONS = 40
BUSY = 0.03
"""More core time than this in other processes spoils a comparison."""


def matmul_gflops(threads: int) -> float:
    """Best rate of a float32 product of two matrices of SIZE × SIZE, in GFLOP/s."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    a, b, out = (torch.ones(SIZE, SIZE) for _ in range(3))
    best = float("inf")
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        torch.mm(a, b, out=out)
        best = min(best, time.perf_counter() - start)
    torch.set_num_threads(before)
    return 2 * SIZE**3 / best / 1e9


def load() -> float:
    """Processes that wanted a core, on average over the last minute; 0 where that is not known."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


class Others:
    """How much of the cores other processes take, from its making until it is asked.

    Known from Linux's count of busy core time, less that of this process and of its children that
    have ended; None elsewhere.
    """

    def __init__(self, cores: int) -> None:
        self._cores = cores
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
    return sum([user, nice, system, *others]) / os.sysconf("SC_CLK_TCK")


def _own_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def describe(cores: int) -> dict[str, Any]:
    """What a reader needs to compare numbers with those of another machine."""
    return {
        **machine(),
        "torch": str(torch.__version__),
        "simd": torch.backends.cpu.get_cpu_capability(),
        "matmul_gflops_1_thread": round(matmul_gflops(1), 1),
        f"matmul_gflops_{cores}_threads": round(matmul_gflops(cores), 1),
        "load_before": round(load(), 2),
    }


if __name__ == "__main__":
    for name, value in describe(torch.get_num_threads()).items():
        print(f"{name}: {value}")
