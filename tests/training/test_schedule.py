import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from assay.training import Schedule


@given(examples=st.integers(1, 400), batch_size=st.integers(1, 200), seed=st.integers(0, 5))
def test_an_epoch_shows_every_example_once(examples: int, batch_size: int, seed: int) -> None:
    schedule = Schedule(examples, batch_size, updates=10**6, seed=seed)
    for epoch in (0, 3):
        first = epoch * schedule.updates_per_epoch
        batches = [schedule.batch(first + i) for i in range(schedule.updates_per_epoch)]
        assert torch.cat(batches).sort().values.tolist() == list(range(examples))
        assert all(len(batch) == batch_size for batch in batches[:-1])


def test_the_reports_numbers_of_updates() -> None:
    assert Schedule(80_000, 128, 62_500, 0).updates_per_epoch == 625
    assert Schedule(800, 128, 700, 0).updates_per_epoch == 7


def test_order_depends_on_seed_and_epoch_only() -> None:
    one, same, other = (Schedule(500, 100, 50, seed) for seed in (1, 1, 2))
    assert torch.equal(one.batch(7), same.batch(7))
    assert not torch.equal(one.batch(0), other.batch(0))
    assert not torch.equal(one.batch(0), one.batch(5))


@pytest.mark.parametrize(
    ("update", "epoch", "ends"), [(1, 1, False), (7, 1, True), (8, 2, False), (14, 2, True)]
)
def test_epochs_are_counted_from_one(update: int, epoch: int, ends: bool) -> None:
    schedule = Schedule(800, 128, 700, 0)
    assert schedule.epoch(update) == epoch
    assert schedule.ends_epoch(update) is ends


def test_a_training_that_stops_within_an_epoch_ends_it() -> None:
    schedule = Schedule(800, 128, 10, 0)
    assert schedule.ends_epoch(10)
    assert schedule.is_check(10)
