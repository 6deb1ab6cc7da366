"""A run that was stopped, killed or damaged ends exactly as one that never was."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from assay.config import MemoryConfig
from assay.execution.events import Result
from assay.execution.runner import execute
from assay.store import RunFolder, Store
from assay.training import checkpoint
from assay.training.resume import data_sha256

Train = Callable[[MemoryConfig], RunFolder]

CONFIGS = {
    "lstm, fused": {},
    "lstm as reported, adam": {"lstm_form": "as_reported", "optimizer": "adam"},
    "gru, one-hot": {"cell": "gru", "encoding": "one_hot"},
    "rnn, double softmax": {"cell": "rnn", "loss": "double_softmax"},
    "adding": {"task": "adding", "length": 6},
}


def _stop_after(looks: int) -> Callable[[], bool]:
    """A stop that comes true after so many updates."""
    seen = iter(range(looks))
    return lambda: next(seen, None) is None


def _run(config: MemoryConfig, store: Store, updates: int) -> Result:
    return execute(config, store, lambda at: None, _stop_after(updates))


def _same(one: RunFolder, other: RunFolder) -> None:
    assert (one.path / "metrics.jsonl").read_bytes() == (other.path / "metrics.jsonl").read_bytes()
    left, right = checkpoint.newest(one.checkpoints), checkpoint.newest(other.checkpoints)
    assert left.step == right.step
    assert left.tensors.keys() == right.tensors.keys()
    for name, tensor in left.tensors.items():
        assert torch.equal(tensor, right.tensors[name]), name


@pytest.mark.parametrize("changes", CONFIGS.values(), ids=CONFIGS.keys())
def test_stopped_twice_ends_bit_identical(
    small: MemoryConfig, changes: dict[str, str], train_here: Train, tmp_path: Path
) -> None:
    config = small.replace(**changes)
    whole = train_here(config)
    store = Store(tmp_path / "other")
    assert _run(config, store, 3).status == "stopped"
    assert _run(config, store, 9).status == "stopped"
    assert _run(config, store, 10**6).status == "finished"
    _same(whole, store.folder(config))


def test_every_update_is_a_safe_place_to_stop(
    small: MemoryConfig, train_here: Train, tmp_path: Path
) -> None:
    whole = train_here(small)
    store = Store(tmp_path / "other")
    while _run(small, store, 0).status == "stopped":
        pass
    _same(whole, store.folder(small))


def test_lines_after_the_checkpoint_and_a_torn_one_are_cut(
    small: MemoryConfig, train_here: Train, tmp_path: Path
) -> None:
    whole = train_here(small)
    store = Store(tmp_path / "other")
    _run(small, store, 10)
    folder = store.folder(small)
    with (folder.path / "metrics.jsonl").open("ab") as file:
        file.write(b'{"update":11,"check":{"accuracy":0.5}}\n{"upda')
    _run(small, store, 10**6)
    _same(whole, folder)


@pytest.mark.parametrize("damaged", ["checkpoint", "metrics"])
def test_damage_falls_back_and_says_so(
    small: MemoryConfig, train_here: Train, tmp_path: Path, damaged: str
) -> None:
    whole = train_here(small)
    store = Store(tmp_path / "other")
    _run(small, store, 4)
    _run(small, store, 9)
    folder = store.folder(small)
    if damaged == "checkpoint":
        newest = max(folder.checkpoints.glob("*.safetensors"))
        newest.write_bytes(newest.read_bytes()[:-1])
        expected = "passed over: checkpoint"
    else:
        path = folder.path / "metrics.jsonl"
        path.write_bytes(b"X" + path.read_bytes()[1:])
        expected = "metrics.jsonl is damaged"
    result = _run(small, store, 10**6)
    assert result.status == "finished"
    assert any(expected in notice for notice in result.notices)
    assert ("started again from the first update" in result.notices) == (damaged == "metrics")
    _same(whole, folder)
    record = folder.record()
    assert record is not None
    assert record.notices == list(result.notices)


def test_another_compute_path_is_refused(small: MemoryConfig, store: Store) -> None:
    _run(small, store, 5)
    before = (store.folder(small).path / "metrics.jsonl").read_bytes()
    torch.set_num_threads(2)
    result = _run(small, store, 10**6)
    assert result.status == "failed"
    assert "began with threads 1 and this is 2" in result.message
    assert (store.folder(small).path / "metrics.jsonl").read_bytes() == before
    torch.set_num_threads(1)
    assert _run(small, store, 10**6).status == "finished"


def test_a_finished_run_is_not_trained_again(small: MemoryConfig, train_here: Train) -> None:
    folder = train_here(small)
    before = {path: path.stat().st_mtime_ns for path in folder.path.rglob("*.json*")}
    train_here(small)
    assert {path: path.stat().st_mtime_ns for path in folder.path.rglob("*.json*")} == before


def test_checkpoints_by_the_clock_change_no_number(
    small: MemoryConfig, train_here: Train, tmp_path: Path
) -> None:
    whole = train_here(small)
    store = Store(tmp_path / "other")
    assert execute(small, store, lambda at: None, lambda: False, 0.0).status == "finished"
    _same(whole, store.folder(small))


def test_the_seconds_of_all_attempts_are_in_the_record(
    small: MemoryConfig, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = itertools.count()
    monkeypatch.setattr("assay.training.resume.time.monotonic", lambda: float(next(clock)))
    seconds = []
    for updates in (5, 9, 10**6):
        _run(small, store, updates)
        found = checkpoint.newest(store.folder(small).checkpoints).state["seconds"]
        seconds.append(found)
    record = store.folder(small).record()
    assert record is not None
    assert 0 < seconds[0] < seconds[1] < seconds[2] <= record.seconds
    timings = (store.folder(small).path / "timings.jsonl").read_text().splitlines()
    told = [json.loads(line)["seconds"] for line in timings]
    assert told == sorted(told)
    assert seconds[1] < told[-1]


def test_metrics_hold_no_wall_time(small: MemoryConfig, train_here: Train) -> None:
    folder = train_here(small)
    keys = {
        key
        for line in (folder.path / "metrics.jsonl").read_text().splitlines()
        for key in json.loads(line)
    }
    assert keys == {
        *("epoch", "update", "training", "validation", "check", "probe", "whole"),
        *("part0", "part1"),
    }


GENERATOR = """
from pathlib import Path

def faces(rng, length, data_size):
    shift = int(Path(__file__).with_name("shift.txt").read_text())
    x = rng.integers(0, 6, (data_size, length)) + shift
    return x, x[:, 0] % 2
"""


@pytest.fixture
def shifting(small: MemoryConfig, tmp_path: Path) -> MemoryConfig:
    """A generator that reads a file beside it, which is not part of its hash."""
    (tmp_path / "dice.py").write_text(GENERATOR)
    (tmp_path / "shift.txt").write_text("0")
    return small.replace(task="dice:faces", cell="rnn", folder=str(tmp_path))


def _other_data(config: MemoryConfig) -> None:
    from assay.kinds.memory.data import _dataset

    Path(config.folder, "shift.txt").write_text("1")
    _dataset.cache_clear()  # as in another process


def test_a_resume_on_other_data_is_refused(shifting: MemoryConfig, store: Store) -> None:
    assert _run(shifting, store, 10).status == "stopped"
    before = checkpoint.newest(store.folder(shifting).checkpoints)
    _other_data(shifting)
    result = _run(shifting, store, 10**6)
    assert result.status == "failed"
    assert "was trained on other data up to update 11" in result.message
    assert str(store.folder(shifting).path) in result.message
    assert checkpoint.newest(store.folder(shifting).checkpoints).state == before.state
    Path(shifting.folder, "shift.txt").write_text("0")
    from assay.kinds.memory.data import _dataset

    _dataset.cache_clear()
    assert _run(shifting, store, 10**6).status == "finished"


def test_a_checkpoint_of_the_version_before_says_nothing_of_its_data(
    small: MemoryConfig, train_here: Train, tmp_path: Path
) -> None:
    whole = train_here(small)
    store = Store(tmp_path / "other")
    _run(small, store, 10)
    folder = store.folder(small).checkpoints
    found = checkpoint.newest(folder)
    assert found.state.pop("data")
    checkpoint.write(folder, found)
    assert _run(small, store, 10**6).status == "finished"
    _same(whole, store.folder(small))


@pytest.mark.parametrize(
    "other",
    [
        [torch.tensor([1, 2, 3, 5])],
        [torch.tensor([1, 2]), torch.tensor([3, 4])],
        [torch.tensor([[1, 2], [3, 4]])],
        [torch.tensor([1, 2, 3, 4], dtype=torch.int32)],
    ],
)
def test_the_hash_of_data_is_over_numbers_shapes_and_types(other: list[torch.Tensor]) -> None:
    one = [torch.tensor([1, 2, 3, 4])]
    assert data_sha256(one) == data_sha256([torch.tensor([0, 1, 2, 3, 4])[1:]])
    assert data_sha256(one) != data_sha256(other)
