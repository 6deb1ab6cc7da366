"""Seconds from `assay run` to the first update of a study of one tiny run.

python benchmarks/startup.py             # prints the table, in some 10 seconds
python benchmarks/startup.py --record    # and writes results/startup.json, docs/performance.md
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import recording
import table

ASSAY = str(Path(sys.executable).with_name("assay"))
# 80 strings train: the first update is an epoch, which is logged as soon as it ends.
STUDY = """
title = "One update an epoch"

[defaults]
data_size = 100
epochs = 3

[profiles.quick]
seeds = 1

[experiments.tiny]
"""
POLL_SECONDS = 0.005
LIMIT_SECONDS = 120


def first_update(folder: Path) -> float:
    """Seconds until the run of a new store has logged its first epoch of one update."""
    study = folder / "tiny.toml"
    study.write_text(STUDY, encoding="utf-8")
    command = [ASSAY, "run", str(study), "--store", str(folder / "store")]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not updated(folder / "store"):
        if process.poll() not in (None, 0) or time.perf_counter() - start > LIMIT_SECONDS:
            raise SystemExit(f"{' '.join(command)} made no update")
        time.sleep(POLL_SECONDS)
    seconds = time.perf_counter() - start
    process.wait()
    return seconds


def updated(store: Path) -> bool:
    logs = store.glob("**/metrics.jsonl")
    return any('"epoch"' in log.read_text(encoding="utf-8") for log in logs)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Seconds of every round."""
    found = []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
            found.append(first_update(Path(folder)))
    return {"startup_seconds": found}


def tables(found: dict[str, Any]) -> dict[str, str]:
    """Markdown by mark."""
    row = ["`assay run` to the first update", table.spread(found["startup_seconds"], 2)]
    notes = f"- Rounds: {found['rounds']}.\n- {table.machine_note(found['machine'])}"
    return {"startup": f"{table.grid(['start-up', 'seconds'], [row])}\n\n{notes}"}


if __name__ == "__main__":
    recording.run("startup", str(__doc__), measure, tables)
