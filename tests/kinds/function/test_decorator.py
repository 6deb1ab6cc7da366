"""A function of Python code as a configuration: one that has a file, where workers find it."""

import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import assay
from assay import FunctionConfig, Run
from assay.errors import PluginError

MINE = """
import assay

@assay.function
def train(run, rate=1.0):
    "Trains."
    run.log(1, a=rate)

def plain(run): run.log(1, a=2)

class Inner:
    @staticmethod
    def train(run): ...

def made():
    def inner(run): ...
    return inner
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    (tmp_path / "own_pkg").mkdir()
    (tmp_path / "own_pkg/mine_too.py").write_text(MINE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    importlib.invalidate_caches()
    sys.modules.pop("own_pkg", None)
    sys.modules.pop("own_pkg.mine_too", None)
    return importlib.import_module("own_pkg.mine_too")


def test_it_names_the_function_and_stays_callable(mine: object, tmp_path: Path) -> None:
    config = mine.train.config(rate=0.5, seed=3, cores=2)
    assert config == FunctionConfig(
        train="own_pkg.mine_too:train", folder=str(tmp_path), rate=0.5, seed=3, cores=2
    )
    assert mine.train.__doc__ == "Trains."
    assert list(inspect.signature(mine.train).parameters) == ["run", "rate"]
    assert assay.function(mine.plain).config().train == "own_pkg.mine_too:plain"
    assert assay.function(mine.Inner.train).config().train == "own_pkg.mine_too:Inner.train"


def test_what_it_makes_is_trained(mine: object, tmp_path: Path) -> None:
    result = assay.train(mine.train.config(rate=0.5), store=tmp_path / "store")
    assert result.status == "finished", result.message
    run = Run(result.run_id, tmp_path / "store")
    assert run.metrics() == [{"step": 1, "numbers": {"a": 0.5}}]


def test_a_function_within_another_is_refused(mine: object) -> None:
    with pytest.raises(PluginError, match=r"made.<locals>.inner in .* move it to the top"):
        assay.function(mine.made()).config()


def test_one_that_was_typed_in_is_refused() -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    exec(compile("def train(run): ...", "<ipython-input-1>", "exec"), names)
    with pytest.raises(PluginError, match="train was typed in and has no file, where workers"):
        assay.function(names["train"]).config()
    with pytest.raises(PluginError, match="has no file"):
        assay.function(print).config()


def test_a_script_trains_its_own_function(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(
        "import assay\n\n@assay.function\ndef train(run): run.log(1, a=4)\n\n"
        "if __name__ == '__main__':\n    print(assay.train(train.config()).status)\n"
    )
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "finished\n"
