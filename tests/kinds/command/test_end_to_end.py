"""A study of commands through the real command line, where PyTorch is not there."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kinds.command.helpers import running
from tests.kinds.test_another_kind import assay, environment

TRAIN = """
import argparse, json, os, pathlib, random, time

parser = argparse.ArgumentParser()
for name in ("lr", "seed", "steps", "pause"):
    parser.add_argument(f"--{name}", type=float)
parser.add_argument("--out", type=pathlib.Path)
parser.add_argument("--resume", type=int)
given = parser.parse_args()
saved = given.out / "saved.json"
state = json.loads(saved.read_text()) if given.resume and saved.exists() else [0, 5.0]
with (given.out / "m.jsonl").open("a") as file:
    while state[0] < given.steps:
        state = [state[0] + 1, state[1] * (1 - given.lr) + given.seed / 1e4]
        print(json.dumps({"step": state[0], "loss": state[1]}), file=file, flush=True)
        (given.out / "saving").write_text(json.dumps(state))
        os.replace(given.out / "saving", saved)
        time.sleep(given.pause)
"""
STUDY = """
title = "Does a higher rate get further?"
[defaults]
kind = "command"
command = '''python train.py --lr {learning_rate} --seed {seed} --steps {steps} --pause {pause}
    --out {folder} --resume {resume}'''
metrics = "m.jsonl"
resumes = true
steps = 20
pause = 0.0
[experiments.rates]
grid = { learning_rate = [1e-2, 1e-3] }
[[claims]]
id = "C1"
sentence = "The higher rate gets further."
[[claims.parts]]
sentence = "The loss ends lower."
metric = "loss"
test = "smaller"
of = { experiment = "rates", learning_rate = 1e-2 }
against = { experiment = "rates", learning_rate = 1e-3 }
margin = 0.1
unit = "squared error"
[[claims.parts]]
sentence = "It gets there sooner."
metric = "loss"
at = "first time below 4.6"
test = "faster"
of = { experiment = "rates", learning_rate = 1e-2 }
against = { experiment = "rates", learning_rate = 1e-3 }
margin = 1.0
unit = "updates"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rates.toml").write_text(STUDY)
    (tmp_path / "train.py").write_text(TRAIN)
    return tmp_path


def waited(for_what: Callable[[], object], seconds: float = 60) -> object:
    until = time.monotonic() + seconds
    while not (found := for_what()) and time.monotonic() < until:
        time.sleep(0.05)
    assert found, "it did not come"
    return found


def started(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "assay", *arguments],
        cwd=folder,
        env=environment(folder),
        stderr=subprocess.PIPE,
    )


def test_it_is_planned_run_until_decided_judged_reported_and_archived(folder: Path) -> None:
    told = "0 done; how long the rest takes is not known before it has run"
    assert told in assay(folder, "plan", "rates.toml")
    planned = json.loads(assay(folder, "plan", "rates.toml", "--json"))
    assert [row["seeds"] for row in planned["arms"]] == [8, 8]
    assay(folder, "run", "rates.toml", "--until-decided")
    found = json.loads(assay(folder, "claims", "rates.toml", "--json"))["claims"]
    assert [claim["verdict"] for claim in found] == ["supported"]
    page = assay(folder, "report", "rates.toml").strip()
    text = (folder / page).read_text()
    assert "The higher rate gets further." in text
    assert text.count("<svg") >= 2  # the strip, and the curves
    kept = assay(folder, "archive", "rates.toml").strip()
    (folder / "store").rename(folder / "gone")
    (folder / "train.py").unlink()
    again = json.loads(assay(folder, "claims", "--from", kept, "--json"))["claims"]
    assert again[0]["parts"] == found[0]["parts"]


def logs(store: Path) -> dict[str, bytes]:
    return {path.parent.name: path.read_bytes() for path in store.glob("*/metrics.jsonl")}


def slow(folder: Path) -> str:
    """Have the commands take long enough to be met, and return a word that is in their lines."""
    word = uuid.uuid4().hex
    study = STUDY.replace("pause = 0.0", "pause = 0.1").replace("steps = 20", "steps = 40")
    (folder / "rates.toml").write_text(study.replace("train.py", f"train{word}.py"))
    (folder / "train.py").rename(folder / f"train{word}.py")
    return word


def some_lines(store: Path) -> Callable[[], bool]:
    return lambda: sum(content.count(b"\n") for content in logs(store).values()) > 6


@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
def test_stopped_and_taken_up_again_it_logs_the_same(folder: Path, how: str) -> None:
    word = slow(folder)
    (folder / "rates.toml").write_text(
        (folder / "rates.toml").read_text() + "\n[profiles.full]\nseeds = 1\n"
    )
    run = ["run", "rates.toml", "--workers", "2"]
    assay(folder, *run, "--store", "whole")
    process = started(folder, *run, "--store", "parts")
    waited(some_lines(folder / "parts"))
    process.send_signal(getattr(signal, how))
    process.communicate(timeout=60)
    assert process.returncode == (130 if how == "SIGINT" else -9)
    waited(lambda: not running(word), 20)
    waited(lambda: not running_workers(folder), 40)
    assay(folder, *run, "--store", "parts")
    assert len(logs(folder / "whole")) == 2
    assert logs(folder / "parts") == logs(folder / "whole")


def running_workers(folder: Path) -> list[int]:
    """Processes whose working folder is this one."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and (process / "cwd").readlink() == folder:
                found.append(int(process.name))
        except OSError:
            continue
    return found


def test_a_worker_that_is_killed_takes_its_command_with_it(folder: Path) -> None:
    word = slow(folder)
    process = started(folder, "run", "rates.toml", "--workers", "1", "--only", "rates")
    waited(some_lines(folder / "store"))
    (command, *_) = running(word)
    worker = int(Path(f"/proc/{command}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(worker, signal.SIGKILL)
    waited(lambda: command not in running(word), 10)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert b"its process ended by signal SIGKILL" in told
    waited(lambda: not running(word), 20)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("pause = 0.0", "pausee = 0.0"), "{pause} in 'python train.py"),
        (("metrics =", "metric ="), "metrics or pattern is missing"),
        (("train.py", "trian.py --x {no}"), "{no} in 'python trian.py --x {no}"),
        (
            ('metrics = "m.jsonl"', 'pattern = "loss is {los}"'),
            "metric = 'loss' is unknown: allowed are a module:attribute of your own, and what a "
            "run logs: los",
        ),
        (("python train", "pyhton train"), "there is no program 'pyhton' on the PATH"),
    ],
)
def test_a_slip_in_the_study_is_one_sentence(
    folder: Path, change: tuple[str, str], told: str
) -> None:
    (folder / "rates.toml").write_text(STUDY.replace(*change))
    done = subprocess.run(
        [sys.executable, "-m", "assay", "run", "rates.toml"],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not logs(folder / "store")
