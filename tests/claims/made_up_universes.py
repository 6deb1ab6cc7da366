"""Studies with a multiverse, and stores in which its runs came to given times."""

from collections.abc import Callable
from pathlib import Path

from assay.claims.universes import multiverses, seeds_of
from assay.config import MemoryConfig
from assay.store import Store
from assay.store.log import Check
from assay.study import load_study
from tests.claims.made_up_claims import log
from tests.report.made_up_runs import write_run

BUDGET = 400

STUDY = """
title = "Made up"
[defaults.memory]
data_size = 1000
[experiments.lstm]
title = "LSTM"
grid = { lstm_form = ["standard", "as_reported"] }
[experiments.rnn]
title = "RNN"
cell = "rnn"
[experiments.gan]
kind = "gan"
[profiles.quick]
seeds = 2

[[claims]]
id = "S"
sentence = "The LSTM is solved more often."
[[claims.parts]]
sentence = "It is."
metric = "final_accuracy"
kind = "solved"
solved = 0.9
test = "greater"
of = { experiment = "lstm", lstm_form = "standard" }
against = { experiment = "rnn" }
margin = 0.1
unit = "share of runs"

[[claims]]
id = "T"
sentence = "The LSTM is faster."
[[claims.parts]]
sentence = "It is."
metric = "updates_to_90"
test = "faster"
of = { experiment = "lstm", lstm_form = "standard" }
against = { experiment = "rnn" }
margin = 1.25
unit = "times as many updates"
[[claims.parts]]
sentence = "In the other form too."
metric = "updates_to_90"
test = "faster"
of = { experiment = "lstm", lstm_form = "as_reported" }
against = { experiment = "rnn" }
margin = 1.25
unit = "times as many updates"

[multiverse]
claims = ["S", "T"]
seeds = 3
updates = 400
stop_accuracy = 0.9
[multiverse.axes]
initialisation = ["linear", "chrono"]
optimizer = ["rmsprop", "adam"]
lstm_form = ["standard", "as_reported"]
"""

Time = Callable[[MemoryConfig], int | str | None]
"""From a run to its updates to solve; None: not solved; "diverged", "failed" or "missing"."""


def write(folder: Path, text: str = STUDY) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def fill(path: Path, store: Store, time: Time) -> None:
    """Every run of the multiverse, as `time` has it."""
    study = load_study(str(path))
    table = study.file.multiverse
    assert table is not None
    for each in multiverses(study):
        for universe in each.universes:
            for config in universe.configs:
                for run in seeds_of(config, table):
                    assert isinstance(run, MemoryConfig)
                    if not store.folder(run).path.is_dir():
                        _write(store, run, time(run))


def fill_profile(path: Path, store: Store) -> None:
    """A run of the profile `quick`."""
    write_run(store, load_study(str(path)).arms("quick", "lstm")[0].run(0), log(0.95))


def _write(store: Store, run: MemoryConfig, time: int | str | None) -> None:
    if time == "failed":
        write_run(store, run, [], status="failed")
        return
    if time == "missing":
        return
    if time == "diverged":
        write_run(store, run, [Check(25, {"accuracy": 0.1})], status="diverged")
        return
    end = BUDGET if time is None else min(int(time) + 25, BUDGET)
    checks = [
        Check(at, {"accuracy": 0.95 if time is not None and at >= int(time) else 0.1})
        for at in range(25, end + 1, 25)
    ]
    write_run(store, run, checks)
