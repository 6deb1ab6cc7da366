"""A run with a goal ends once two checks in a row reach it, and else after its budget."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from assay.config import MemoryConfig
from assay.errors import ConfigError
from assay.execution.runner import Result, execute
from assay.outcomes.accuracy import updates_to_90
from assay.store import RunFolder, Store
from assay.training import Goal, checkpoint

Train = Callable[[MemoryConfig], RunFolder]

BUDGET = 400


@pytest.fixture
def quick() -> MemoryConfig:
    """The 100 palindromes of three digits, which are learnt within a few checks."""
    return MemoryConfig(
        length=3,
        encoding="one_hot",
        data_size=100,
        batch_size=20,
        hidden_size=16,
        learning_rate=0.01,
        updates=BUDGET,
        stop_accuracy=0.9,
    )


def _once(config: MemoryConfig, store: Store) -> Result:
    """Train until the first update after which it may stop."""
    return execute(config, store, lambda at: None, lambda: True)


def test_two_passes_in_a_row_reach_a_goal() -> None:
    goal = Goal(0.9)
    seen = []
    for accuracy in (0.9, 0.89, 0.95, None, 0.9, 1.0):
        goal.see(accuracy)
        seen.append(bool(goal.reached))
    assert seen == [False] * 5 + [True]


def test_a_run_ends_at_its_goal_and_says_so(quick: MemoryConfig, train_here: Train) -> None:
    folder = train_here(quick)
    whole = train_here(quick.replace(stop_accuracy=None)).metrics()
    log, record = folder.metrics(), folder.record()
    checks = log.points("check.accuracy")
    first = updates_to_90(log, None).value
    assert first is not None
    assert first == updates_to_90(whole, None).value
    end = int(first) + 25
    assert end < BUDGET
    assert checks == whole.points("check.accuracy")[: len(checks)]
    assert checks[-1][0] == end
    assert record is not None
    assert (record.status, record.updates) == ("finished", end)
    assert record.message == "solved: 2 checks in a row at an accuracy of 0.9 or more"
    # What is measured at the end is measured at this one.
    assert [probe.update for probe in log.probes] == [0, end]
    assert log.epochs[-1].update == end
    assert checkpoint.newest(folder.checkpoints).step == end


def test_a_run_that_never_gets_there_makes_all_of_its_updates(
    quick: MemoryConfig, train_here: Train
) -> None:
    config = quick.replace(updates=60, stop_accuracy=0.99, learning_rate=1e-6)
    folder = train_here(config)
    record = folder.record()
    assert record is not None
    assert (record.status, record.updates, record.message) == ("finished", 60, "")
    whole = train_here(config.replace(stop_accuracy=None))
    assert (folder.path / "metrics.jsonl").read_bytes() == (
        whole.path / "metrics.jsonl"
    ).read_bytes()


def test_every_update_is_a_safe_place_to_stop(
    quick: MemoryConfig, train_here: Train, tmp_path: Path
) -> None:
    whole = train_here(quick)
    store = Store(tmp_path / "other")
    while _once(quick, store).status == "stopped":
        pass
    again = store.folder(quick)
    assert (again.path / "metrics.jsonl").read_bytes() == (
        whole.path / "metrics.jsonl"
    ).read_bytes()
    left, right = (checkpoint.newest(each.checkpoints) for each in (whole, again))
    assert left.step == right.step
    assert all(torch.equal(left.tensors[name], right.tensors[name]) for name in left.tensors)


def test_a_crash_before_the_record_does_not_train_on(
    quick: MemoryConfig, train_here: Train
) -> None:
    folder = train_here(quick)
    before = (folder.path / "metrics.jsonl").read_bytes()
    (folder.path / "record.json").unlink()
    again = train_here(quick).record()
    assert again is not None
    assert again.updates < BUDGET
    assert (folder.path / "metrics.jsonl").read_bytes() == before


def test_a_goal_needs_a_budget_and_is_a_share() -> None:
    with pytest.raises(ConfigError, match=r"stop_accuracy = 0\.9 needs updates"):
        MemoryConfig.parse({"stop_accuracy": 0.9}, "test")
    with pytest.raises(ConfigError, match=r"stop_accuracy = 1\.5: should be less than or equal"):
        MemoryConfig.parse({"stop_accuracy": 1.5, "updates": 9}, "test")
