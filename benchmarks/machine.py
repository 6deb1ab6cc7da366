"""The machine beside a measurement: processor, cores, and how fast it multiplies matrices."""

import os
import time

import torch

from assay.execution.machine import machine

SIZE = 1024
REPETITIONS = 40


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


def describe(cores: int) -> dict[str, str | int | float]:
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
