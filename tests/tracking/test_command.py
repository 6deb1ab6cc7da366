"""`assay run --track`: the runs are there, and whatever a tracker does harms none of them."""

import http.server
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assay.cli import call
from assay.readers.event_folders import EventFolders
from assay.store import RunFolder, Store
from assay.tracking import target, tracking
from tests.end_to_end.conftest import signal_all, start

STUDY = """
title = "Two short runs"
[defaults]
hidden_size = 8
data_size = 300
batch_size = 32
epochs = {epochs}
[experiments.rnn]
cell = "rnn"
[profiles.quick]
seeds = {seeds}
"""
METRIC = "validation/loss"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("two.toml").write_text(STUDY.format(epochs=3, seeds=2))
    return "two.toml"


def _ended() -> list[RunFolder]:
    return [run for run in Store("store").runs() if run.complete]


def _equal_numbers() -> None:
    """See that TensorBoard has what the logs have, each number once and as it is."""
    read = {run.settings["assay.run"]: run.series for run in EventFolders().read("tb", METRIC)}
    assert set(read) == {run.run_id for run in _ended()}
    for run in _ended():
        series = read[run.run_id]
        assert series is not None
        there = list(zip(series.steps.tolist(), series.values.tolist(), strict=True))
        assert there == run.metrics().points(METRIC.replace("/", "."))
    files = list(Path("tb").rglob("*tfevents*"))
    assert len(files) == len(read)


def test_a_run_without_a_study_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    brief = ["--hidden-size", "8", "--data-size", "300", "--batch-size", "32", "--epochs", "2"]
    assert call(["train", "memory", *brief, "--track", "tensorboard:tb"]) == 0
    _equal_numbers()
    assert capsys.readouterr().out.strip() == _ended()[0].run_id


def test_runs_are_there_and_one_that_ended_before_as_well(
    study: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["run", study, "--track", "tensorboard:tb"]) == 0
    _equal_numbers()
    Path("tb").rename("moved")
    assert call(["run", study, "--track", "tensorboard:tb"]) == 0
    _equal_numbers()
    assert "does not have all" not in capsys.readouterr().err
    capsys.readouterr()
    judged = ["judge", "tb", "--metric", METRIC, "--of", "cell=rnn", "--test", "below"]
    assert call([*judged, "--threshold", "9"]) == 0
    assert "Read from TensorBoard event folders: 2 runs" in capsys.readouterr().out


def test_until_decided_takes_one_too(study: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(study).write_text(
        STUDY.format(epochs=1, seeds=1).replace("quick", "full")
        + '[[claims]]\nid = "C1"\nsentence = "It learns nothing."\n'
        '[[claims.parts]]\nsentence = "It does not."\nof = { experiment = "rnn" }\n'
        'test = "below"\nthreshold = 0.9\nmargin = 0\nmetric = "final_accuracy"\nunit = "share"\n'
    )
    asked = ["--until-decided", "--most-seeds", "2", "--track", "tensorboard:tb"]
    assert call(["run", study, *asked]) == 0, capsys.readouterr().err
    _equal_numbers()


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("wandb:runs", "should be tensorboard:FOLDER, mlflow:sqlite:///FILE or"),
        ("tensorboard:", "should be tensorboard:FOLDER"),
        ("mlflow:runs.db", "should be tensorboard:FOLDER"),
        ("tensorboard:two.toml", "cannot be written: "),
        ("mlflow:sqlite:///two.toml", "is no SQLite file"),
        ("mlflow:http://127.0.0.1:1", "no server answers there: "),
    ],
)
def test_what_is_none_is_refused_before_anything_is_trained(
    study: str, capsys: pytest.CaptureFixture[str], named: str, why: str
) -> None:
    assert call(["run", study, "--track", named]) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith(f"error: --track {named}: ")
    assert why in said
    assert not Path("store").exists()


def test_a_package_that_is_missing_is_named(
    study: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(target, "find_spec", lambda name: None)
    assert call(["run", study, "--track", "tensorboard:tb"]) == 2
    assert "pip install 'assay[tensorboard]'" in capsys.readouterr().err
    assert not Path("store").exists()


class _Stuck(http.server.BaseHTTPRequestHandler):
    """A server that says it is well, and answers nothing else."""

    def do_GET(self) -> None:
        if self.path != "/health":
            time.sleep(60)
        self.send_response(200)
        self.end_headers()

    def do_POST(self) -> None:
        time.sleep(60)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def stuck() -> Iterator[str]:
    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), _Stuck) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_tracker_that_hangs_holds_up_no_run_and_is_told_once(
    study: str,
    stuck: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tracking, "_STILL_SECONDS", 0.5)
    both = ["--track", f"mlflow:{stuck}", "--track", "tensorboard:tb"]
    assert call(["run", study, *both]) == 0
    assert len(_ended()) == 2
    said = capsys.readouterr().err
    assert said.count("does not have all of") == 1
    assert f"note: mlflow:{stuck} does not have all of 2 runs: it took too long; no run was" in said


def test_a_tracker_that_cannot_be_written_any_more_is_told(
    study: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.api.Study.notices", lambda *_: [])
    checked = tracking.check_target

    def spoil(named: target.Target) -> None:
        checked(named)
        Path("tb/two").write_text("in the way of the study's folder")

    monkeypatch.setattr(tracking, "check_target", spoil)
    assert call(["run", study, "--track", "tensorboard:tb"]) == 0
    assert len(_ended()) == 2
    said = capsys.readouterr().err
    assert "tensorboard:tb does not have all of 2 runs: " in said
    Path("tb/two").unlink()
    monkeypatch.setattr(tracking, "check_target", checked)
    assert call(["run", study, "--track", "tensorboard:tb"]) == 0
    _equal_numbers()


def test_a_disk_that_is_full_for_the_tracker_harms_no_run(
    study: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is one of its process: files of more than 2,000 bytes cannot be written there."""
    popen = subprocess.Popen

    def limited(command: list[str], **options: Any) -> "subprocess.Popen[str]":
        return popen(["bash", "-c", 'ulimit -f 2; exec "$@"', "bash", *command], **options)

    monkeypatch.setattr(tracking.subprocess, "Popen", limited)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert call(["run", study, "--track", "tensorboard:tb"]) == 0
    assert len(_ended()) == 2
    said = capsys.readouterr().err
    assert "tensorboard:tb does not have all of 2 runs: File too large; no run was harmed" in said


def test_after_sigkill_of_all_nothing_is_twice_and_nothing_missing(study: str) -> None:
    Path(study).write_text(STUDY.format(epochs=80, seeds=1))
    asked = ("run", study, "--track", "tensorboard:tb", "--checkpoint-seconds", "0.1")
    process = start(Path(), *asked)
    end = time.monotonic() + 60
    while not list(Path().glob("tb/*/*/*/*tfevents*")):
        assert time.monotonic() < end
        assert process.poll() is None
        time.sleep(0.01)
    signal_all(process, signal.SIGKILL)
    process.communicate()
    assert call(list(asked)) == 0
    _equal_numbers()
