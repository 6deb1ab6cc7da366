"""How soon the command line answers: seconds of the processor of commands that train nothing.

python benchmarks/prompt.py             # prints the table, in about a minute
python benchmarks/prompt.py --record    # and writes results/prompt.json, docs/performance.md

*Cold* is with an empty cache folder, *warm* with what the same command left there just before.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import recording
import table

ASSAY = str(Path(sys.executable).with_name("assay"))
PLAN = ("plan", "cs324_a3", "--profile", "full")


def processor_seconds(arguments: tuple[str, ...], folder: Path) -> float:
    """What a command and its processes take, in a folder of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    subprocess.run(
        [ASSAY, *arguments], cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Seconds of every round, by command."""
    found: dict[str, list[float]] = {}
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory(prefix="assay-bench-") as name:
            folder = Path(name)
            # The kernel's and Python's own caches are warm, as on every day but the first.
            processor_seconds(("--version",), folder)
            for label, arguments in (
                ("assay --help", ("--help",)),
                ("assay status, an empty store", ("status",)),
                ("assay plan, cold", PLAN),
                ("assay plan, warm", PLAN),
            ):
                found.setdefault(label, []).append(processor_seconds(arguments, folder))
    return {"processor_seconds": found}


def tables(found: dict[str, Any]) -> dict[str, str]:
    """Markdown by mark."""
    rows = []
    for label, seconds in found["processor_seconds"].items():
        command, comma, how = label.partition(",")
        rows.append([f"`{command}`{comma}{how}", table.spread(seconds, 2)])
    grid = table.grid(["command", "seconds of the processor"], rows)
    notes = (
        "- `plan` is of the full profile of `cs324_a3`, with none of its runs done.\n"
        f"- Rounds: {found['rounds']}.\n- {table.machine_note(found['machine'])}"
    )
    return {"prompt": f"{grid}\n\n{notes}"}


if __name__ == "__main__":
    recording.run("prompt", str(__doc__), measure, tables, rounds=3)
