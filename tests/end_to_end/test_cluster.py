"""`assay run --executor dask` as a user has it: the same runs, and Ctrl-C as ever."""

import hashlib
import signal
import subprocess
import time
from pathlib import Path

import pytest

from assay.cli import call
from tests.end_to_end.conftest import Cli, signal_all, start
from tests.end_to_end.test_until_decided import STUDY
from tests.execution.dask_cluster import DaskCluster

LONG = """
title = "A few seconds"
[experiments.one]
length = 12
hidden_size = 48
data_size = 8000
batch_size = 64
epochs = 4
[profiles.full]
seeds = 1
"""


def _digests(store: Path) -> dict[str, str]:
    logs = store.glob("*/metrics.jsonl")
    return {each.parent.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in logs}


def _wait_for(folder: Path, pattern: str, process: subprocess.Popen[str] | None = None) -> None:
    deadline = time.monotonic() + 120
    while not list(folder.glob(pattern)):
        assert time.monotonic() < deadline
        assert process is None or process.poll() is None
        time.sleep(0.02)


def test_ctrl_c_saves_and_the_same_command_goes_on_to_the_bytes_of_a_local_one(
    cli: Cli, tmp_path: Path
) -> None:
    """On a cluster of this machine, which begins and ends with the command."""
    (tmp_path / "long.toml").write_text(LONG)
    run = ("run", "long.toml", "--workers", "1", "--checkpoint-seconds", "0.5")
    process = start(tmp_path, *run, "--executor", "dask")
    _wait_for(tmp_path, "store/*/checkpoints/*.json", process)
    signal_all(process, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130, said
    again = "the same command goes on from here: assay run long.toml --executor dask"
    assert f"everything is saved, and {again}" in said
    assert "Traceback" not in said
    assert not list(tmp_path.glob("store/*/record.json"))
    for store, executor in (("store", "dask"), ("here", "local")):
        done = cli(*run, "--executor", executor, "--store", store)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
    assert _digests(tmp_path / "store") == _digests(tmp_path / "here") != {}


def test_when_the_command_is_killed_workers_save_and_the_same_command_goes_on(
    cluster: DaskCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "long.toml").write_text(LONG)
    run = ["run", "long.toml", "--executor", "dask", "--address", cluster.address]
    process = start(tmp_path, *run)
    _wait_for(tmp_path, "store/*/metrics.jsonl", process)
    signal_all(process, signal.SIGKILL)
    process.communicate()
    _wait_for(tmp_path, "store/*/checkpoints/*.json")
    monkeypatch.chdir(tmp_path)
    assert call(run) == 0
    assert call(["run", "long.toml", "--store", "here"]) == 0
    assert _digests(tmp_path / "store") == _digests(tmp_path / "here") != {}


def test_until_decided_it_trains_and_decides_the_same(
    cluster: DaskCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one run at a time, so that the runs end in one order."""
    (tmp_path / "my.toml").write_text(STUDY)
    monkeypatch.chdir(tmp_path)
    run = ["run", "my.toml", "--until-decided", "--workers", "1"]
    there = ["--executor", "dask", "--address", cluster.address, "--store", "there"]
    assert call([*run, *there]) == 0
    assert call([*run, "--store", "here"]) == 0
    assert _digests(Path("there")) == _digests(Path("here")) != {}


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--address", "tcp://127.0.0.1:9"], "it goes with --executor dask"),
        (["--no-shared-store"], "--no-shared-store: it goes with --executor dask"),
        (["--executor", "slurm"], 'Invalid value "slurm" for --executor'),
        (["--executor", "dask", "--address", "tcp://127.0.0.1:9"], "no Dask scheduler answers at"),
        (["--executor", "dask", "--address", "here"], "no Dask scheduler answers at here"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    flags: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "long.toml").write_text(LONG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("assay.execution.cluster.connect._CONNECT_SECONDS", 1)
    assert call(["run", "long.toml", *flags]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1
    assert not Path("store").exists() or not list(Path("store").iterdir())
