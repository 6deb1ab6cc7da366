"""What users bring as code, in a run and on the command line: prints, faults, edits and moves."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assay import Run, Study
from assay.cli import call
from assay.config import MemoryConfig
from assay.errors import PluginError
from assay.execution.events import Result
from assay.execution.runner import execute
from assay.plugins import resolve
from assay.store import Store

CELL = """
import sys
from pathlib import Path
import torch
from torch import nn
from gatehelp import squash

class Plain(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.mix = nn.Linear(input_size + hidden_size, hidden_size)
    def forward(self, x, state):
        return (squash(self.mix(torch.cat([x, state[0]], dim=1))),)

class Loud(Plain):
    print("LOUD on import")
    def __init__(self, input_size, hidden_size):
        print("LOUD when built")
        super().__init__(input_size, hidden_size)
    def forward(self, x, state):
        sys.stdout.write("LOUD at a step\\n")
        return super().forward(x, state)

class Fails(Plain):
    def forward(self, x, state):
        # Small batches are those of the checks before a run.
        switch = Path(__file__).with_name("switch")
        if len(x) > 8 and switch.exists():
            raise {"os": OSError, "exit": SystemExit}.get(switch.read_text(), ValueError)("boom")
        return super().forward(x, state)

def noisy(rng, length, data_size):
    print("LOUD generator")
    x = rng.integers(0, 6, (data_size, length))
    return x, x[:, 0] % 2

def broken(rng, length, data_size):
    return 1 / 0
"""
RAISES = 1 + next(i for i, line in enumerate(CELL.splitlines()) if '("boom")' in line)
HELPER = "import torch\ndef squash(x):\n    return torch.tanh(x)\n"
STUDY = """
title = "Own code"
[defaults]
data_size = 200
hidden_size = 6
updates = 12
[profiles.quick]
seeds = 1
[experiments.own]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "mycell.py").write_text(CELL)
    (tmp_path / "gatehelp.py").write_text(HELPER)
    (tmp_path / "study.toml").write_text(STUDY + 'cell = "mycell:Plain"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run_here(project: Path) -> Callable[..., Result]:
    """Train a run in this process, in the folder `store`."""

    def run(cell: str = "Plain", **changes: object) -> Result:
        config = MemoryConfig(
            **{"cell": f"mycell:{cell}", "data_size": 200, "hidden_size": 6, "updates": 12}
            | changes
        )
        store = Store("store")
        store.prepare()
        return execute(resolve(config), store, lambda at: None, lambda: False)

    return run


def test_what_own_code_prints_is_no_part_of_an_answer(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    options = 'cell = "mycell:Loud"\ntask = "mycell:noisy"\nlength = 5\n'
    (project / "study.toml").write_text(STUDY + options)
    for command in ("plan study.toml --json", "run study.toml", "plan study.toml --json"):
        assert call(command.split()) == 0
        out, err = capfd.readouterr()
        assert "LOUD" not in out
        assert (json.loads(out) if "--json" in command else not out) is not None
        assert "LOUD at a step" in err or "run" not in command
    (run,) = Store("store").runs()
    assert call(["predict", run.run_id, "01234", "--json"]) == 0
    out, err = capfd.readouterr()
    assert json.loads(out)
    assert "LOUD at a step" in err


def test_what_own_code_writes_by_other_ways_is_no_part_of_one_either(project: Path) -> None:
    loud = "import os, sys\nos.system('echo LOUD')\nprint('LOUD', file=sys.__stdout__)\n" + CELL
    (project / "mycell.py").write_text(loud)
    train = "train memory --updates 3 --hidden-size 4 --data-size 100 --cell mycell:Plain"
    found = subprocess.run(
        [sys.executable, "-m", "assay", *train.split()], capture_output=True, text=True, check=True
    )
    assert re.fullmatch("[0-9a-f]{16}\n", found.stdout)
    assert found.stderr.count("LOUD\n") >= 2


@pytest.mark.parametrize("kind", ["", "os", "exit"])
def test_a_fault_in_training_is_kept_with_file_and_line(
    project: Path, run_here: Callable[..., Result], kind: str
) -> None:
    (project / "switch").write_text(kind)
    result = run_here("Fails")
    path = Path("store", result.run_id, "traceback.txt")
    name = {"": "ValueError", "os": "OSError", "exit": "SystemExit"}[kind]
    assert result.status == "failed"
    assert result.message == (
        f"{name}: boom ({project / 'mycell.py'}, line {RAISES}); the traceback is in {path}"
    )
    text = path.read_text()
    assert f'File "{project / "mycell.py"}", line {RAISES}, in forward' in text
    record = Store("store").runs()[0].record()
    assert record is not None
    assert (record.status, record.message, record.traceback) == ("failed", result.message, text)
    # Tried again, a run that succeeds keeps nothing of it.
    (project / "switch").unlink()
    assert run_here("Fails").status == "finished"
    assert not path.exists()
    assert Store("store").runs()[0].record().traceback == ""  # type: ignore[union-attr]


def test_a_fault_that_is_told_as_one_of_the_data_has_its_traceback_too(
    project: Path,
    run_here: Callable[..., Result],
) -> None:
    result = run_here(task="mycell:broken")
    assert f"ZeroDivisionError: division by zero ({project / 'mycell.py'}, line " in result.message
    text = Path("store", result.run_id, "traceback.txt").read_text()
    assert "return 1 / 0" in text


def test_a_record_of_the_version_before_has_no_traceback(
    run_here: Callable[..., Result],
) -> None:
    run = Store("store").runs()[0] if run_here().status == "finished" else None
    assert run is not None
    path = run.path / "record.json"
    fields = json.loads(path.read_text())
    assert fields.pop("traceback") == ""
    del fields["sha256"]
    path.write_text(json.dumps(fields))
    assert run.record().traceback == ""  # type: ignore[union-attr]


def test_a_failed_run_is_shown_without_an_accuracy() -> None:
    from rich.console import Console

    from assay.cli.show.progress import Progress
    from assay.execution.events import Update

    config = MemoryConfig(updates=4)
    console = Console(record=True, width=100)
    shown = Progress([config], 1, console)
    shown.see(Update(config.run_id, 2, 4, 1, 0.092))
    shown.see(Result(config.run_id, "failed", "boom"))
    text = console.export_text()
    assert ": failed\n" in text
    assert "0.092" not in text


@pytest.mark.parametrize("edited", ["mycell.py", "gatehelp.py"])
def test_an_edit_is_another_run_and_an_old_one_is_not_asked(
    project: Path,
    run_here: Callable[..., Result],
    edited: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = run_here().run_id
    before = Run(run).predict("1232")
    capsys.readouterr()
    assert call(["doctor"]) == 0
    assert "all is well" in capsys.readouterr().out
    text = (project / edited).read_text()
    (project / edited).write_text(text.replace("torch.tanh(x)", "0 * x") + "# edited\n")
    assert call(["predict", run, "1232"]) == 2
    told = capsys.readouterr().err
    assert re.fullmatch(
        r"error: mycell:Plain is not what .* mycell.py, gatehelp.py in .* has changed.*\n", told
    )
    assert call(["doctor"]) == 0
    assert f"note: run {run} keeps its numbers, but cannot be asked" in capsys.readouterr().out
    assert run_here().run_id != run
    (project / edited).write_text(text)
    assert Run(run).predict("1232") == before


def test_a_file_edited_while_its_run_waits_is_refused(project: Path) -> None:
    study = Study("study.toml")
    (planned,) = study.plan()
    (project / "gatehelp.py").write_text(HELPER.replace("tanh", "sigmoid"))
    store = Store("store")
    store.prepare()
    result = execute(planned.config, store, lambda at: None, lambda: False)
    assert result.status == "failed"
    assert "mycell:Plain is not what this run was planned with" in result.message
    (project / "gatehelp.py").write_text(HELPER)
    assert execute(planned.config, store, lambda at: None, lambda: False).status == "finished"


def test_a_moved_project_answers_as_before(
    project: Path, tmp_path_factory: pytest.TempPathFactory, run_here: Callable[..., Result]
) -> None:
    (planned,) = Study("study.toml").plan()
    run = run_here(**planned.config.model_dump(include={"length", "updates"})).run_id
    assert run == planned.config.run_id
    before = Run(run).predict("1232")
    new = tmp_path_factory.mktemp("moved")
    for path in project.iterdir():
        shutil.move(path, new / path.name)
    assert Run(run, new / "store").predict("1232") == before
    (new / "gatehelp.py").write_text(HELPER.replace("tanh", "sigmoid"))
    changed = re.escape(f"mycell.py, gatehelp.py in {new} has changed")
    with pytest.raises(PluginError, match=f"mycell:Plain is not what .* {changed}"):
        Run(run, new / "store").predict("1232")
    (new / "gatehelp.py").write_text(HELPER)
    apart = tmp_path_factory.mktemp("apart")
    shutil.move(new / "store", apart / "store")
    with pytest.raises(Exception, match=re.escape(f"no module 'mycell' in {project}")):
        Run(run, apart / "store").predict("1232")
    (found,) = Study(str(new / "study.toml"), apart / "store").runs()
    assert found.predict("1232") == before


def test_two_studies_and_an_edit_in_one_session(project: Path) -> None:
    ids, answers = [], []
    for name, gate in (("a", "torch.tanh(x)"), ("b", "torch.sigmoid(x)"), ("a", "torch.sin(x)")):
        (project / name).mkdir(exist_ok=True)
        for file in ("mycell.py", "study.toml"):
            shutil.copy(project / file, project / name / file)
        (project / name / "gatehelp.py").write_text(HELPER.replace("torch.tanh(x)", gate))
        study = Study(f"{name}/study.toml", "both")
        assert [each.status for each in study.run("quick", workers=1)] == ["finished"]
        (run,) = study.runs("quick")
        ids.append(run.config.run_id)
        answers.append(run.predict("1232").probabilities)
    assert len(set(ids)) == 3
    assert len({tuple(each) for each in answers}) == 3
    # As a process that has seen nothing else: the weights go through the code that trained them.
    assert Run(ids[2], "both").predict("1232").probabilities == answers[2]
