"""Inputs as people have them, through the command: told before any run, or in one sentence."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assay import Study
from assay.cli import call
from tests.end_to_end.conftest import STUDY, Cli

IMAGES = """
title = "own images"
[defaults]
kind = "gan"
task = "images"
data = "pics"
image_size = 8
latent_dim = 3
updates = 2
batch_size = 8
[profiles.quick]
seeds = 1
[experiments.own]
"""
SEQUENCES = """
title = "own sequences"
[defaults]
task = "file"
updates = 3
hidden_size = 4
[profiles.quick]
seeds = 2
[experiments.own]
data = "own.csv"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pictures(folder: Path, count: int, copies: int = 1) -> None:
    (folder / "pics").mkdir()
    for number in range(count):
        pixels = np.random.default_rng(number).integers(0, 256, (9, 9), dtype=np.uint8)
        for copy in range(copies):
            Image.fromarray(pixels).save(folder / "pics" / f"{number:02d} ({copy}).png")


def test_what_is_odd_of_images_is_told_before_and_kept_in_the_record(folder: Path, capsys) -> None:
    pictures(folder, 24, copies=2)
    (folder / "pics" / "a.heic").write_bytes(b"x")
    (folder / "study.toml").write_text(IMAGES)
    assert call(["plan", "study.toml"]) == 0
    assert "note: 24 of 48 images are copies of another" in capsys.readouterr().err
    assert call(["run", "study.toml"]) == 0
    told = capsys.readouterr().err
    assert told.index("note: passed over: 1 file not read as images") < told.index("[1/1]")
    (run,) = Study("study.toml").runs()
    assert run.record is not None
    assert any("are copies of another" in notice for notice in run.record.notices)
    found = run.audit(200)
    assert found.audit.pixels.limit > 0
    assert call(["report", "study.toml", "--out", "page"]) == 0
    page = (folder / "page" / "index.html").read_text()
    assert "What the runs noted" in page
    assert "a.heic (1 run)" in page


def test_images_that_are_lost_are_refused_before_any_run(folder: Path, capsys) -> None:
    (folder / "pics").mkdir()
    for number in range(14):
        pixels = np.zeros((12, 12, 4), np.uint8)
        pixels[..., 3] = np.random.default_rng(number).integers(0, 2, (12, 12)) * 255
        Image.fromarray(pixels).save(folder / "pics" / f"{number}.png")
    (folder / "study.toml").write_text(IMAGES)
    for command in ("plan", "run"):
        assert call([command, "study.toml"]) == 2
        error = capsys.readouterr().err.strip()
        assert error.startswith("error: ")
        assert "say ground = 'white' or 'gray'" in error
    assert not list(folder.glob("store/*/"))
    (folder / "study.toml").write_text(IMAGES + 'ground = "white"\nvalues = [0, 255]\n')
    assert call(["run", "study.toml"]) == 0
    page = Path(Study("study.toml").report(format="json"))
    (arm,) = json.loads(page.read_text())["commands"]["arms"]
    command = arm["runs"][0]["command"]
    assert "--ground white --values 0.0 --values 255.0" in command
    capsys.readouterr()
    assert call(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().out.strip() == arm["runs"][0]["run"]


def test_classes_that_are_not_there_are_refused_with_the_reason(folder: Path, capsys) -> None:
    pictures(folder, 12)
    (folder / "study.toml").write_text(IMAGES + "conditional = true\n")
    assert call(["run", "study.toml"]) == 2
    assert "pics has 0: they all lie in one folder" in capsys.readouterr().err


def test_labels_that_may_be_classes_are_told_and_regression_is_explained(
    folder: Path, capsys
) -> None:
    rng = np.random.default_rng(0)
    rows = [f"{''.join(map(str, rng.integers(0, 5, 6)))},{number % 3}.0" for number in range(60)]
    (folder / "own.csv").write_text("sequence,label\n" + "\n".join(rows), encoding="utf-8-sig")
    (folder / "study.toml").write_text(SEQUENCES, encoding="utf-8-sig")
    assert call(["run", "study.toml"]) == 0
    told = capsys.readouterr().err
    sentence = "own.csv: the labels are whole numbers written as floats, from 0 to 2: trained as"
    assert told.index(sentence) < told.index("[1/2]")
    assert told.count("accuracy is the share of answers that are within 4 %") == 1
    assert call(["report", "study.toml", "--out", "page"]) == 0
    page = (folder / "page" / "index.html").read_text()
    assert "accuracy is the share of answers that are within 4 %" in page
    (run, _) = Study("study.toml").runs()
    answer = run.predict("012340")
    assert (answer.digit, answer.probabilities) == (None, [])
    capsys.readouterr()
    assert call(["predict", run.folder.run_id, "012340"]) == 0
    assert capsys.readouterr().out == f"predicted number: {answer.value:.4g}\n"


def test_a_class_is_predicted_by_its_name(folder: Path, capsys) -> None:
    rng = np.random.default_rng(0)
    names = ("low", "mid", "high")
    rows = [f"{''.join(map(str, rng.integers(0, 5, 6)))},{names[n % 3]}" for n in range(60)]
    (folder / "own.csv").write_text("sequence,label\n" + "\n".join(rows))
    (folder / "study.toml").write_text(SEQUENCES)
    assert call(["run", "study.toml"]) == 0
    (run, _) = Study("study.toml").runs()
    capsys.readouterr()
    assert call(["predict", run.folder.run_id, "012340"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head == f"predicted class: {run.predict('012340').name}"
    assert [row.split()[0] for row in rows] == ["high", "low", "mid"]
    assert call(["predict", run.folder.run_id, "012340", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["names"] == ["high", "low", "mid"]


@pytest.mark.parametrize("command", ["plan", "run"])
@pytest.mark.parametrize("data", ["/dev/zero", "pipe.csv", "x" * 400 + ".csv", "a\\u0000b.csv"])
def test_data_that_never_end_or_cannot_be_are_refused(
    folder: Path, capsys, command: str, data: str
) -> None:
    os.mkfifo(folder / "pipe.csv")
    (folder / "study.toml").write_text(SEQUENCES.replace("own.csv", data))
    assert call([command, "study.toml"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: data = ")
    assert len(error.splitlines()) == 1


LONG = "x" * 400


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", LONG),
        ("plan", "study.toml", "--store", LONG),
        ("run", "study.toml", "--store", LONG),
        ("status", "--store", LONG),
        ("predict", LONG, "1234"),
        ("claims", "study.toml", "--from", LONG),
        ("judge", LONG, "--metric", "m"),
        ("report", "study.toml", "--out", LONG),
        ("train", "memory", "--task", "file", "--data", LONG),
        ("train", "memory", "--cell", f"{LONG}:Cell"),
    ],
    ids=lambda arguments: " ".join(arguments).replace(LONG, "LONG"),
)
def test_a_name_that_is_too_long_is_one_sentence(
    folder: Path, capsys, arguments: tuple[str, ...]
) -> None:
    (folder / "study.toml").write_text(STUDY)
    assert call(list(arguments)) in (2, 0 if arguments[0] == "status" else 2)
    error = capsys.readouterr().err
    assert "Traceback" not in error
    assert len(error.splitlines()) <= 1


def test_the_command_fits_what_surrounds_it(cli: Cli, tmp_path: Path) -> None:
    """A pipe that cannot show every sign, and a back end of Matplotlib that is not installed."""
    (tmp_path / "study.toml").write_text(STUDY)
    (tmp_path / "random.py").write_text("raise ImportError('not the one of Python')")
    code = "import os, runpy, sys; sys.argv = ['assay', *sys.argv[1:]]\n" + (
        "os.environ['MPLBACKEND'] = 'module://none.of.these'\n"
        "from assay.__main__ import main\nmain()"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONSAFEPATH": "1"}
    for arguments in (
        ("run", "study.toml", "--only", "rnn"),
        ("report", "study.toml", "--out", "page"),
        ("claims", "study.toml"),
        ("status",),
    ):
        found = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            timeout=300,
            check=False,
        )
        assert found.returncode == 0, found.stderr.decode("cp1252")
        assert b"\\u2212" not in found.stdout, "a minus is a minus"
    assert (tmp_path / "page" / "index.html").exists()
