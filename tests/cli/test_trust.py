"""Code that a study names runs once it was allowed to: asked on a terminal, refused off it."""

import io
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assay import Archive, Study
from assay.cli import call
from assay.cli.trust import trust_folder
from assay.store import Store

STUDY = """
title = "Code of its own in every place"
[experiments.network]
cell = "cells:Mine"
task = "tasks:strings"
hidden_size = 4
data_size = 60
length = 3
batch_size = 16
epochs = 1
[experiments.function]
kind = "function"
train = "functions:train"
[experiments.command]
kind = "command"
command = "touch {where}/ran-command"
pattern = "loss {loss}"
where = "FOLDER"
[profiles.full]
seeds = 1
[[figures]]
id = "own"
title = "Own"
kind = "figures:draw"
experiments = ["network"]
[[claims]]
id = "C1"
sentence = "It learns."
[[claims.parts]]
sentence = "It is right more often than not."
metric = "metrics:last"
test = "above"
of = { experiment = "network" }
threshold = 0.5
margin = 0.1
unit = "share"
"""
FUNCTION = """
title = "A function"
[experiments.it]
kind = "function"
train = "functions:train"
[profiles.full]
seeds = 1
"""
CODE = {
    "cells": "from assay.models.rnn import RNN as Mine\n",
    "tasks": "def strings(rng, length, data_size):\n"
    "    bits = rng.integers(0, 2, (data_size, length - 1))\n"
    "    return bits, bits[:, 0]\n",
    "functions": "def train(run):\n    run.log(1, loss=1.0)\n",
    "figures": "def draw(ax, rows):\n    ax.plot([0, 1])\n",
    "metrics": "def last(log, update):\n    return 1.0\n",
}
REFUSED = "is code that nobody has allowed to run yet: look at it, and give --trust"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stranger's study, whose modules leave a file wherever they are loaded."""
    monkeypatch.delenv("ASSAY_TRUST")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    place = tmp_path / "study"
    place.mkdir()
    monkeypatch.chdir(place)
    for name, code in CODE.items():
        trace = f"import pathlib\npathlib.Path({str(tmp_path)!r}, 'ran-{name}').touch()\n"
        (place / f"{name}.py").write_text(trace + code)
    (place / "all.toml").write_text(STUDY.replace("FOLDER", str(tmp_path)))
    (place / "one.toml").write_text(FUNCTION)
    return tmp_path


def ran(folder: Path) -> list[str]:
    return sorted(path.name.removeprefix("ran-") for path in folder.glob("ran-*"))


class Terminal(io.StringIO):
    """Somebody who answers."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch):
    def give(text: str) -> Terminal:
        shown = Terminal()
        monkeypatch.setattr(sys, "stdin", Terminal(text))
        monkeypatch.setattr(sys, "stderr", shown)
        return shown

    return give


@pytest.mark.parametrize(
    "command",
    ["plan", "show", "run", "run --until-decided", "claims", "report", "export", "archive"],
)
def test_off_a_terminal_nothing_of_it_runs(command: str, folder: Path, capsys) -> None:
    name, *flags = command.split()
    assert call([name, "all.toml", *flags]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert f"in {folder / 'study'} {REFUSED}" in error
    assert ran(folder) == []
    assert sorted(path.name for path in folder.iterdir()) == ["study"], "nothing was begun"
    assert not (folder / "study/store").exists()


def test_what_runs_no_code_needs_no_trust(folder: Path, capsys) -> None:
    for name in ("plan", "show", "claims"):
        assert call([name, "one.toml"]) == 0, capsys.readouterr().err
    assert call(["studies"]) == 0
    assert "nobody has allowed" in capsys.readouterr().out
    assert call(["run", "one.toml"]) == 2
    assert f"error: functions:train in {folder / 'study'} {REFUSED}" in capsys.readouterr().err
    assert ran(folder) == []


def test_trust_is_for_scripts_and_is_kept(folder: Path, capsys) -> None:
    assert call(["run", "all.toml", "--trust"]) == 1, "the command tells no number"
    assert ran(folder) == ["cells", "command", "figures", "functions", "metrics", "tasks"]
    for path in folder.glob("ran-*"):
        path.unlink()
    assert call(["claims", "all.toml"]) == 0, capsys.readouterr().err
    assert {"metrics", "figures"} <= set(ran(folder))
    (run,) = [each for each in Store("store").runs() if each.config().kind == "memory"]
    assert call(["predict", run.run_id, "01"]) == 0, capsys.readouterr().err
    shutil.rmtree(trust_folder())
    for path in folder.glob("ran-*"):
        path.unlink()
    capsys.readouterr()
    assert call(["predict", run.run_id, "01"]) == 2
    assert REFUSED in capsys.readouterr().err
    assert ran(folder) == []


def test_a_machine_can_trust_all(folder: Path, monkeypatch) -> None:
    monkeypatch.setenv("ASSAY_TRUST", "1")
    assert call(["show", "all.toml"]) == 0
    assert {"metrics", "figures"} <= set(ran(folder))
    assert not trust_folder().exists(), "which says nothing of this code"


def test_it_is_asked_once_and_again_when_code_changes(folder: Path, answer) -> None:
    shown = answer("y\n")
    assert call(["show", "all.toml"]) == 0, shown.getvalue()
    lines = shown.getvalue().splitlines()
    for name in ("cells:Mine  (cells.py)", "functions:train  (functions.py)", "metrics:last"):
        assert any(name in line for line in lines), "one question is about all of it"
    assert f"  touch {folder}/ran-command" in lines
    again = answer("")
    assert call(["show", "all.toml"]) == 0, again.getvalue()
    assert again.getvalue() == ""
    helper = folder / "study/helper.py"
    helper.write_text("")
    (folder / "study/metrics.py").write_text("import helper\n" + CODE["metrics"])
    changed = answer("n\n")
    assert call(["show", "all.toml"]) == 2
    assert "metrics:last  (metrics.py, helper.py)" in changed.getvalue()
    assert "cells:Mine" not in changed.getvalue()


def test_another_command_line_is_other_code(folder: Path, answer) -> None:
    study = folder / "study/line.toml"
    line = (
        'title = "It"\n[experiments.it]\nkind = "command"\ncommand = "echo loss {x} {word}"\n'
        'pattern = "loss {loss}"\nx = X\nword = "WORD"\n[profiles.full]\nseeds = 1\n'
    )
    study.write_text(line.replace("X", "1").replace("WORD", "a"))
    shown = answer("y\n")
    assert call(["run", "line.toml"]) == 0, shown.getvalue()
    assert "  echo loss {x} a\n" in shown.getvalue()
    study.write_text(line.replace("X", "2").replace("WORD", "a"))
    assert call(["run", "line.toml"]) == 0, "a number is no code"
    study.write_text(line.replace("X", "2").replace("WORD", r"\u001b[2Jb"))
    shown = answer("n\n")
    assert call(["run", "line.toml"]) == 2
    assert r"echo loss {x} '\x1b[2Jb'" in shown.getvalue()
    assert "\x1b[2J" not in shown.getvalue()


def test_a_folder_can_be_trusted_whatever_will_be_in_it(folder: Path, answer) -> None:
    shown = answer("a\n")
    assert call(["show", "all.toml"]) == 0, shown.getvalue()
    (folder / "study/metrics.py").write_text("# edited\n" + CODE["metrics"])
    answer("")
    assert call(["show", "all.toml"]) == 0
    shutil.copytree(folder / "study", folder / "elsewhere")
    shown = answer("n\n")
    assert call(["show", str(folder / "elsewhere/all.toml")]) == 2
    assert f"in {folder / 'elsewhere'}" in shown.getvalue()


def test_no_answer_is_no(folder: Path, answer) -> None:
    for text in ("\n", "", "n\n"):
        answer(text)
        assert call(["show", "all.toml"]) == 2
    assert ran(folder) == []


def test_shipped_studies_and_studies_without_code_never_ask(folder: Path, capsys) -> None:
    assert call(["show", "cs324_a3"]) == 0
    plain = folder / "study/plain.toml"
    plain.write_text('title = "It"\n[experiments.it]\ncell = "rnn"\n[profiles.full]\nseeds = 1\n')
    assert call(["show", "plain.toml"]) == 0, capsys.readouterr().err


def test_evidence_never_runs_code_that_lies_beside_it(folder: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("ASSAY_TRUST", "1")
    study = folder / "study/all.toml"
    study.write_text(study.read_text().replace("metrics:last", "best_accuracy"))
    call(["run", "all.toml"])
    assert call(["archive", "all.toml", "--out", str(folder / "kept")]) == 0
    for name in CODE:  # of the hashes that its manifest names
        shutil.copy(folder / f"study/{name}.py", folder / "kept")
    for path in folder.glob("ran-*"):
        path.unlink()
    capsys.readouterr()
    monkeypatch.chdir(folder / "kept")
    # At first where no gate is, since what was worked out is remembered.
    Study(store=Archive(".")).report(folder=folder / "by-hand")
    assert ran(folder) == []
    assert call(["claims", "--from", "."]) == 0, capsys.readouterr().err
    assert call(["report", "--from", ".", "--out", str(folder / "page")]) == 0
    assert call(["export", "--from", ".", "--out", str(folder / "tables")]) == 0
    assert ran(folder) == []


def test_python_code_that_opens_a_study_has_decided(folder: Path) -> None:
    Study("all.toml")
    assert {"metrics", "figures"} <= set(ran(folder))


def test_a_real_terminal_is_asked(folder: Path) -> None:
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "assay", "run", "one.toml"]
    with subprocess.Popen(command, stdin=child, stderr=child, stdout=child) as process:
        os.close(child)
        os.write(parent, b"y\n")
        seen = b""
        with open(parent, "rb", buffering=0) as terminal:  # noqa: PTH123 - a descriptor
            try:
                while part := terminal.read(4096):
                    seen += part
            except OSError:  # the other end is closed
                pass
        assert process.wait() == 0, seen.decode()
    assert b"functions:train  (functions.py)" in seen
    assert ran(folder) == ["functions"]
