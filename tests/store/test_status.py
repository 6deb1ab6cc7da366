"""How far the runs of a store are, as data."""

from collections.abc import Callable

from assay.config import MemoryConfig
from assay.execution.runner import execute
from assay.store import RunFolder, Store
from assay.store.inspection import inspect
from assay.store.status import RunStatus, statuses


def test_every_run_has_a_row(
    small: MemoryConfig, store: Store, train_here: Callable[[MemoryConfig], RunFolder]
) -> None:
    assert statuses(store) == []
    done = train_here(small)
    half, begun, torn = (small.replace(seed=seed) for seed in (1, 2, 3))
    calls = iter([False] * 9 + [True] * 100)
    execute(half, store, lambda at: None, lambda: next(calls))
    store.create(begun)
    (store.create(torn).path / "config.json").write_text("{")
    record = done.record()
    assert record is not None
    expected = {
        done.run_id: RunStatus(done.run_id, small.label, "finished", 24, record.seconds),
        half.run_id: RunStatus(half.run_id, half.label, "unfinished", 8, None),
        begun.run_id: RunStatus(begun.run_id, begun.label, "unfinished", 0, None),
    }
    rows = {row.run: row for row in statuses(store)}
    damaged = rows.pop(torn.run_id)
    assert rows == expected
    assert (damaged.status, damaged.updates, damaged.seconds) == ("damaged", 0, None)
    assert "config.json cannot be read" in damaged.label


def test_a_log_that_was_altered_is_damage_and_not_an_end_of_the_list(
    small: MemoryConfig, store: Store
) -> None:
    folder = store.create(small)
    (folder.path / "metrics.jsonl").write_text("{]\n")
    (row,) = statuses(store)
    assert row.status == "damaged"
    assert "metrics.jsonl is damaged" in row.label


def test_a_folder_in_which_nothing_was_written_is_no_run_yet(
    small: MemoryConfig, store: Store
) -> None:
    """As one is left where a process is killed before it has written a configuration."""
    folder = store.folder(small)
    folder.checkpoints.mkdir(parents=True)
    (folder.path / "lock").touch()
    assert statuses(store) == []
    assert inspect(store).problems == []
    folder.checkpoints.joinpath("..", "metrics.jsonl").touch()  # its configuration is lost
    assert [row.status for row in statuses(store)] == ["damaged"]
