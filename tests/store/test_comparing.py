"""The first place where two runs part is named, whatever it is."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from assay.config import MemoryConfig
from assay.errors import StoreError
from assay.store import RunFolder, Store
from assay.store.archive import pack
from assay.store.comparing import Difference, Parting, compare, pairs, side
from tests.tracking.made import end

RUN = MemoryConfig(hidden_size=8, data_size=300, batch_size=32, epochs=3)
ROWS: list[dict[str, Any]] = [
    {"update": 4, "check": {"accuracy": 0.5}},
    {"epoch": 1, "update": 8, "training": {"loss": 2.0}, "validation": {"loss": 2.5}},
    {"update": 8, "probe": "state_gradient", "whole": [-4.0, None], "of": {"deep": 1}},
    {"step": 9, "numbers": {"loss": 1.0}},
]


def made(
    root: Path, rows: Iterable[dict[str, Any]] = ROWS, config: MemoryConfig = RUN
) -> RunFolder:
    folder = Store(root).create(config)
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder.path / "metrics.jsonl").write_text(text)
    end(folder)
    return folder


def changed(line: int, path: list[Any], value: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(json.dumps(ROWS))
    at: Any = rows[line]
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return rows


def test_equal_runs_are_equal(tmp_path: Path) -> None:
    found = compare(made(tmp_path / "a"), made(tmp_path / "b"))
    assert found.equal
    assert (found.lines, found.log, found.weights) == (4, None, 0)
    assert (found.settings, found.environment, found.ending) == ([], [], [])


@pytest.mark.parametrize(
    ("line", "path", "value", "parting"),
    [
        (0, ["check", "accuracy"], 0.75, Parting(1, 4, "check.accuracy", 0.5, 0.75, 0.25)),
        (1, ["validation", "loss"], 2.0, Parting(2, 8, "validation.loss", 2.5, 2.0, 0.5)),
        (2, ["whole", 1], 3.0, Parting(3, 8, "whole[1]", None, 3.0, None)),
        (2, ["of", "deep"], 3, Parting(3, 8, "of.deep", 1, 3, 2.0)),
        (3, ["numbers"], {"other": 1.0}, Parting(4, 9, "numbers.loss", 1.0, None, None)),
    ],
)
def test_the_first_number_that_differs_is_named(
    tmp_path: Path, line: int, path: list[Any], value: Any, parting: Parting
) -> None:
    found = compare(made(tmp_path / "a"), made(tmp_path / "b", changed(line, path, value)))
    assert not found.equal
    assert (found.lines, found.log) == (line, parting)


@given(st.integers(0, 3), st.floats(0.001, 1e6))
def test_whichever_line_differs_first_is_told_with_its_distance(
    tmp_path_factory: pytest.TempPathFactory, line: int, by: float
) -> None:
    rows = [{"step": step, "numbers": {"loss": 1.0}} for step in range(4)]
    other = [{"step": step, "numbers": {"loss": 1.0 + by * (step >= line)}} for step in range(4)]
    root = tmp_path_factory.mktemp("runs")
    found = compare(made(root / "a", rows), made(root / "b", other)).log
    assert found is not None
    assert (found.line, found.update, found.column) == (line + 1, line, "numbers.loss")
    assert found.distance == pytest.approx(by)


def test_a_log_that_ends_before_is_told(tmp_path: Path) -> None:
    found = compare(made(tmp_path / "a"), made(tmp_path / "b", ROWS[:2]))
    assert (found.lines, found.log) == (2, Parting(3, 8, "", None, None, None))


def test_settings_environment_and_end_are_told_by_name(tmp_path: Path) -> None:
    a = made(tmp_path / "a")
    b = made(tmp_path / "b", config=RUN.replace(hidden_size=16))
    record = b.record()
    assert record is not None
    b.write_record(
        record.model_copy(
            update={
                "status": "diverged",
                "machine": {"processor": "another"},
                "numerics": {"MKL_CBWR": "AVX2"},
            }
        )
    )
    found = compare(a, b)
    assert found.settings == [Difference("hidden_size", 8, 16)]
    assert found.ending == [Difference("status", "finished", "diverged")]
    assert found.environment == [
        Difference("machine.processor", None, "another"),
        Difference("numerics.MKL_CBWR", None, "AVX2"),
    ]


def test_another_environment_alone_is_no_difference(tmp_path: Path) -> None:
    a, b = made(tmp_path / "a"), made(tmp_path / "b")
    record = b.record()
    assert record is not None
    b.write_record(record.model_copy(update={"machine": {"processor": "another"}}))
    found = compare(a, b)
    assert found.equal
    assert len(found.environment) == 1


def test_weights_that_differ_are_told_by_tensor_and_distance(tmp_path: Path) -> None:
    a, b = made(tmp_path / "a"), made(tmp_path / "b")
    for run, value in ((a, 1.0), (b, 1.25)):
        (run.path / "snapshots").mkdir()
        same, other = np.zeros(3, np.float32), np.full((2, 2), value, np.float32)
        (run.path / "snapshots/0000000000.safetensors").write_bytes(save({"same": same}))
        content = save({"same": same, "weight": other})
        (run.path / "snapshots/0000000008.safetensors").write_bytes(content)
    found = compare(a, b)
    assert (found.equal, found.weights) == (False, 2)
    (file,) = found.files
    assert (file.file, file.tensor, file.distance) == (
        ("snapshots/0000000008.safetensors", "weight", 0.25)
    )


def test_a_name_is_a_run_a_store_or_evidence(tmp_path: Path) -> None:
    run = made(tmp_path / "a")
    pack(run, tmp_path / "kept", {})
    store = Store(tmp_path / "a")
    packed = tmp_path / "kept" / "runs" / f"{run.run_id}.zip"
    for name in (run.run_id[:6], str(run.path), str(packed)):
        assert side(name, store).single
        assert [*side(name, store).runs] == [run.run_id]
    whole = side(str(tmp_path / "a"), store)
    assert not whole.single
    assert compare(*pairs(whole, side(str(packed), store))[0]).equal


def test_two_stores_without_a_run_in_common_are_refused(tmp_path: Path) -> None:
    made(tmp_path / "a")
    made(tmp_path / "b", config=RUN.replace(seed=1))
    store = Store("store")
    with pytest.raises(StoreError, match="have no run in common"):
        pairs(side(str(tmp_path / "a"), store), side(str(tmp_path / "b"), store))
