"""What trackers' files may hold if anybody wrote them: a reading, or a sentence."""

import json
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.readers.find import columns_in, read_results
from tests.reliability.hostile import valid

STATE = json.loads(valid.TRAINER)


def _read(path: Path, metric: str = "accuracy") -> None:
    columns_in(str(path))
    read_results(str(path), metric)


def _written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / "lr=0.1,seed=1" / name
    path.parent.mkdir()
    path.write_bytes(content)
    return folder


@pytest.mark.parametrize(
    "changes",
    [
        {"trial_params": 1.5},
        {"trial_params": {"lr": 10**30, "name": "\ud800"}},
        {"global_step": "many"},
        {"log_history": [{"step": "", "accuracy": 0.5}, {"step": 1, "accuracy": 10**400}]},
        {"log_history": [{"step": 10**400, "accuracy": 0.5}]},
    ],
    ids=str,
)
def test_a_trainer_state_of_other_types_is_read(tmp_path: Path, changes: dict[str, object]) -> None:
    content = json.dumps({**STATE, **changes}).encode()
    columns_in(str(_written(tmp_path, "trainer_state.json", content)))


@pytest.mark.parametrize(
    "text",
    ["a: &a [x, x]\nb: &b [*a, *a]\n" + "".join(f"c{n}: &c{n} [*{p}, *{p}, *{p}, *{p}, *{p}]\n"
     for n, p in enumerate(["b", *(f"c{n}" for n in range(12))])), "&a {b: *a}\n", "a: &a [*a]\n"],
    ids=["many times", "within itself", "a list within itself"],
)  # fmt: skip
def test_a_yaml_file_that_unpacks_to_too_much_is_named(tmp_path: Path, text: str) -> None:
    _written(tmp_path, "hparams.yaml", text.encode())
    (tmp_path / "lr=0.1,seed=1" / "metrics.csv").write_bytes(valid.METRICS_CSV)
    with pytest.raises(AssayError, match=r"hparams\.yaml: cannot be read: (it unpacks|found unc)"):
        _read(tmp_path)


def test_damaged_hyperparameters_in_an_event_are_passed_over(tmp_path: Path) -> None:
    events = [valid.event(step, 0.5) for step in range(4)]
    events[0] = events[0][:-4] + b"\xff\xff\xff\x07"
    _written(tmp_path, "x.tfevents.1", valid.records(events))
    _read(tmp_path)


def test_a_number_where_json_should_be_is_named(tmp_path: Path) -> None:
    parts = valid.wandb_records()
    content = valid.framed([parts[0], b"\x12\x09\x0a\x07\x0a\x01a\x80\x01\x05"[:11], *parts[1:]])
    _written(tmp_path, "run.wandb", content)
    with pytest.raises(AssayError, match="not a readable file of Weights & Biases"):
        _read(tmp_path)


def test_a_chart_with_rows_without_a_step_is_read(tmp_path: Path) -> None:
    path = tmp_path / "chart.csv"
    path.write_bytes(valid.EXPORT + b',"0.9","0.9","0.9"\n')
    assert columns_in(str(path))[0]["accuracy"] == "a metric, of 1 of them"
    table, _ = read_results(str(path), "accuracy")
    assert table.column("step").to_pylist() == [0.0, 1.0]


@pytest.mark.parametrize(
    "line",
    [b"null", b"[1]", b"{} null", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, b'{"a": [', b"{"],
    ids=lambda line: line[:10].decode(),
)
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "results.jsonl"
    path.write_bytes(b'{"seed": 1, "accuracy": 0.5}\n' + line + b"\n")
    with pytest.raises(AssayError, match=r"results\.jsonl, line 2: (should|not)"):
        _read(path)
    path.write_bytes(line)
    with pytest.raises(AssayError, match=r"results\.jsonl, line 1: (should|not)"):
        _read(path)
