"""How long the short commands take: `assay --help`, and listing 10,000 finished runs.

Prints the median and range of several runs of each command as a whole process.
"""

import hashlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assay.config import MemoryConfig
from assay.execution.machine import machine, versions
from assay.store import Store
from assay.store.record import LogDigest, Record

ASSAY = str(Path(sys.executable).with_name("assay"))
RUNS = 10_000
REPEATS = 7


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        _fill(Store(folder))
        _show("assay --help", [ASSAY, "--help"], limit=0.5)
        _show(f"assay status, {RUNS:,} runs", [ASSAY, "status", "--store", str(folder)], limit=2.0)
    finally:
        shutil.rmtree(folder)


def _fill(store: Store) -> None:
    metrics = (
        b'{"epoch":1,"update":7,"training":{"loss":2.3},"validation":{"accuracy":0.1}}\n' * 100
    )
    record = Record(
        status="finished",
        updates=700,
        seconds=2.5,
        started="2026-01-01T00:00:00+00:00",
        ended="2026-01-01T00:00:03+00:00",
        compute_path={"kernel": "torch.lstm", "threads": 1},
        versions=versions(),
        machine=machine(),
        metrics=LogDigest(bytes=len(metrics), sha256=hashlib.sha256(metrics).hexdigest()),
    )
    text = record.model_dump_json(indent=2)
    for seed in range(RUNS):
        config = MemoryConfig(seed=seed)
        folder = store.root / config.run_id
        folder.mkdir(parents=True)
        (folder / "config.json").write_text(config.model_dump_json(indent=2))
        (folder / "metrics.jsonl").write_bytes(metrics)
        (folder / "record.json").write_text(text)


def _show(name: str, command: list[str], limit: float) -> None:
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - start)
    low, middle, high = min(seconds), statistics.median(seconds), max(seconds)
    print(f"{name}: median {middle:.2f} s ({low:.2f} to {high:.2f}); limit {limit} s")


if __name__ == "__main__":
    main()
