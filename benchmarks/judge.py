"""Processor seconds and memory of `assay judge` on tables of up to a million rows.

python benchmarks/judge.py             # prints the table, in half a minute
python benchmarks/judge.py --record    # and writes results/judge.json, docs/performance.md
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import recording
import table
from startup import ASSAY

SEEDS = 50
ARMS = ("lstm", "rnn")
QUESTION = ("--metric", "accuracy", "--of", "model=lstm", "--against", "model=rnn")
# The peak that the system reports of children is the highest of all: one child a measurement.
MEASURE = """
import json, resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


def write_table(path: Path, rows: int) -> None:
    """A CSV file with a row a step of 50 runs of each arm."""
    steps = rows // (SEEDS * len(ARMS))
    with path.open("w", encoding="utf-8") as file:
        file.write("model,task,learning_rate,seed,step,loss,accuracy\n")
        for arm, model in enumerate(ARMS):
            for seed in range(SEEDS):
                file.writelines(
                    f"{model},copy,0.001,{seed},{step},{1 / (1 + step):.5f},"
                    f"{0.9 - 0.1 * arm + (seed * 7919 + step * 31) % 100 / 1000:.4f}\n"
                    for step in range(steps)
                )


def used(arguments: tuple[str, ...]) -> tuple[float, float]:
    """Seconds of the processor and MiB of a command."""
    command = [sys.executable, "-c", MEASURE, ASSAY, *arguments]
    done = subprocess.run(command, check=True, capture_output=True)
    seconds, mebibytes = json.loads(done.stdout)
    return seconds, mebibytes


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Of every round, by command."""
    found: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        sizes = {rows: Path(folder) / f"{rows}.csv" for rows in (10_000, 1_000_000)}
        for rows, path in sizes.items():
            write_table(path, rows)
        used(("judge", "--help"))  # the system's and Python's own caches are warm
        for _ in range(options.rounds):
            found.setdefault("assay judge --help", []).append(used(("judge", "--help")))
            for rows, path in sizes.items():
                label = f"assay judge, {rows:,} rows of CSV"
                found.setdefault(label, []).append(used(("judge", str(path), *QUESTION)))
    return {"seconds_mebibytes": found}


def tables(found: dict[str, Any]) -> dict[str, str]:
    """Markdown by mark."""
    rows = []
    for label, rounds in found["seconds_mebibytes"].items():
        command, comma, how = label.partition(",")
        seconds, mebibytes = zip(*rounds, strict=True)
        rows.append([f"`{command}`{comma}{how}", table.spread(seconds, 2), table.spread(mebibytes)])
    grid = table.grid(["command", "seconds of the processor", "MiB"], rows)
    notes = (
        f"- A row a step, {SEEDS} runs of each of two arms.\n"
        f"- Rounds: {found['rounds']}.\n- {table.machine_note(found['machine'])}"
    )
    return {"judge": f"{grid}\n\n{notes}"}


if __name__ == "__main__":
    recording.run("judge", str(__doc__), measure, tables, rounds=3)
