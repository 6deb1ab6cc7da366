"""What `assay doctor` looks at in a store, and what it says that it did not."""

import json
from pathlib import Path

import pytest

from assay.cli import call
from assay.config import MemoryConfig
from assay.store import RunFolder, Store
from assay.store.inspection import inspect
from assay.store.log import Check
from tests.report.made_up_runs import write_run


def write(store: Store, seed: int) -> RunFolder:
    return write_run(store, MemoryConfig(seed=seed), [Check(25, {"accuracy": 0.5})])


def test_one_damaged_run_hides_no_other(store: Store) -> None:
    first, second, _ = [write(store, seed) for seed in range(3)]
    (first.path / "metrics.jsonl").write_text("{}\n")
    (second.path / "config.json").write_text("{")
    found = inspect(store)
    assert found.runs == 3
    assert sorted(Path(each.split()[0]).parent.name for each in found.problems) == sorted(
        [first.run_id, second.run_id]
    )


def test_what_was_not_looked_at_is_said(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert inspect(store).beyond == []
    write(store, 0)
    assert len(inspect(store).beyond) == 1
    (write(store, 1).path / "record.json").unlink()
    assert call(["doctor", "--store", str(store.root)]) == 0
    out = capsys.readouterr().out
    assert "not looked at: checkpoints, samples, snapshots and own data" in out
    assert "not looked at: the logs of 1 runs that have not ended" in out
    assert call(["doctor", "--store", str(store.root), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["not_looked_at"] == inspect(store).beyond


def test_declarations_are_looked_at(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    store.prepare()
    store.declaration_log.write_text("[]\n")
    assert call(["doctor", "--store", str(store.root)]) == 1
    assert "problem: " in (out := capsys.readouterr().out)
    assert str(store.declaration_log) in out
