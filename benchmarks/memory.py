"""Times the memory half of the flagship study beside the way the report does it.

For each kind of run in the study's quick profile it trains, in turn, some runs the report's way
(report_way.py, one after the other, PyTorch's default threads) and the same number of runs with
assay (its own worker processes, one a core, one thread each, into a temporary store), several
rounds. Both sides evaluate; README.md says what exactly is compared.

    python benchmarks/memory.py [--rounds N] [--updates N] [--only GLOB] [--json FILE] [--record]
"""

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from statistics import median
from typing import Any

import machine
import recording
import table

from assay.config import MemoryConfig, kind_named
from assay.execution.executor import RunOptions
from assay.execution.local import LocalExecutor, default_workers
from assay.execution.start import follow
from assay.kinds.job import schedule_of
from assay.kinds.memory.data import dataset
from assay.store import RunFolder, Store
from assay.study import load_study

HERE = Path(__file__).parent
STUDY, PROFILE = "cs324_a3", "quick"
REQUIRED_RATIO = 3.0
ALLOWED_MIB = 1024
BUSY_LOAD = 0.3
WARM_UP_UPDATES = 2
WARM_UP_SEED = 1_000
THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@dataclass(frozen=True)
class Measured:
    """One way's runs of an arm, once: what they did, how long they and their start took."""

    updates: int
    seconds: float
    start_seconds: float

    @property
    def rate(self) -> float:
        """Updates per second, of all runs together."""
        return self.updates / self.seconds


@dataclass
class Arm:
    """The runs of the study that do the same work: they differ in seed and learning rate only."""

    config: MemoryConfig
    per_epoch: int
    runs: int = 0
    updates: int = 0
    num_workers: str = "auto"
    peak_mib: int | None = None
    report: list[Measured] = field(default_factory=list)
    assay: list[Measured] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Cell, length and, if it is the printed one, equation 6."""
        form = ", eq. 6 as printed" if self.config.lstm_form == "as_reported" else ""
        return f"{self.config.cell.upper()} T={self.config.length}{form}"

    @property
    def ratios(self) -> list[float]:
        """The rate with assay over the report's, round by round."""
        pairs = zip(self.assay, self.report, strict=True)
        return [ours.rate / theirs.rate for ours, theirs in pairs]


def arms_of_study() -> list[Arm]:
    """The runs of the profile, each once, by the work they do."""
    arms: dict[str, Arm] = {}
    runs = {run.run_id: run for arm in load_study(STUDY).arms(PROFILE) for run in arm.runs}
    for run in runs.values():
        if not isinstance(run, MemoryConfig):
            continue
        if (key := kind_named(run.kind).pace(run)) not in arms:
            config = run.replace(seed=0, learning_rate=1e-3)
            schedule = schedule_of(config, len(dataset(config).train))
            arms[key] = Arm(config, schedule.updates_per_epoch)
        arm = arms[key]
        arm.runs += 1
        arm.updates += schedule_of(run, arm.per_epoch * run.batch_size).updates
    return sorted(arms.values(), key=lambda arm: (arm.config.cell, arm.config.length))


def timed_config(arm: Arm, updates: int) -> MemoryConfig:
    """A run of the study as it is, or, of a long one, a single epoch over fewer strings.

    Fewer strings, not a part of an epoch: so many validation strings an update are evaluated as in
    the study.
    """
    if arm.per_epoch <= updates:
        return arm.config
    strings = round(updates * arm.config.batch_size / arm.config.train_fraction)
    return arm.config.replace(data_size=strings, epochs=1)


def report_way(arm: Arm, config: MemoryConfig, updates: int, runs: int) -> Measured:
    """Train the report's way, in a process of its own."""
    command = [sys.executable, str(HERE / "report_way.py"), "--cell", config.cell]
    command += ["--length", str(config.length), "--data-size", str(config.data_size)]
    command += ["--updates", str(updates), "--num-workers", arm.num_workers]
    command += ["--seeds", *map(str, range(runs))]
    command += ["--as-reported"] if config.lstm_form == "as_reported" else []
    own_threads = {k: v for k, v in os.environ.items() if k not in THREAD_VARIABLES}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=own_threads)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    arm.num_workers = str(lines[0]["num_workers"])
    return Measured(
        sum(line["updates"] for line in lines),
        sum(line["seconds"] for line in lines),
        lines[0]["import_seconds"] + lines[0]["warm_up_seconds"],
    )


def assay_way(arm: Arm, config: MemoryConfig, updates: int, runs: int) -> Measured:
    """Train with assay's own workers, after a warm-up run on each.

    The warm-up is the study's own run, cut to two updates: it has all of its strings and evaluates
    them all, so that a worker's peak memory is that of the study. The time is from the first file
    of the first timed run to the last file of the last one: data, network, training, checks,
    evaluation, probes, logs, checkpoint and record.
    """
    peaks = [arm.peak_mib or 0.0]
    warm_up = arm.config.replace(updates=WARM_UP_UPDATES)
    warm = [warm_up.replace(seed=WARM_UP_SEED + worker) for worker in range(runs)]
    timed = [config.replace(seed=seed) for seed in range(runs)]
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        store = Store(folder)
        store.prepare()
        called = time.time()
        session = LocalExecutor().start([*warm, *timed], store, RunOptions(runs))
        results = follow(session, lambda event: peaks.append(worker_mib()))
        for result in results:
            if result.status != "finished":
                raise SystemExit(f"run {result.run_id} {result.status}: {result.message}")
        folders = [store.folder(run) for run in timed]
        starts, ends = zip(*map(window, folders), strict=True)
        first = min(window(store.folder(run))[0] for run in warm)
        made = sum(record.updates for run in folders if (record := run.record()))
    if made != runs * updates:
        raise SystemExit(f"{arm.name}: {made} updates were made, and {runs * updates} asked for")
    arm.peak_mib = round(max(peaks)) or None
    return Measured(made, max(ends) - min(starts), first - called)


def window(run: RunFolder) -> tuple[float, float]:
    """When a run wrote its first file and its last."""
    first, last = run.path / "config.json", run.path / "record.json"
    return first.stat().st_mtime, last.stat().st_mtime


def worker_mib() -> float:
    """The largest peak of resident memory among the workers alive; 0 where /proc is missing."""
    peaks = [0.0]
    for process in multiprocessing.active_children():
        try:
            lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
        except OSError:
            continue
        peaks += [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
    return max(peaks)


def measure(arms: list[Arm], rounds: int, updates: int, runs: int) -> None:
    """All arms, round after round, the two ways in turn."""
    for number in range(rounds):
        for arm in arms:
            config = timed_config(arm, updates)
            made = schedule_of(config, len(dataset(config).train)).updates
            arm.report.append(report_way(arm, config, made, runs))
            arm.assay.append(assay_way(arm, config, made, runs))
            progress = f"round {number + 1}/{rounds}  {arm.name}: {made} updates a run,"
            rates = f"{arm.report[-1].rate:.0f}/s and {arm.assay[-1].rate:.0f}/s"
            print(f"{progress} {rates}, ratio {arm.ratios[-1]:.2f}", file=sys.stderr, flush=True)


def summary(arms: list[Arm], facts: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    """Everything that was measured, as JSON."""
    report = half_seconds(arms, [arm.report for arm in arms])
    ours = half_seconds(arms, [arm.assay for arm in arms])
    ratios = [theirs / mine for theirs, mine in zip(report, ours, strict=True)]
    return {
        "study": STUDY,
        "profile": PROFILE,
        "machine": facts,
        "settings": settings,
        "arms": [arm_summary(arm) for arm in arms],
        "half": {
            "runs": sum(arm.runs for arm in arms),
            "updates": sum(arm.updates for arm in arms),
            "report_seconds": rounded(report, 1),
            "assay_seconds": rounded(ours, 1),
            "ratios": rounded(ratios, 3),
            "median_ratio": round(median(ratios), 3),
            "required_ratio": REQUIRED_RATIO,
        },
        "start_seconds": {
            "report": round(median(m.start_seconds for arm in arms for m in arm.report), 2),
            "assay": round(median(m.start_seconds for arm in arms for m in arm.assay), 2),
        },
        "peak_mib": max((arm.peak_mib for arm in arms if arm.peak_mib), default=None),
        "allowed_mib": ALLOWED_MIB,
    }


def arm_summary(arm: Arm) -> dict[str, Any]:
    return {
        "name": arm.name,
        "runs_in_study": arm.runs,
        "updates_in_study": arm.updates,
        "updates_timed": arm.assay[0].updates,
        "report_num_workers": int(arm.num_workers),
        "report_updates_per_second": rounded([m.rate for m in arm.report], 2),
        "assay_updates_per_second": rounded([m.rate for m in arm.assay], 2),
        "ratios": rounded(arm.ratios, 3),
        "peak_mib": arm.peak_mib,
    }


def half_seconds(arms: list[Arm], measured: list[list[Measured]]) -> list[float]:
    """Seconds for the whole half of the study at the rates of each round."""
    return [
        sum(arm.updates / each.rate for arm, each in zip(arms, of_round, strict=True))
        for of_round in zip(*measured, strict=True)
    ]


def rounded(values: Iterable[float], digits: int) -> list[float]:
    return [round(value, digits) for value in values]


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("--rounds", type=int, default=3, help="how often everything is timed (default: 3)")
    add("--updates", type=int, default=200, help="updates a run where an epoch has more; 625: all")
    add("--only", default="*", metavar="GLOB", help="arms whose names match, such as '*T=20*'")
    add("--json", type=Path, metavar="FILE", help="write everything measured to a file")
    add("--record", action="store_true", help="write results/memory.json and docs/performance.md")
    return parser.parse_args()


def main() -> None:
    options = parse()
    if options.record and options.only != "*":
        raise SystemExit("--record is of all arms: leave --only out")
    cores = default_workers()
    facts: dict[str, Any] = machine.describe(cores)
    if machine.load() > BUSY_LOAD:
        print(f"warning: the machine is busy (load {machine.load():.2f})", file=sys.stderr)
    arms = [arm for arm in arms_of_study() if fnmatchcase(arm.name, options.only)]
    if not arms:
        raise SystemExit(f"no arm matches {options.only!r}")
    started, others = time.monotonic(), machine.Others(cores)
    measure(arms, options.rounds, options.updates, cores)
    facts["others_share"] = share = others.share()
    settings = {
        "rounds": options.rounds,
        "updates": options.updates,
        "runs_at_once": cores,
        "only": options.only,
        "seconds": round(time.monotonic() - started),
    }
    found = summary(arms, facts, settings)
    print(table.markdown(found))
    if options.json:
        table.write_json(found, options.json)
    if share is not None and share > machine.BUSY:
        raise SystemExit(
            f"other processes took {share:.0%} of the cores, which slows the report's way more "
            "than assay: nothing is recorded, measure again on a quiet machine"
        )
    if options.record:
        table.write_json(found, HERE / "results" / "memory.json")
        table.replace(table.markdown(found), recording.PAGE, "memory")


if __name__ == "__main__":
    main()
