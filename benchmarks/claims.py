"""Processor seconds of `assay claims` on committed runs: the first time, and again.

python benchmarks/claims.py             # prints the table, in a minute
python benchmarks/claims.py --record    # and writes results/claims.json, docs/performance.md
"""

import argparse
import os
import resource
import subprocess
import tempfile
import time
from typing import Any

import recording
import table
from startup import ASSAY

from assay import Archive, Study

RUNS = recording.HERE.parent / "results" / "cs324_a3"


def processor_seconds(cache: str) -> float:
    """User and system time of one command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [ASSAY, "claims", "--from", str(RUNS), "--json"]
    environment = {**os.environ, "XDG_CACHE_HOME": cache}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def again() -> dict[str, float]:
    """Milliseconds of calls of one `Study` after the first of each."""
    study = Study(store=Archive(RUNS))
    calls = {
        "claim": lambda: study.claim("R1", "full"),
        "table": lambda: study.table("full"),
        "figure": lambda: study.figure("2", "full"),
    }
    found = {}
    for name, call in calls.items():
        call()
        start = time.perf_counter()
        call()
        found[name] = 1e3 * (time.perf_counter() - start)
    return found


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Every round: with an empty cache, and with what that left in it."""
    cold, warm = [], []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory(prefix="assay-bench-") as cache:
            cold.append(processor_seconds(cache))
            warm.append(processor_seconds(cache))
    return {"cold_seconds": cold, "warm_seconds": warm, "milliseconds": again()}


def tables(found: dict[str, Any]) -> dict[str, str]:
    """Markdown by mark."""
    rows = [
        ["`assay claims --from results/cs324_a3`, the first time", table.spread(found[name], 2)]
        if name == "cold_seconds"
        else ["the same again", table.spread(found[name], 2)]
        for name in ("cold_seconds", "warm_seconds")
    ]
    calls = ", ".join(f"`{name}` {value:.0f} ms" for name, value in found["milliseconds"].items())
    notes = (
        f"- Rounds: {found['rounds']}; user and system time of the whole command.\n"
        f"- In one process, from the second call on: {calls}.\n"
        f"- {table.machine_note(found['machine'])}"
    )
    return {"claims": f"{table.grid(['verdicts', 'processor seconds'], rows)}\n\n{notes}"}


if __name__ == "__main__":
    recording.run("claims", str(__doc__), measure, tables)
