"""A run that is taken from a process that was cut off: what that does later harms nothing."""

import os
from pathlib import Path

import pytest

from assay.config import MemoryConfig, Progress
from assay.errors import RunLockedError
from assay.execution.events import Elsewhere, Result
from assay.execution.runner import execute
from assay.store import RunFolder, Store
from assay.store.durable import write_atomic
from assay.store.log import Numbers
from assay.store.ownership import owner_name

HERE = owner_name(os.getpid())


@pytest.fixture
def run(small: MemoryConfig, store: Store) -> RunFolder:
    return store.create(small)


def test_a_run_names_the_process_that_trains_it(run: RunFolder) -> None:
    assert run.owner == ""
    with run.lock():
        assert run.owner == HERE
        assert RunFolder(run.path).owned
        run.check_owned()
    assert not run.owned


def test_it_is_owned_by_whatever_path_it_is_reached(run: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "mount").symlink_to(run.path.parent)
    there = RunFolder(tmp_path / "mount" / run.run_id)
    with run.lock():
        assert there.owned
        with pytest.raises(RunLockedError, match="is being trained by another process"):
            there.lock().__enter__()
    assert not there.owned


def test_it_is_taken_from_none_but_who_is_named(run: RunFolder) -> None:
    with run.lock():
        assert not RunFolder(run.path).take_from("elsewhere 1")
        assert not RunFolder(run.path).take_from("")
        run.check_owned()
        assert RunFolder(run.path).owned


def test_an_owner_whose_lock_a_file_server_ended_finds_another_name(run: RunFolder) -> None:
    with run.lock():
        (run.path / "lock").write_text("")  # as a library of before leaves it that looks
        run.check_owned()
        (run.path / "lock").write_text("elsewhere 1")
        with pytest.raises(RunLockedError, match="was taken over"):
            run.check_owned()
        (run.path / "lock").unlink()
        run.check_owned()


def test_of_what_is_taken_the_one_before_writes_nothing(run: RunFolder) -> None:
    log = run.log("metrics")
    with run.lock():
        log.append(Numbers(1, {"loss": 0.5}))
        assert RunFolder(run.path).take_from(HERE)
        log.append(Numbers(2, {"loss": 0.25}))
        for attempt in (
            run.check_owned,
            lambda: write_atomic(run.path / "record.json", b"{}", run.check_owned),
        ):
            with pytest.raises(RunLockedError, match=f"{run.run_id} was taken over by another"):
                attempt()
        assert not list(run.path.glob("*record*"))
        with (other := RunFolder(run.path)).lock():
            other.check_owned()
            assert [line.update for line in other.metrics().lines] == [1]
    assert not RunFolder(run.path).owned


def test_taken_between_a_temporary_file_and_its_name_nothing_is_written(run: RunFolder) -> None:
    kept = run.checkpoints / "0000000007.json"
    run.checkpoints.mkdir(exist_ok=True)
    for moment in ("before", "after"):  # the check
        with run.lock():

            def check(moment: str = moment) -> None:
                if moment == "before":
                    assert RunFolder(run.path).take_from(HERE)
                run.check_owned()
                if moment == "after":
                    assert RunFolder(run.path).take_from(HERE)

            with pytest.raises((RunLockedError, FileNotFoundError)):
                write_atomic(kept, b"{}", check)
    assert not list(run.checkpoints.iterdir())


def test_a_training_whose_run_is_taken_ends_and_the_next_comes_to_the_same_bytes(
    small: MemoryConfig, store: Store, tmp_path: Path
) -> None:
    small = small.replace(epochs=40)
    store.prepare()
    whole = Store(tmp_path / "whole")
    whole.prepare()
    run = store.folder(small)

    taken: list[bool] = []

    def watch(at: Progress) -> None:
        if at.update and not taken:
            taken.append(RunFolder(run.path).take_from(HERE))

    ended = execute(small, store, watch, lambda: False, checkpoint_seconds=0)
    assert taken == [True]
    assert ended == Elsewhere(small.run_id)
    assert run.record() is None
    for each in (store, whole):
        ended = execute(small, each, lambda at: None, lambda: False)
        assert isinstance(ended, Result)
        assert ended.status == "finished"
    log, weights = "metrics.jsonl", sorted(run.checkpoints.glob("*.safetensors"))[-1]
    there = whole.folder(small)
    assert (run.path / log).read_bytes() == (there.path / log).read_bytes()
    assert weights.read_bytes() == (there.checkpoints / weights.name).read_bytes()
