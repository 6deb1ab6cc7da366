"""An index of a store, which never changes an answer."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.config import MemoryConfig
from assay.store import Store, look
from assay.store.index import Index, Kept, index_folder
from assay.store.look import Look
from assay.store.status import statuses
from tests.store.made_up import end

SMALL = MemoryConfig(hidden_size=8, data_size=300, batch_size=32, epochs=3)


@pytest.fixture(autouse=True)
def _kept_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Files are kept however young they are."""
    monkeypatch.setattr(look, "SETTLED_SECONDS", 0.0)
    monkeypatch.setattr("assay.store.cache.cache_folder", lambda: tmp_path / "cache" / "numbers")


def ended(store: Store, seeds: range = range(4)) -> list[MemoryConfig]:
    configs = [SMALL.replace(seed=seed) for seed in seeds]
    for config in configs:
        end(store, config)
    return configs


def answers(store: Store) -> object:
    found = Look(store)
    try:
        progress: object = found.progress
    except Exception as error:
        progress = str(error)
    return [asdict(row) for row in statuses(store)], progress, found.fingerprints


def of_folders(store: Store) -> object:
    class Plain(Store):
        indexed = False

    return answers(Plain(store.root))


def test_a_store_is_not_read_twice(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(store)
    first = answers(store)
    assert first == of_folders(store)
    monkeypatch.setattr("assay.store.folder.RunFolder.content", lambda *of: 1 / 0)
    assert answers(store) == first


def test_what_is_too_young_is_read_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "SETTLED_SECONDS", 3600.0)
    ended(store)
    answers(store)
    assert Index(store.root).read("ended", store.ids()) == {}


def test_a_file_of_the_future_is_read_again(store: Store) -> None:
    """As of a clock that was set back."""
    (config,) = ended(store, range(1))
    os.utime(store.folder(config).path / "record.json", (2**33, 2**33))
    answers(store)
    assert Index(store.root).read("ended", store.ids()) == {}


def test_what_is_gone_is_dropped(store: Store) -> None:
    first, *others = ended(store)
    answers(store)
    shutil.rmtree(store.folder(first).path)
    answers(store)
    kept = Index(store.root).read("ended")
    assert kept.keys() == {each.run_id for each in others}


CHANGES = ("begin", "end", "fail", "delete", "flip", "cut", "same size", "swap", "away", "none")


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                (
                    "begin",
                    "end",
                    "fail",
                    "delete",
                    "flip",
                    "cut",
                    "same size",
                    "swap",
                    "away",
                    "look",
                )
            ),
            st.integers(0, 3),
            st.integers(0, 2**32),
        ),
        max_size=12,
    )
)
def test_it_answers_as_the_folders_do(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    store = Store(tmp_path_factory.mktemp("store"))
    ended(store, range(2))
    for what, seed, at in steps:
        change(store, what, SMALL.replace(seed=seed), random.Random(at))
        assert answers(store) == of_folders(store)


def change(store: Store, what: str, config: MemoryConfig, rng: random.Random) -> None:
    """Do something to a run of a store, as far as it is there."""
    path = store.folder(config).path
    if what == "begin":
        store.create(config)
    elif what in ("end", "fail") and not (path / "record.json").exists():
        end(store, config, "failed" if what == "fail" else "finished")
    elif what == "delete":
        shutil.rmtree(path, ignore_errors=True)
    elif what == "away":  # and another time back
        aside = path.with_name(f"{path.name} aside")
        if path.exists() != aside.exists():
            (path if path.exists() else aside).rename(aside if path.exists() else path)
    elif what == "swap":
        other = store.folder(config.replace(seed=(config.seed + 1) % 4)).path
        if path.exists() and other.exists():
            path.rename(path.with_name("between"))
            other.rename(path)
            path.with_name("between").rename(other)
    elif what in ("flip", "cut", "same size"):
        files = sorted(each for each in path.glob("*.json*") if each.stat().st_size)
        if files:
            damage(rng.choice(files), what, rng)


def damage(path: Path, how: str, rng: random.Random) -> None:
    time.sleep(0.012)  # a step of the clock, which settling takes care of where it is on
    content, before = bytearray(path.read_bytes()), path.stat()
    place = rng.randrange(len(content))
    if how == "cut":
        content = content[:place]
    else:
        content[place] ^= 1 << rng.randrange(8)
    with path.open("r+b") as file:
        file.write(content)
        file.truncate()
    if how == "same size":  # by one who hides it
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.sampled_from(("flip", "many", "cut", "zero", "text", "swap")))
def test_a_damaged_index_changes_nothing(
    damaged_store: tuple[Store, object], at: int, how: str
) -> None:
    store, right = damaged_store
    answers(store)
    path, rng = Index(store.root).path, random.Random(at)
    content = bytearray(path.read_bytes())
    for _ in range(200 if how == "many" else 1):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    if how == "cut":
        content = content[: rng.randrange(len(content))]
    elif how == "zero":
        start = rng.randrange(len(content))
        content[start : start + 4096] = bytes(len(content[start : start + 4096]))
    elif how == "swap":
        content[4096:8192], content[8192:12288] = content[8192:12288], content[4096:8192]
    path.write_bytes(b"no database" if how == "text" else bytes(content))
    assert answers(store) == right
    assert answers(store) == right


@pytest.fixture(scope="module")
def damaged_store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, object]:
    store = Store(tmp_path_factory.mktemp("damaged"))
    ended(store, range(30))
    return store, of_folders(store)


def test_a_value_of_another_type_changes_nothing(store: Store) -> None:
    ended(store)
    right = answers(store)
    for column in ("stamp", "value", "hash", "name"):
        with sqlite3.connect(Index(store.root).path) as connection:
            connection.execute(f"UPDATE OR IGNORE kept SET {column} = 7")
        assert answers(store) == right


@pytest.mark.parametrize("obstacle", ["locked", "a folder", "read-only", "a file in its way"])
def test_an_index_that_cannot_be_used_is_gone_round(
    store: Store, obstacle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.store.index._WAIT_SECONDS", 0.01)
    ended(store)
    right = of_folders(store)
    path = Index(store.root).path
    path.parent.mkdir(parents=True)
    if obstacle == "locked":
        answers(store)
        with sqlite3.connect(path, isolation_level=None) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert answers(store) == right
        other.close()
    elif obstacle == "a folder":
        path.mkdir()
    elif obstacle == "read-only":
        monkeypatch.setattr("assay.store.index.index_folder", lambda: Path("/proc/nowhere"))
    else:
        path.parent.rmdir()
        path.parent.write_text("a file")
    assert answers(store) == right


def test_a_store_that_is_only_read_has_one_too(store: Store) -> None:
    """Nothing is written to it."""
    ended(store)
    before = sorted(path for path in store.root.rglob("*"))
    answers(store)
    assert sorted(path for path in store.root.rglob("*")) == before
    assert Index(store.root).read("ended", store.ids()).keys() == set(store.ids())


def test_records_of_an_older_version_are_kept_as_any(store: Store) -> None:
    """They have no hash of themselves."""
    (config,) = ended(store, range(1))
    path = store.folder(config).path / "record.json"
    head, _, _ = path.read_text().rpartition(',\n  "sha256"')
    path.write_text(head + "\n}\n")
    assert answers(store) == of_folders(store)
    assert Index(store.root).read("ended", store.ids()).keys() == {config.run_id}


def test_another_version_of_assay_reads_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(store)
    answers(store)
    monkeypatch.setattr("assay.store.cache.source_stamp", lambda: b"other code")
    assert Index(store.root).read("ended", store.ids()) == {}
    assert answers(store) == of_folders(store)


def test_those_of_many_stores_do_not_fill_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.store.index.MOST_BYTES", 20_000)
    for number in range(5):
        Index(tmp_path / str(number)).write("ended", {"a": Kept(b"1", "x" * 5_000)})
    assert 1 <= len(list(index_folder().glob("*.sqlite"))) < 5
    assert Index(tmp_path / "4").read("ended", ["a"])


READER = """
import sys
from pathlib import Path
from assay.store import Store, cache, look
from assay.store.status import statuses

look.SETTLED_SECONDS, look._BATCH = 0.0, 1
cache.cache_folder = lambda: Path(sys.argv[2])
store = Store(sys.argv[1])
print("ready", flush=True)
for _ in range(int(sys.argv[3])):
    print(len([row for row in statuses(store) if row.status == "finished"]), flush=True)
"""


def reader(store: Store, tmp_path: Path, times: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", READER, store.root, tmp_path / "cache" / "numbers", str(times)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_processes_share_it_and_one_is_killed_while_it_writes(store: Store, tmp_path: Path) -> None:
    ended(store, range(40))
    right = of_folders(store)
    killed = reader(store, tmp_path, 1)
    assert killed.stdout is not None
    killed.stdout.readline()
    path = Index(store.root).path
    while not path.exists() and killed.poll() is None:
        pass
    killed.send_signal(signal.SIGKILL)
    others = [reader(store, tmp_path, 3) for _ in range(2)]
    for each in [killed, *others]:
        said, _ = each.communicate(timeout=100)
        if each is not killed:
            assert (each.returncode, said.split()) == (0, ["ready", "40", "40", "40"])
    assert answers(store) == right
    assert Index(store.root).read("ended", store.ids()).keys() == set(store.ids())


def test_a_table_of_another_shape_is_made_anew(store: Store) -> None:
    """As damage to SQLite's own text of it leaves one."""
    ended(store)
    right = answers(store)
    with sqlite3.connect(Index(store.root).path) as connection:
        connection.execute("ALTER TABLE kept DROP COLUMN hash")
    assert answers(store) == right
    assert answers(store) == right
    assert Index(store.root).read("ended").keys() == set(store.ids())
