"""Every file of a store and of evidence is looked at, and what is damaged is moved aside."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assay.cli import call
from assay.config import MemoryConfig
from assay.errors import StoreError
from assay.store import RunFolder, Store
from assay.store.repair import repair
from assay.store.verifying import damages

Train = Callable[[MemoryConfig], RunFolder]


@pytest.fixture
def run(small: MemoryConfig, train_here: Train) -> RunFolder:
    return train_here(small.replace(epochs=1))


def _flip(path: Path) -> Path:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    return path


def _newest(run: RunFolder, suffix: str) -> Path:
    return max(run.checkpoints.glob(f"*{suffix}"))


DAMAGE: dict[str, Callable[[RunFolder], Path]] = {
    "configuration": lambda run: _flip(run.path / "config.json"),
    "log": lambda run: _flip(run.path / "metrics.jsonl"),
    "record": lambda run: _cut(run.path / "record.json"),
    "wall times": lambda run: _cut(run.path / "timings.jsonl"),
    "tensors": lambda run: _flip(_newest(run, ".safetensors")),
    "checkpoint": lambda run: _cut(_newest(run, ".json")),
}


def _cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-5])
    return path


@pytest.mark.parametrize("what", DAMAGE)
def test_what_is_damaged_is_named_and_moved_aside_and_the_rest_is_well(
    what: str, run: RunFolder, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    path = DAMAGE[what](run)
    content = path.read_bytes()
    assert call(["verify", str(store.root)]) == 1
    assert run.run_id in capsys.readouterr().out
    assert call(["verify", str(store.root), "--repair"]) == 0
    capsys.readouterr()
    assert call(["verify", str(store.root)]) == 0
    assert capsys.readouterr().out == "all is well\n"
    kept = store.root / "damaged" / path.relative_to(store.root)
    assert kept.read_bytes() == content


def test_a_run_whose_record_was_damaged_ends_as_it_was(
    run: RunFolder, store: Store, small: MemoryConfig, train_here: Train
) -> None:
    before = (run.path / "metrics.jsonl").read_bytes()
    _cut(run.path / "record.json")
    repair(store.root, list(damages(store.root)))
    again = train_here(small.replace(epochs=1))
    assert again.status == "finished"
    assert (again.path / "metrics.jsonl").read_bytes() == before


def test_nothing_that_was_moved_aside_is_written_over(run: RunFolder, store: Store) -> None:
    for content in ("first", "second"):
        (run.path / "timings.jsonl").write_text(content)
        repair(store.root, list(damages(store.root)))
    aside = store.root / "damaged" / run.run_id
    assert {path.read_text() for path in aside.iterdir()} == {"first", "second"}


def test_a_run_whose_last_checkpoint_was_damaged_ends_as_it_was(
    run: RunFolder, store: Store, small: MemoryConfig, train_here: Train
) -> None:
    newest = _newest(run, ".safetensors")
    before = newest.read_bytes()
    _flip(newest)
    repair(store.root, list(damages(store.root)))
    train_here(small.replace(epochs=1))
    assert newest.read_bytes() == before


def test_what_a_crash_left_of_a_file_is_no_damage(run: RunFolder, store: Store) -> None:
    (run.path / ".record.json.tmp").write_text("{")
    assert not list(damages(store.root))


def test_a_run_that_is_being_trained_is_left_alone(run: RunFolder, store: Store) -> None:
    _flip(run.path / "metrics.jsonl")
    with run.lock(), pytest.raises(StoreError, match="is being trained by another process"):
        repair(store.root, list(damages(store.root)))
    assert run.exists


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["verify", str(tmp_path / "none")]) == 2
    assert "none is no folder: give a store, or a folder of evidence" in capsys.readouterr().err
