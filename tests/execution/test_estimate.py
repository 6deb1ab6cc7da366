"""How long a plan takes: data first, measured once on a machine, and remembered."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from assay.api import Study
from assay.config import MemoryConfig
from assay.execution import estimate as module
from assay.execution.estimate import estimate, seconds_of
from assay.execution.executor import RunOptions
from assay.kinds.memory import KIND
from assay.kinds.memory.kind import MemoryKind

STUDY = """
title = "A small study"
[defaults]
hidden_size = 8
data_size = 300
batch_size = 32
epochs = 3
[experiments.forms]
grid = { lstm_form = ["standard", "as_reported"] }
[experiments.rnn]
cell = "rnn"
[profiles.quick]
seeds = 2
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))  # of processes
    monkeypatch.setattr("assay.store.cache.cache_folder", lambda: folder)
    return folder


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[MemoryConfig]:
    """What was measured, 10 s each."""
    configs: list[MemoryConfig] = []

    def seconds(self: MemoryKind, config: MemoryConfig) -> float:
        configs.append(config)
        return 10.0

    monkeypatch.setattr(MemoryKind, "seconds", seconds)
    return configs


@pytest.fixture
def study(tmp_path: Path) -> Study:
    path = tmp_path / "small.toml"
    path.write_text(STUDY)
    return Study(str(path), tmp_path / "store")


def test_one_run_of_each_pace_is_measured_once_on_a_machine(
    small: MemoryConfig, measured: list[MemoryConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    configs = [small, small.replace(seed=1), small.replace(learning_rate=0.5)]
    longer = small.replace(epochs=6)
    told: list[tuple[int, int]] = []
    found = seconds_of([*configs, longer], lambda number, of: told.append((number, of)))
    assert found == dict.fromkeys([config.run_id for config in [*configs, longer]], 10.0)
    assert measured == [small, longer]
    assert told == [(1, 2), (2, 2)]

    assert seconds_of([*configs, longer], lambda *_: told.append((0, 0))) == found
    assert len(told) == 2, "what is remembered is not measured, and nobody is told"

    monkeypatch.setattr(module, "machine", lambda: {"processor": "another"})
    seconds_of([small])
    assert measured == [small, longer, small], "another machine has its own pace"
    monkeypatch.setattr(module, "versions", lambda kind: {"torch": "another"})
    seconds_of([small])
    assert len(measured) == 4


def test_a_damaged_or_foreign_entry_is_ignored(
    small: MemoryConfig, measured: list[MemoryConfig], cache: Path
) -> None:
    seconds_of([small])
    (entry,) = cache.rglob("*.json")
    content = entry.read_bytes()
    for damaged in (b"", content[:-1], content.replace(b"10.0", b"99.0"), b"not ours"):
        entry.write_bytes(damaged)
        assert seconds_of([small]) == {small.run_id: 10.0}
    assert len(measured) == 5


def test_an_estimate_is_rows_of_data(study: Study, measured: list[MemoryConfig]) -> None:
    found = study.estimate(options=RunOptions(workers=2))
    assert [each.arm.key for each in found.arms] == [
        "forms[lstm_form=standard]",
        "forms[lstm_form=as_reported]",
        "rnn",
    ]
    assert {(each.runs, each.done, each.seconds_per_run) for each in found.arms} == {(2, 0, 10.0)}
    assert (found.runs, found.done, found.workers, found.seconds_left) == (6, 0, 2, 30.0)
    assert not found.at_most
    assert found.unknown == 0


def test_what_is_done_is_not_counted(study: Study, measured: list[MemoryConfig]) -> None:
    planned = [
        replace(run, status="finished" if run.arm.key == "rnn" else run.status)
        for run in study.plan()
    ]
    found = estimate(planned, 1)
    assert (found.done, found.seconds_left) == (2, 40.0)
    assert [each.seconds_per_run for each in found.arms] == [10.0, 10.0, None]
    assert estimate([replace(run, status="diverged") for run in planned], 1).seconds_left == 0


def test_a_kind_that_cannot_be_measured_is_counted(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MemoryKind, "seconds", lambda self, config: None)
    found = study.estimate()
    assert (found.unknown, found.seconds_left) == (6, 0.0)
    assert {each.seconds_per_run for each in found.arms} == {None}


def test_fewer_strings_are_measured_than_a_run_has_and_its_updates_are_its_own() -> None:
    config = MemoryConfig(length=12, hidden_size=8)
    brief = KIND.brief(config)
    assert brief == config.replace(data_size=2_000)
    assert KIND.examples(config) == 80_000
    few = MemoryConfig(data_size=100)
    assert KIND.brief(few) == few
    lopsided = MemoryConfig(length=12, train_fraction=0.99)
    assert KIND.brief(lopsided).data_size * 0.01 >= 256


def test_twice_the_epochs_take_about_twice_as_long() -> None:
    config = MemoryConfig(length=12, hidden_size=8, epochs=10)
    once, twice = (KIND.seconds(config.replace(epochs=epochs)) for epochs in (10, 20))
    assert 1 < twice / once < 4


def test_a_warm_plan_imports_neither_torch_nor_scipy(tmp_path: Path, cache: Path) -> None:
    code = (
        "import sys\n"
        "from assay.cli import call\n"
        "assert call(['plan', 'small.toml', '--profile', 'full', '--json']) == 0\n"
        "loaded = {'torch', 'scipy', 'matplotlib'} & set(sys.modules)\n"
        "print(sorted(loaded), file=sys.stderr)\n"
    )
    (tmp_path / "small.toml").write_text(STUDY + "[profiles.full]\nseeds = 3\n")
    printed = []
    for expected in ("['torch']", "[]"):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert done.stderr.split("\n")[-2] == expected
        printed.append(json.loads(done.stdout))
    assert printed[0] == printed[1]


def test_absurd_numbers_are_refused_and_long_times_said_sensibly(tmp_path: Path) -> None:
    from assay.cli.show.tables import duration
    from assay.errors import AssayError

    (tmp_path / "long.toml").write_text(STUDY.replace("epochs = 3", f"epochs = {10**18}"))
    start = time.monotonic()
    with pytest.raises(AssayError, match=r"epochs = 10{18}: should be less than or equal to 10{9}"):
        Study(str(tmp_path / "long.toml"))
    assert time.monotonic() - start < 60
    assert [duration(seconds) for seconds in (5, 600, 7200, 4e5, 1e8, 1e12)] == [
        *("5 s", "10 min", "2.0 h", "5 days", "3 years", "31,688 years")
    ]
