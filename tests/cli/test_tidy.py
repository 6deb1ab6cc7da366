"""`assay delete` and `assay gc`: what they take away, what they leave, and that they ask first."""

import io
import shutil
import sys
from pathlib import Path

import pytest

from assay.cli import call
from assay.inference.run import Run
from assay.store import Store, tidying
from assay.store.verifying import damages

STUDY = """
title = "t"
[defaults]
hidden_size = 8
data_size = 300
batch_size = 32
epochs = 2
[experiments.cells]
grid = { cell = ["rnn", "lstm"] }
[profiles.quick]
seeds = 1
[profiles.full]
seeds = 2
"""


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is typed on a terminal; without it there is none."""
    typed = io.StringIO()
    monkeypatch.setattr(sys, "stdin", typed)
    for stream in (sys.stdin, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    return typed


def ids(store: Store) -> list[str]:
    return sorted(path.name for path in store.root.iterdir() if path.is_dir())


def test_a_run_is_deleted_and_the_others_stay(small, train_here, store, capsys) -> None:
    first, second = (train_here(small.replace(seed=seed)) for seed in range(2))
    assert call(["delete", first.run_id[:8], "--yes", "--store", str(store.root)]) == 0
    assert ids(store) == [second.run_id]
    assert "deleted 1 run, " in capsys.readouterr().err


def test_nothing_is_deleted_without_a_yes(small, train_here, store, capsys) -> None:
    run = train_here(small)
    assert call(["delete", run.run_id, "--store", str(store.root)]) == 2
    assert "There is nobody to ask: give --yes" in capsys.readouterr().err
    assert call(["delete", run.run_id, "--dry-run", "--store", str(store.root)]) == 0
    assert "would delete 1 run, " in capsys.readouterr().err
    assert ids(store) == [run.run_id]


@pytest.mark.parametrize(("typed", "code", "left"), [("y\n", 0, 0), ("n\n", 2, 1), ("", 2, 1)])
def test_on_a_terminal_it_asks(typed, code, left, small, train_here, store, answers) -> None:
    run = train_here(small)
    answers.write(typed)
    answers.seek(0)
    assert call(["delete", run.run_id, "--store", str(store.root)]) == code
    assert len(ids(store)) == left


def test_a_run_that_is_trained_is_not_deleted(small, train_here, store, capsys) -> None:
    run = train_here(small)
    with run.lock():
        assert call(["delete", run.run_id, "--yes", "--store", str(store.root)]) == 2
    assert f"run {run.run_id} is being trained" in capsys.readouterr().err
    assert ids(store) == [run.run_id]


def test_the_runs_of_a_study_are_those_of_all_its_profiles_and_seeds(
    small, train_here, store, tmp_path
) -> None:
    (tmp_path / "mine.toml").write_text(STUDY)
    study = small.replace(epochs=2)
    of_it = [train_here(study.replace(cell=cell, seed=seed)) for cell, seed in CELLS_AND_SEEDS]
    other = train_here(small)
    arguments = ["delete", "--study", str(tmp_path / "mine.toml"), "--store", str(store.root)]
    assert call([*arguments, "--yes"]) == 0
    assert ids(store) == [other.run_id]
    assert len(of_it) == len(CELLS_AND_SEEDS)


# Seed 3 is none of a profile's.
CELLS_AND_SEEDS = [("rnn", 0), ("lstm", 1), ("lstm", 3)]


@pytest.mark.parametrize("arguments", [[], ["40735c1b", "--study", "cs324_a3"]])
def test_it_is_either_runs_or_a_study(arguments, capsys) -> None:
    assert call(["delete", *arguments]) == 2
    assert "give either runs to delete, or --study and a study" in capsys.readouterr().err


def test_what_was_half_deleted_is_no_run_and_is_taken_away(
    small, train_here, store, monkeypatch
) -> None:
    run = train_here(small)

    def die(path: Path) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", die)
        assert call(["delete", run.run_id, "--yes", "--store", str(store.root)]) == 2
    assert store.ids() == []
    assert len(ids(store)) == 1
    assert call(["gc", "--store", str(store.root)]) == 0
    assert ids(store) == []


def test_only_the_last_whole_checkpoint_of_an_ended_run_is_needed(
    small, train_here, store, capsys
) -> None:
    run = train_here(small)
    before = Run(run.run_id, store).predict("1234")
    (newest,) = run.checkpoints.glob("*.json")
    for suffix in (".json", ".safetensors"):
        shutil.copy(newest.with_suffix(suffix), run.checkpoints / f"0000000001{suffix}")
    (run.checkpoints / "0000000001.json.tmp").write_text("cut off")
    arguments = ["gc", "--store", str(store.root)]
    assert call([*arguments, "--dry-run"]) == 0
    told = capsys.readouterr()
    assert told.err.startswith("would delete 3 files, ")
    assert told.out.count("0000000001") == 3
    assert call(arguments) == 0
    assert {path.stem for path in run.checkpoints.iterdir()} == {newest.stem}
    assert Run(run.run_id, store).predict("1234") == before
    assert list(damages(store.root)) == []
    assert call(arguments) == 0
    assert "is unneeded" in capsys.readouterr().err


def test_a_damaged_newest_checkpoint_keeps_the_one_before_it(small, train_here, store) -> None:
    run = train_here(small)
    (newest,) = run.checkpoints.glob("*.json")
    for suffix in (".json", ".safetensors"):
        path = newest.with_suffix(suffix)
        shutil.copy(path, run.checkpoints / f"9999999999{suffix}")
    (run.checkpoints / "9999999999.safetensors").write_bytes(b"damaged")
    left = {path.stem for path in run.checkpoints.iterdir()}
    assert left == {newest.stem, "9999999999"}
    tidying.take_away(tidying.unneeded(store))
    assert {path.stem for path in run.checkpoints.iterdir()} == {newest.stem}


def test_an_unfinished_run_keeps_all_of_it(small, train_here, store) -> None:
    run = train_here(small)
    (run.path / "record.json").unlink()
    assert list(tidying.unneeded(store, last=True)) == []


def test_the_last_checkpoint_goes_where_that_is_wanted(small, train_here, store, capsys) -> None:
    run = train_here(small)
    arguments = ["gc", "--last", "--store", str(store.root)]
    assert call(arguments) == 2
    assert "give --yes" in capsys.readouterr().err
    assert call([*arguments, "--yes"]) == 0
    assert list(run.checkpoints.iterdir()) == []
    assert run.metrics().epochs
    assert list(damages(store.root)) == []


def test_no_store_is_told(tmp_path, capsys) -> None:
    assert call(["gc", "--store", str(tmp_path / "nowhere")]) == 2
    assert "nowhere is not there" in capsys.readouterr().err
