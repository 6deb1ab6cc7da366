"""What assay adds to a command: seconds a run, and how many runs a second 1,000 short ones make.

python benchmarks/command.py             # prints the table, in some two minutes
python benchmarks/command.py --record    # and writes results/command.json, docs/performance.md
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import recording
import table

from assay.execution.runner import execute
from assay.kinds.command.config import CommandConfig
from assay.plugins import resolve
from assay.store import Store

os.environ["ASSAY_TRUST"] = "1"  # nobody is there to be asked
ASSAY = str(Path(sys.executable).with_name("assay"))
RUNS = 1_000
ALONE = 50
LINE = ["echo", "accuracy", "0.5"]
STUDY = f"""
title = "A thousand short commands"

[experiments.short]
kind = "command"
command = "{" ".join(LINE)}"
pattern = "accuracy {{accuracy}}"

[profiles.full]
seeds = {RUNS}
"""


def beside() -> float:
    """Seconds that a run takes beside its command, in a process that has begun already."""
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        store = Store(folder)
        first = resolve(CommandConfig(command=" ".join(LINE), pattern="accuracy {accuracy}"))
        configs = [first.model_copy(update={"seed": seed}) for seed in range(ALONE + 1)]
        execute(configs[0], store, lambda at: None, lambda: False)  # what is loaded once
        start = time.perf_counter()
        for config in configs[1:]:
            execute(config, store, lambda at: None, lambda: False)
        spent = time.perf_counter() - start
    start = time.perf_counter()
    for _ in range(ALONE):
        subprocess.run(LINE, stdout=subprocess.DEVNULL, check=True)
    return (spent - (time.perf_counter() - start)) / ALONE


def a_thousand() -> dict[str, float]:
    """Seconds that each command of assay takes on a study of so many runs."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        Path(folder, "short.toml").write_text(STUDY, encoding="utf-8")
        for words in (["plan", "short.toml"], ["run", "short.toml"], ["status"]):
            start = time.perf_counter()
            subprocess.run([ASSAY, *words], cwd=folder, capture_output=True, check=True)
            found[words[0]] = time.perf_counter() - start
    return found


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Of every round."""
    rounds = [(beside(), a_thousand()) for _ in range(options.rounds)]
    return {
        "beside_seconds": [seconds for seconds, _ in rounds],
        "thousand_seconds": {
            name: [seconds[name] for _, seconds in rounds] for name in rounds[0][1]
        },
    }


def tables(found: dict[str, Any]) -> dict[str, str]:
    """Markdown by mark."""
    beside_ms = [1000 * seconds for seconds in found["beside_seconds"]]
    thousand = found["thousand_seconds"]
    rows = [
        ["a run, beside its command", f"{table.spread(beside_ms, 1)} ms"],
        *(
            [f"`assay {name}` with {RUNS:,} runs", f"{table.spread(seconds, 1)} s"]
            for name, seconds in thousand.items()
        ),
        ["runs a second", table.spread([RUNS / seconds for seconds in thousand["run"]], 0)],
    ]
    notes = f"- Rounds: {found['rounds']}.\n- {table.machine_note(found['machine'])}"
    return {"command": f"{table.grid(['commands', 'takes'], rows)}\n\n{notes}"}


if __name__ == "__main__":
    recording.run("command", str(__doc__), measure, tables, rounds=3)
