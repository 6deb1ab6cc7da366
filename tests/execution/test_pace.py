import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.config import MemoryConfig
from assay.execution.events import Result, Update
from assay.execution.pace import TimeLeft, makespan, work
from assay.kinds.command.config import CommandConfig
from assay.kinds.memory import KIND


@given(st.lists(st.floats(0, 100, allow_subnormal=False), max_size=12), st.integers(1, 4))
def test_makespan_lies_between_its_bounds(seconds: list[float], workers: int) -> None:
    """Graham's bound: the longest first is within 4/3 of the best, itself at least the mean."""
    least = max([sum(seconds) / workers, *seconds], default=0.0)
    assert least - 1e-6 <= makespan(seconds, workers) <= 2 * least + 1e-6


def test_makespan_of_two_workers() -> None:
    assert makespan([3, 3, 2, 2, 2], 2) == 7
    assert makespan([], 2) == 0


def test_the_longest_run_is_taken_first() -> None:
    assert makespan([1, 1, 4], 2) == 4
    assert makespan([2, 1, 1, 2, 3], 2) == 5


def test_updates_are_those_of_the_report() -> None:
    assert KIND.updates(MemoryConfig()) == 700
    assert KIND.updates(MemoryConfig(length=20)) == 62_500
    assert KIND.updates(MemoryConfig(length=20, updates=50)) == 50


def test_pace_is_measured_and_shared_by_runs_of_one_shape(small: MemoryConfig) -> None:
    assert 0 < KIND.seconds(small) < 1
    same = small.replace(seed=5, learning_rate=0.5, epochs=9)
    assert KIND.pace(small) == KIND.pace(same)
    assert KIND.pace(small) != KIND.pace(small.replace(hidden_size=9))
    assert work(small.replace(epochs=6)) == 2 * work(small)


def test_time_left_follows_the_pace(small: MemoryConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    runs = [small.replace(seed=seed) for seed in range(3)]
    left = TimeLeft(runs, workers=1)
    assert left.seconds() is None
    left.see(Update(runs[0].run_id, 4, 24, 1, None))
    clock[0] = 10.0
    seen = Update(runs[0].run_id, 14, 24, 2, 0.5)
    left.see(seen)
    assert left.rate(seen) == pytest.approx(1.0)
    assert left.seconds() == pytest.approx(10 + 24 + 24)
    left.see(Result(runs[0].run_id, "finished"))
    assert left.seconds() == pytest.approx(48)


def test_a_run_whose_updates_nobody_knows_is_known_once_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr("assay.execution.pace.time.monotonic", lambda: now[0])
    first = CommandConfig(command="echo", pattern="a {b}")
    configs = [first.model_copy(update={"seed": seed}) for seed in range(3)]
    left = TimeLeft(configs, 1)
    left.see(Update(configs[0].run_id, 1, None, 0, None))
    now[0] = 104.0
    left.see(Update(configs[0].run_id, 9, None, 0, None))
    assert left.seconds() is None
    left.see(Result(configs[0].run_id, "finished"))
    assert left.seconds() == 8.0
