import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assay.config import MemoryConfig
from assay.errors import RunLockedError, StoreError
from assay.store import RunFolder, Store
from assay.store.durable import JsonLines, write_atomic

Train = Callable[[MemoryConfig], RunFolder]


def test_a_run_reads_back(small: MemoryConfig, store: Store, train_here: Train) -> None:
    folder = train_here(small)
    assert folder.config() == small
    assert folder.status == "finished"
    assert folder.metrics().probes[0].name == "state_gradient"
    assert [run.run_id for run in store.runs()] == [small.run_id]
    assert store.find(small.run_id[:5]).run_id == small.run_id
    assert store.find(str(folder.path)).run_id == small.run_id


def test_config_is_written_first_and_record_last(small: MemoryConfig, store: Store) -> None:
    folder = store.create(small)
    assert json.loads((folder.path / "config.json").read_text())["hidden_size"] == 8
    assert folder.status == "unfinished"
    assert folder.metrics().lines == ()


def test_a_second_process_is_told(small: MemoryConfig, store: Store) -> None:
    folder = store.create(small)
    code = (
        "import sys; from assay.store import RunFolder; from pathlib import Path\n"
        "with RunFolder(Path(sys.argv[1])).lock():\n"
        "    print('locked', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(folder.path)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        with pytest.raises(RunLockedError, match="trained by another process"), folder.lock():
            pass
        other.kill()
        other.wait()
    with folder.lock():
        pass


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b'{"kind": "memory"}'])
def test_a_damaged_config_is_named(small: MemoryConfig, store: Store, content: bytes) -> None:
    folder = store.create(small)
    (folder.path / "config.json").write_bytes(content)
    with pytest.raises(StoreError, match=r"config\.json"):
        folder.config()


def test_damaged_metrics_and_records_are_named(small: MemoryConfig, train_here: Train) -> None:
    folder = train_here(small)
    path = folder.path / "metrics.jsonl"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"0.", b"1.", 1))
    with pytest.raises(StoreError, match=r"metrics\.jsonl is damaged"):
        folder.metrics()
    path.write_bytes(content)
    assert folder.metrics().lines
    (folder.path / "record.json").write_text('{"status": "finished"}')
    with pytest.raises(StoreError, match=r"record\.json is damaged"):
        folder.record()


def test_of_a_run_under_way_only_whole_lines_are_read(small: MemoryConfig, store: Store) -> None:
    folder = store.create(small)
    line = b'{"update":25,"check":{"accuracy":0.4}}\n'
    (folder.path / "metrics.jsonl").write_bytes(2 * line + line[:-1])
    assert len(folder.metrics().checks) == 2
    (folder.path / "metrics.jsonl").write_bytes(line[:9])
    assert not folder.metrics().lines


def test_a_write_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    write_atomic(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"


def test_a_log_refuses_numbers_that_json_has_not(tmp_path: Path) -> None:
    log = JsonLines(tmp_path / "a.jsonl")
    with pytest.raises(ValueError, match="not JSON compliant"):
        log.append({"loss": float("nan")})


def test_rewinding_beyond_what_is_there_changes_nothing(tmp_path: Path) -> None:
    log = JsonLines(tmp_path / "a.jsonl")
    log.append({"a": 1})
    mark = log.mark()
    log.append({"a": 2})
    with pytest.raises(StoreError, match="is damaged"):
        log.rewind({**mark, "bytes": 10_000})
    assert len((tmp_path / "a.jsonl").read_bytes().splitlines()) == 2
    log.rewind(mark)
    log.append({"a": 3})
    log.close()
    assert (tmp_path / "a.jsonl").read_text() == '{"a":1}\n{"a":3}\n'
