from pathlib import Path

import pytest

from assay.api import train
from assay.config import MemoryConfig
from assay.errors import AssayError
from assay.execution.events import Event, Result, Update
from assay.execution.executor import RunOptions
from assay.execution.start import follow, start
from assay.inference.run import Run
from assay.kinds.command.config import CommandConfig
from assay.plugins import resolve
from assay.store import Store


def test_every_run_is_trained_once_by_processes_of_its_own(
    small: MemoryConfig, store: Store
) -> None:
    events: list[Event] = []
    configs = [small.replace(seed=seed) for seed in range(5)]
    results = follow(start(configs, store, RunOptions(workers=2)), events.append)
    assert sorted(result.run_id for result in results) == sorted(c.run_id for c in configs)
    assert {result.status for result in results} == {"finished"}
    assert {event.run_id for event in events if isinstance(event, Update)} == {
        config.run_id for config in configs
    }
    assert sum(isinstance(event, Result) for event in events) == 5
    assert [run.status for run in store.runs()] == ["finished"] * 5


def test_the_longest_run_comes_first(small: MemoryConfig, store: Store) -> None:
    events: list[Event] = []
    configs = [small.replace(epochs=epochs) for epochs in (1, 4, 2)]
    follow(start(configs, store, RunOptions(workers=1)), events.append)
    ended = [event.run_id for event in events if isinstance(event, Result)]
    assert ended == [configs[index].run_id for index in (1, 2, 0)]


def test_a_worker_and_this_process_come_to_the_same_bytes(
    small: MemoryConfig, store: Store, tmp_path: Path
) -> None:
    from assay.execution.runner import execute

    train(small, store.root)
    here = Store(tmp_path / "here")
    execute(small, here, lambda at: None, lambda: False)
    one, other = (Path(s.folder(small).path, "metrics.jsonl").read_bytes() for s in (store, here))
    assert one == other


def test_the_api_opens_what_it_trained(small: MemoryConfig, store: Store) -> None:
    result = train(small, store.root)
    run = Run(result.run_id[:6], store.root)
    assert run.status == "finished"
    assert run.config == small
    assert run.record is not None
    assert run.record.updates == 24
    assert run.predict("1231").expected is None
    assert run.predict("1232").expected == 1
    assert run.metrics()[-1]["update"] == 24


def test_what_the_user_brings_is_tried_before_anything_starts(
    small: MemoryConfig, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "late.py").write_text("def make(rng, length, data_size):\n    return 1\n")
    own = small.replace(task="late:make", folder=str(tmp_path))
    with pytest.raises(AssayError, match="late:make"):
        start([small, own], store, RunOptions(workers=1))
    assert store.runs() == []


def test_a_run_has_the_environment_of_the_moment_it_was_begun(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not that of the first run of the process, from which a server of workers is left."""
    command = 'python -c \'import os; print("size", os.environ["SIZE"])\''
    for size in ("1", "2"):
        monkeypatch.setenv("SIZE", size)
        config = resolve(
            CommandConfig(
                command=command, pattern=["size {size}"], folder=str(tmp_path), seed=int(size)
            )
        )
        run_id = train(config, store.root).run_id
        assert Run(run_id, store.root).metrics()[-1]["numbers"] == {"size": int(size)}
