"""A study of functions through the real command line, where PyTorch is not there."""

import json
import os
import signal
from pathlib import Path

import pytest

from tests.kinds.command.test_end_to_end import logs, running_workers, some_lines, started, waited
from tests.kinds.test_another_kind import assay

MINE = """
import random
import time
from pathlib import Path

def train(run, rate, steps=20, pause=0.0):
    (Path(__file__).parent / f"begun-{run.seed}-{rate}").touch()
    state = run.resume() or {"step": 0, "weight": 5.0}
    while state["step"] < steps:
        state["step"] += 1
        state["weight"] *= 1 - rate * (1 + 0.01 * random.random())
        run.log(state["step"], loss=state["weight"])
        run.save(state)
        time.sleep(pause)
"""
STUDY = """
title = "Does a higher rate get further?"
[defaults]
kind = "function"
train = "mine:train"
steps = 20
pause = 0.0
[experiments.rates]
grid = { rate = [1e-1, 1e-3] }
[[claims]]
id = "C1"
sentence = "The higher rate gets further."
[[claims.parts]]
sentence = "The loss ends lower."
metric = "loss"
test = "smaller"
of = { experiment = "rates", rate = 1e-1 }
against = { experiment = "rates", rate = 1e-3 }
margin = 0.1
unit = "squared error"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rates.toml").write_text(STUDY)
    (tmp_path / "mine.py").write_text(MINE)
    return tmp_path


def test_it_is_planned_run_until_decided_judged_reported_and_archived(folder: Path) -> None:
    planned = json.loads(assay(folder, "plan", "rates.toml", "--json"))
    assert [row["seeds"] for row in planned["arms"]] == [8, 8]
    assay(folder, "run", "rates.toml", "--until-decided")
    (claim,) = json.loads(assay(folder, "claims", "rates.toml", "--json"))["claims"]
    assert claim["verdict"] == "supported"
    page = (folder / assay(folder, "report", "rates.toml").strip()).read_text()
    assert "The higher rate gets further." in page
    assert page.count("<svg") >= 2  # the strip, and the curves
    kept = assay(folder, "archive", "rates.toml").strip()
    (folder / "store").rename(folder / "gone")
    (folder / "mine.py").unlink()
    (again,) = json.loads(assay(folder, "claims", "--from", kept, "--json"))["claims"]
    assert again["parts"] == claim["parts"]


def test_one_run_by_a_command_that_a_report_prints(folder: Path) -> None:
    assay(folder, "train", "function", "--train", "mine:train", "--values.rate", "0.5", "--seed=3")
    (log,) = logs(folder / "store").values()
    assert log.count(b"\n") == 20


@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT", "SIGKILL of a worker"])
def test_stopped_and_taken_up_again_it_logs_the_same(folder: Path, how: str) -> None:
    study = STUDY.replace("pause = 0.0", "pause = 0.05").replace("steps = 20", "steps = 40")
    (folder / "rates.toml").write_text(f"{study}\n[profiles.full]\nseeds = 1\n")
    run = ["run", "rates.toml", "--workers", "2", "--checkpoint-seconds", "0.2"]
    assay(folder, *run, "--store", "whole")
    process = started(folder, *run, "--store", "parts")
    waited(some_lines(folder / "parts"))
    if how.endswith("worker"):
        for worker in holders(folder / "parts"):
            os.kill(worker, signal.SIGKILL)
        _, told = process.communicate(timeout=60)
        assert b"its process ended by signal SIGKILL; the same command goes on from" in told
    else:
        process.send_signal(getattr(signal, how))
        process.communicate(timeout=60)
        assert process.returncode == (130 if how == "SIGINT" else -9)
    waited(lambda: not running_workers(folder), 40)
    assay(folder, *run, "--store", "parts")
    assert len(logs(folder / "whole")) == 2
    assert logs(folder / "parts") == logs(folder / "whole")
    records = [json.loads(path.read_text()) for path in folder.glob("parts/*/record.json")]
    assert any("it went on from what it had saved" in str(each["notices"]) for each in records)


def holders(store: Path) -> set[int]:
    """The processes that have a file of a run open."""
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if link.readlink().is_relative_to(store):
                found.add(int(link.parts[2]))
        except OSError:
            continue
    return found


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            ("pause = 0.0", "pausee = 0.0"),
            "mine:train(run, rate, steps, pause) is called with pausee",
        ),
        (("mine:train", "mine:trian"), "mine:trian cannot be loaded from"),
        (("mine:train", "mien:train"), "there is no module 'mien' in"),
        (("mine:train", "mine.train"), "should be module:function"),
    ],
)
def test_a_slip_in_the_study_is_one_sentence(
    folder: Path, change: tuple[str, str], told: str
) -> None:
    (folder / "rates.toml").write_text(STUDY.replace(*change))
    process = started(folder, "run", "rates.toml")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert told in errors.decode()
    assert len(errors.decode().strip().splitlines()) == 1
    assert not logs(folder / "store")
    assert not list(folder.glob("begun-*"))
