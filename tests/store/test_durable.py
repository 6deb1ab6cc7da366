"""What is on the disk, and not only in its cache, at the moments when a crash would matter."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from assay.config import MemoryConfig
from assay.store import RunFolder, Store
from assay.store.durable import (
    JsonLines,
    make_folder,
    replacing,
    sync_folder,
    write_atomic,
)
from assay.training import Artifact
from assay.training.loop import _keep


@dataclass(frozen=True)
class Event:
    """A sync or a rename of what an inode stands for, and how large it was at that moment."""

    kind: str
    inode: int
    size: int
    target: str = ""

    def is_sync_of(self, path: Path) -> bool:
        return self.kind == "sync" and self.inode == path.stat().st_ino


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Every sync and rename, in order."""
    found: list[Event] = []
    fsync, replace = os.fsync, os.replace

    def record_sync(descriptor: int) -> None:
        status = os.fstat(descriptor)
        found.append(Event("sync", status.st_ino, status.st_size))
        fsync(descriptor)

    def record_rename(source: str | Path, target: str | Path) -> None:
        if isinstance(source, Path):  # pytest renames what it compiled by its text
            status = source.stat()
            found.append(Event("rename", status.st_ino, status.st_size, str(target)))
        replace(source, target)

    monkeypatch.setattr(os, "fsync", record_sync)
    monkeypatch.setattr(os, "replace", record_rename)
    return found


def test_a_file_is_synced_whole_then_renamed_then_its_folder_synced(tmp_path, events) -> None:
    path = tmp_path / "record.json"
    write_atomic(path, b"x" * 70)
    inode = path.stat().st_ino
    sync, rename, folder = events
    assert sync == Event("sync", inode, 70)
    assert rename == Event("rename", inode, 70, str(path))
    assert folder.is_sync_of(tmp_path)


def test_an_error_leaves_the_old_file_and_no_temporary_one(tmp_path) -> None:
    path = tmp_path / "record.json"
    write_atomic(path, b"old")
    with pytest.raises(TypeError), replacing(path) as file:
        file.write("no bytes")
    assert [each.name for each in tmp_path.iterdir()] == ["record.json"]
    assert path.read_bytes() == b"old"


def test_what_a_crash_left_is_taken_over(tmp_path) -> None:
    left = tmp_path / ".record.json.tmp"
    left.write_bytes(b"half of something longer")
    write_atomic(tmp_path / "record.json", b"new")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"new"]


def test_many_writers_of_one_file_leave_that_of_one_of_them(tmp_path) -> None:
    path, contents = tmp_path / "page", [bytes([number]) * 50_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda content: write_atomic(path, content), contents * 5))
    assert path.read_bytes() in contents
    assert [each.name for each in tmp_path.iterdir()] == ["page"]


def test_a_folder_that_cannot_be_synced_is_told(tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "none")


def test_a_new_run_is_in_its_folder_and_in_the_store(store, small, events) -> None:
    store.prepare()
    folder = store.create(small)
    names = [each.target for each in events if each.kind == "rename"]
    assert names == [str(folder.path / "config.json")]
    synced = [
        place for each in events for place in (folder.path, store.root) if each.is_sync_of(place)
    ]
    # Its name in the store, that of its checkpoints, and its configuration.
    assert synced == [store.root, folder.path, folder.path]


def test_every_folder_that_is_made_has_a_name_on_the_disk(tmp_path, events) -> None:
    make_folder(tmp_path / "a" / "b" / "c")
    for event, folder in zip(events, (tmp_path, tmp_path / "a", tmp_path / "a" / "b"), strict=True):
        assert event.is_sync_of(folder)
    events.clear()
    make_folder(tmp_path / "a" / "b")
    assert not events


def test_a_store_and_what_a_run_keeps_beside_its_log_have_names_on_the_disk(
    tmp_path, small, events
) -> None:
    store = Store(tmp_path / "new" / "store")
    store.prepare()
    assert events[0].is_sync_of(tmp_path)
    assert events[1].is_sync_of(tmp_path / "new")
    folder = store.create(small)
    events.clear()
    _keep(Artifact("samples", frozenset({0}), ".npy", lambda: b"x"), 0, folder)
    assert events[0].is_sync_of(folder.path)
    assert events[-1].is_sync_of(folder.path / "samples")


def test_a_mark_covers_lines_that_are_synced(tmp_path, events) -> None:
    path = tmp_path / "metrics.jsonl"
    log = JsonLines(path)
    assert [each.is_sync_of(tmp_path) for each in events] == [True]  # where it is new
    events.clear()
    for update in range(100):
        log.append({"update": update})
    assert not events
    mark = log.mark()
    assert [each.is_sync_of(path) for each in events] == [True]
    assert events[0].size == mark["bytes"] == path.stat().st_size
    log.append({"update": 100})
    log.close()
    assert [each.size for each in events] == [mark["bytes"], path.stat().st_size]


def test_a_checkpoint_and_a_record_come_after_the_lines_they_count(
    small: MemoryConfig, train_here: Callable[[MemoryConfig], RunFolder], events: list[Event]
) -> None:
    folder = train_here(small)
    logs = {name: folder.path / f"{name}.jsonl" for name in ("metrics", "timings")}
    (newest,) = sorted(folder.checkpoints.glob("*.json"))[-1:]
    state = json.loads(newest.read_bytes())["state"]
    renamed = {each.target: place for place, each in enumerate(events) if each.kind == "rename"}
    for name, log in logs.items():
        before = events[: renamed[str(newest)]]
        sizes = [each.size for each in before if each.is_sync_of(log)]
        assert sizes[-1] == state[name]["bytes"], name
    tensors = renamed[str(newest.with_suffix(".safetensors"))]
    assert tensors < renamed[str(newest)]
    assert events[tensors + 1].is_sync_of(folder.checkpoints)
    assert events[renamed[str(newest)] + 1].is_sync_of(folder.checkpoints)
    record = folder.record()
    assert record is not None
    place = renamed[str(folder.path / "record.json")]
    synced = [each.size for each in events[:place] if each.is_sync_of(logs["metrics"])]
    assert synced[-1] == record.metrics.bytes
    assert events[place + 1].is_sync_of(folder.path)
