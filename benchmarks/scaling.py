"""What training with assay costs against T, batch, hidden units and number of runs.

    python benchmarks/scaling.py             # prints the table, some 3 minutes on two cores
    python benchmarks/scaling.py --record    # and writes results/scaling.json, the figure
                                             # docs/images/scaling.* and docs/performance.md

Time of a training step of the LSTM on one core, and of short runs through assay's own workers;
each with the exponent of the power law that fits best.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import recording
import scaling_figure
import table
from arms import Arm, Processes, rounds_of, say, two_cores
from lstm import assay_config
from memory import window

from assay.config import MemoryConfig
from assay.execution.executor import RunOptions
from assay.execution.local import LocalExecutor
from assay.store import Store

T, N, H = 20, 128, 128
AXES: dict[str, Sequence[int]] = {
    "T": (5, 10, 20, 50, 100, 200, 300),
    "N": (32, 64, 128, 256, 512, 1024),
    "H": (32, 64, 128, 256, 512),
}
RUNS = {1: (2, 4, 8), 2: (2, 4, 6, 8)}
"""How many runs, by the number of workers."""
RUN = MemoryConfig(length=T, data_size=6_400, updates=100)
FIGURE = (
    "![Time of a step against T, batch and hidden units, and of runs against their number, "
    "with fitted power laws](images/scaling.png)"
)
WARM_UP_UPDATES, WARM_UP_SEED = 2, 1_000


def steps(options: argparse.Namespace) -> dict[str, dict[str, list[float]]]:
    """Seconds of a training step against T, N and H, round by round."""
    found: dict[str, dict[str, list[float]]] = {}
    cores = (two_cores()[:1],)
    for axis, values in AXES.items():
        say(f"a step against {axis}: {', '.join(map(str, values))}")
        with Processes() as started:
            arms = [Arm(str(value), "assay_run", cores, {"value": value}) for value in values]
            for arm, value in zip(arms, values, strict=True):
                at = {"T": T, "N": N, "H": H, axis: value}
                config = assay_config(at["T"], at["H"], "float32", at["N"])
                arm.build(started, {"config": config})
            found[axis] = rounds_of(arms, started, options.rounds, options.seconds)
    return found


def runs(rounds: int) -> dict[str, dict[str, list[float]]]:
    """Seconds of so many runs with one worker and with two, round by round."""
    found: dict[str, dict[str, list[float]]] = {
        str(workers): {str(count): [] for count in counts} for workers, counts in RUNS.items()
    }
    for number in range(rounds):
        for workers, counts in RUNS.items():
            for count in counts:
                say(f"round {number + 1} of {rounds}: {count} runs, {workers} at once")
                found[str(workers)][str(count)].append(seconds_of_runs(count, workers))
    return found


def seconds_of_runs(count: int, workers: int) -> float:
    """From the first file of the first run to the last file of the last; workers are warm."""
    warm_up = RUN.replace(updates=WARM_UP_UPDATES)
    warm = [warm_up.replace(seed=WARM_UP_SEED + worker) for worker in range(workers)]
    timed = [RUN.replace(seed=seed) for seed in range(count)]
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        store = Store(folder)
        store.prepare()
        with LocalExecutor().start([*warm, *timed], store, RunOptions(workers)) as session:
            results = session.results()
        if bad := [result for result in results if result.status != "finished"]:
            raise SystemExit(f"run {bad[0].run_id} {bad[0].status}: {bad[0].message}")
        starts, ends = zip(*(window(store.folder(run)) for run in timed), strict=True)
    return float(max(ends) - min(starts))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Everything."""
    return {"steps": steps(options), "runs": runs(min(options.rounds, 3))}


def exponent(seconds: dict[str, list[float]]) -> tuple[float, float]:
    """The k and a of the best a · x^k through the medians, by least squares on logarithms."""
    x = np.log([float(value) for value in seconds])
    y = np.log([median(values) for values in seconds.values()])
    slope, intercept = np.polyfit(x, y, 1)
    return float(slope), float(np.exp(intercept))


def tables(found: dict[str, Any]) -> dict[str, str]:
    """Markdown by mark."""
    rows = []
    for axis, seconds in found["steps"].items():
        rest = ", ".join(f"{k}={v}" for k, v in (("T", T), ("N", N), ("H", H)) if k != axis)
        rows.append(_row(f"a training step against {axis}, {rest}", seconds, 1e3, "ms"))
    for workers, seconds in found["runs"].items():
        rows.append(_row(f"runs with {workers} worker{'s' * (workers != '1')}", seconds, 1, "s"))
    most = str(max(set(RUNS[1]) & set(RUNS[2])))
    pairs = zip(found["runs"]["1"][most], found["runs"]["2"][most], strict=True)
    gain = table.spread((one / two for one, two in pairs), 2)
    notes = [
        f"Two workers train {most} runs {gain} times as fast as one.",
        f"Rounds: {found['rounds']}, of runs at most 3. A run is {RUN.updates} updates at "
        f"T={RUN.length}, its evaluation, logs and checkpoint included.",
        table.machine_note(found["machine"]),
    ]
    grid = table.grid(["cost of", "from", "to", "exponent"], rows)
    lines = [FIGURE, "", grid, "", *(f"- {note}" for note in notes)]
    return {"scaling": "\n".join(lines)}


def _row(name: str, seconds: dict[str, list[float]], scale: float, unit: str) -> list[str]:
    ends = [
        f"{value}: {table.spread((scale * s for s in seconds[value]), 1)} {unit}"
        for value in (next(iter(seconds)), next(reversed(seconds)))
    ]
    return [name, *ends, f"{exponent(seconds)[0]:.2f}"]


def draw(found: dict[str, Any]) -> None:
    """Write docs/images/scaling.png and .svg."""
    fits = {
        part: {name: exponent(seconds) for name, seconds in found[part].items()}
        for part in ("steps", "runs")
    }
    scaling_figure.write(found, fits, Path(recording.PAGE.parent / "images"))


if __name__ == "__main__":
    recording.run("scaling", str(__doc__), measure, tables, draw=draw)
