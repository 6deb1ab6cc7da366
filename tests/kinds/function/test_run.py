"""What a function is given, what it leaves, and how it goes on."""

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from assay.kinds.function import KIND
from assay.kinds.function.given import _PATIENCE
from assay.testing import check_kind
from tests.kinds.function.conftest import Trial

WALK = """
import random
import numpy as np

def train(run, rate, steps=8):
    state = run.resume() or {"step": 0, "at": np.zeros(2)}
    while state["step"] < steps:
        state["step"] += 1
        state["at"] = state["at"] + rate * np.array([random.gauss(0, 1), np.random.normal()])
        run.log(state["step"], x=state["at"][0], y=state["at"].sum())
        run.save(state)
"""


class After:
    """Asks for a stop once it has been asked so often."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_it_holds_what_assay_relies_on(trial: Trial, tmp_path: Path) -> None:
    check_kind(KIND, trial.config(WALK, rate=0.5, updates="steps", steps=6), tmp_path / "check")


def test_it_goes_on_with_the_random_numbers_it_had(trial: Trial) -> None:
    settings = {"rate": 0.5, "seed": 3, "steps": 20}
    assert trial.run(WALK, **settings).status == "finished"
    whole = trial.log
    assert len(trial.points("x")) == 20
    shutil.rmtree(trial.at.path)
    for _ in range(3):
        assert trial.run(WALK, After(4), **settings).status == "stopped"
        assert trial.at.status == "unfinished"
        random.seed(99)
    result = trial.run(WALK, **settings)
    assert result.status == "finished", result.message
    assert trial.log == whole
    assert result.notices[0].startswith("started 4 times, it went on from what it had saved")
    record = trial.at.record()
    assert record.compute_path["bit_identity"] == "the function's promise"
    assert record.compute_path["function"] == "mine:train"


def test_seeds_and_values_matter_and_what_ran_before_does_not(trial: Trial) -> None:
    logs = []
    for settings in ({"seed": 0}, {"seed": 1}, {"seed": 0, "rate": 0.25}):
        trial.run(WALK, **{"rate": 0.5, **settings})
        logs.append(trial.log)
    assert len(set(logs)) == 3
    shutil.rmtree(trial.store.root)
    random.seed(5)
    np.random.seed(5)  # noqa: NPY002
    trial.run(WALK, rate=0.5)
    assert trial.log == logs[0]


def test_a_damaged_checkpoint_is_passed_over(trial: Trial) -> None:
    trial.run(WALK, rate=0.5)
    whole = trial.log
    shutil.rmtree(trial.at.path)
    trial.run(WALK, After(9), checkpoint_seconds=0, rate=0.5)
    newest = max(trial.at.checkpoints.glob("*.safetensors"))
    newest.write_bytes(b"")
    result = trial.run(WALK, rate=0.5)
    assert result.status == "finished"
    assert "passed over: checkpoint" in result.notices[0]
    assert trial.log == whole
    shutil.rmtree(trial.at.path)
    trial.run(WALK, After(4), rate=0.5)
    for path in trial.at.checkpoints.iterdir():
        path.write_bytes(b"{}")
    result = trial.run(WALK, rate=0.5)
    assert result.notices[-1] == "started again from the beginning"
    assert trial.log == whole


def test_one_that_does_not_ask_for_what_it_saved_starts_over(trial: Trial) -> None:
    code = WALK.replace("run.resume() or ", "")
    trial.run(code, rate=0.5)
    whole = trial.log
    shutil.rmtree(trial.at.path)
    assert trial.run(code, After(6), rate=0.5).status == "stopped"
    assert trial.run(code, rate=0.5).status == "finished"
    assert trial.log == whole


def test_one_that_does_not_save_is_stopped_where_it_logs(trial: Trial) -> None:
    code = """
def train(run):
    (run.folder / "there").write_text(str((run.folder / "there").exists()))
    for step in range(10):
        run.log(step, a=step)
"""
    assert trial.run(code, After(3)).status == "stopped"
    assert len(trial.log.splitlines()) == 4
    assert trial.run(code).status == "finished"
    assert (trial.at.path / "work/there").read_text() == "False"  # its folder was emptied
    assert [step for step, _ in trial.points("a")] == list(range(10))


def test_a_stop_waits_for_a_save_but_not_for_ever(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
def train(run):
    for step in range(100):
        if step % 10 == 0:
            run.save(step)
        run.log(step, a=step)
"""
    assert trial.run(code, After(4)).status == "stopped"
    assert len(trial.log.splitlines()) == 10
    assert _PATIENCE > 1
    monkeypatch.setattr("assay.kinds.function.given._PATIENCE", -1)
    assert trial.run(code, After(4), seed=1).status == "stopped"
    assert len(trial.log.splitlines()) == 4


def test_a_stop_passes_by_what_catches_exceptions(trial: Trial) -> None:
    code = """
def train(run):
    for step in range(10):
        try:
            run.log(step, a=step)
        except Exception:
            pass
"""
    assert trial.run(code, After(2)).status == "stopped"


def test_what_it_is_given(trial: Trial) -> None:
    (trial.folder / "d.csv").write_text("x")
    code = """
import sys, warnings
def train(run, *, name, flag, x=1):
    assert (run.seed, run.cores, run.data.name) == (7, 2, "d.csv"), vars(run)
    assert dict(run.values) == {"name": name, "flag": flag}
    assert (name, flag, x) == ("a b", True, 1)
    print("out")
    print("err", file=sys.stderr)
    (run.folder / "model.bin").write_bytes(b"x")
    run.log(step=1, a=1)
"""
    result = trial.run(code, name="a b", flag=True, seed=7, cores=2, data="d.csv")
    assert result.status == "finished", result.message
    assert (trial.at.path / "output.txt").read_text() == "out\nerr\n"
    assert (trial.at.path / "work/model.bin").exists()


def test_numbers_of_any_library(trial: Trial) -> None:
    code = """
import math
import numpy as np
import torch
def train(run):
    run.log(np.int64(1), a=np.float32(0.1), b=torch.tensor(3), c=np.array(2.5), d=True, e=2**70)
    run.log(torch.tensor(2), a=math.nan, b=np.inf)
    run.log(2, c=1)
"""
    assert trial.run(code).status == "finished"
    first, second, third = trial.at.metrics().numbers
    assert first.numbers == {"a": float(np.float32(0.1)), "b": 3, "c": 2.5, "d": 1, "e": 2**70}
    assert second == (2, {"a": None, "b": None})
    assert third == (2, {"c": 1})


def test_progress(trial: Trial) -> None:
    trial.run(WALK, rate=0.5, updates="steps", steps=4)
    assert trial.told[0].updates == 4
    trial.run(WALK, rate=0.5)
    assert trial.told[0].updates is None


def test_its_modules_make_another_run(trial: Trial) -> None:
    (trial.folder / "helper.py").write_text("x = 1")
    code = "import helper\ndef train(run): run.log(1, a=helper.x)"
    assert trial.run(code).status == "finished"
    first = trial.last.run_id
    (trial.folder / "helper.py").write_text("x = 2")
    assert trial.config(code).run_id != first
    result = trial.run(code)
    assert trial.points("a") == [(1, 2)]
    assert result.status == "finished"
