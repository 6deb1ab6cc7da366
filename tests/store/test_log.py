"""A run's log: what is written is what is read, and what is no log is refused by file and line."""

import hashlib
import json
import math
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from assay.config import ClassifierConfig, GanConfig, MemoryConfig, RunConfig
from assay.errors import StoreError
from assay.store import RunFolder, Store
from assay.store.log import (
    Alarm,
    Check,
    Diverged,
    Epoch,
    Line,
    Log,
    LogWriter,
    Numbers,
    Probe,
)
from assay.store.reading import read_log

EACH: dict[str, Line] = {
    '{"epoch":3,"update":21,"training":{"loss":1.5},"validation":{"accuracy":null}}': Epoch(
        3, 21, {"loss": 1.5}, {"accuracy": None}
    ),
    '{"update":25,"check":{"accuracy":0.4}}': Check(25, {"accuracy": 0.4}),
    '{"update":0,"probe":"quality","frechet":3.0,"each":[1,null],"floor":{"near":1}}': Probe(
        0, "quality", {"frechet": 3.0, "each": [1, None], "floor": {"near": 1}}
    ),
    '{"update":400,"alarm":"samples collapsed"}': Alarm(400, "samples collapsed"),
    '{"diverged":731}': Diverged(731),
    '{"step":10,"numbers":{"loss":0.3}}': Numbers(10, {"loss": 0.3}),
}


def read(*lines: str) -> Log:
    return read_log("".join(f"{line}\n" for line in lines).encode(), "runs/a/metrics.jsonl")


@pytest.mark.parametrize("text", EACH)
def test_each_type_of_line_is_written_and_read(tmp_path: Path, text: str) -> None:
    writer = LogWriter(tmp_path / "metrics.jsonl")
    writer.append(EACH[text])
    writer.close()
    content = (tmp_path / "metrics.jsonl").read_bytes()
    assert content == text.encode() + b"\n"
    assert read_log(content, "log").lines == (EACH[text],)


def test_a_log_is_in_the_order_of_its_file_and_apart_by_type() -> None:
    log = read(*EACH)
    assert log.lines == tuple(EACH.values())
    assert (log.epochs, log.checks) == ([log.lines[0]], [log.lines[1]])
    assert (log.probes, log.alarms, log.numbers) == ([log.lines[2]], [log.lines[3]], [log.lines[5]])
    assert log.diverged == 731
    assert log.updates == 400  # a divergence is told at an update that was not made in full
    assert read().lines == ()
    assert (read().updates, read().diverged) == (0, None)


def test_a_logged_number_is_read_by_its_name() -> None:
    log = read(
        *EACH,
        '{"update":50,"check":{"accuracy":null}}',
        '{"update":9,"probe":"quality","frechet":null}',
        '{"update":9,"probe":"passage","copies":0.5}',
        '{"step":20,"numbers":{"other":1,"eval.f1":0.5}}',
    )
    assert log.points("training.loss") == [(21, 1.5)]
    assert log.points("check.accuracy")[0] == (25, 0.4)
    assert math.isnan(log.curve("check.accuracy")[1])
    assert math.isnan(log.curve("validation.accuracy")[0])
    assert [update for update, _ in log.points("quality.frechet")] == [0, 9]
    assert log.points("quality.each") == log.points("quality.floor") == []
    assert log.points("passage.copies") == [(9, 0.5)]
    assert log.points("loss") == [(10, 0.3)]
    assert log.points("eval.f1") == [(20, 0.5)]
    assert log.points("nothing") == []
    with pytest.raises(StoreError, match=r"runs/a/metrics\.jsonl: there is no check\.loss in it"):
        log.points("check.loss")


def test_a_probe_is_that_at_an_update_or_the_last() -> None:
    log = Log((Probe(0, "a", {"x": 1}), Probe(5, "a", {"x": 2}), Probe(9, "b", {})))
    assert log.probe("a") == log.probe("a", 5) == log.lines[1]
    assert log.probe("a", 0) == log.lines[0]
    assert log.probe("a", 9) is log.probe("c") is None


def test_a_run_of_another_program_is_read(tmp_path: Path) -> None:
    """config.json, metrics.jsonl and record.json by plain json, as the reference says."""
    config = MemoryConfig(updates=50, length=5)
    folder = tmp_path / config.run_id
    folder.mkdir()
    lines = [
        {"schema": 1},
        {"check": {"accuracy": 0.5}, "update": 25},
        {"update": 50, "check": {"accuracy": 0.9}},
        {"epoch": 1, "update": 50, "training": {"loss": 1}, "validation": {"accuracy": 0.75}},
    ]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()
    record = {
        "status": "finished",
        "updates": 50,
        "seconds": 1.5,
        "started": "2026-01-02T03:04:05+00:00",
        "ended": "2026-01-02T03:04:07+00:00",
        "compute_path": {},
        "versions": {},
        "machine": {},
        "metrics": {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()},
    }
    (folder / "config.json").write_text(json.dumps({"kind": "memory", "updates": 50}))
    (folder / "metrics.jsonl").write_bytes(content)
    (folder / "record.json").write_text(json.dumps(record))
    (run,) = Store(tmp_path).runs()
    assert run.config() == config
    assert run.complete
    log = run.metrics()
    assert log.points("check.accuracy") == [(25, 0.5), (50, 0.9)]
    assert log.curve("validation.accuracy") == [0.75]


# The lines of a run's log with their numbers left out: their bytes have to stay what they are.
SHAPES: dict[str, tuple[RunConfig, list[str]]] = {
    "memory": (
        MemoryConfig(hidden_size=8, data_size=300, batch_size=32, updates=9),
        [
            '{"update":#,"probe":"state_gradient","whole":[#],"part#":[#],"part#":[#]}',
            '{"epoch":#,"update":#,"training":{"loss":#,"accuracy":#,"gradient_norm":#,"clipped":#,'
            '"update_norm":#},"validation":{"loss":#,"accuracy":#}}',
            '{"update":#,"check":{"accuracy":#}}',
        ],
    ),
    "classifier": (
        ClassifierConfig(updates=1, batch_size=16),
        [
            '{"update":#,"check":{"accuracy":#}}',
            '{"epoch":#,"update":#,"training":{"loss":#,"accuracy":#,"gradient_norm":#,'
            '"update_norm":#},"validation":{"loss":#,"accuracy":#}}',
        ],
    ),
    "gan": (
        GanConfig(updates=2, batch_size=8),
        [
            '{"update":#,"probe":"samples","sha#":"~"}',
            '{"update":#,"probe":"snapshots","sha#":"~"}',
            '{"update":#,"probe":"quality_floor","noise":{+},"floor":{+}}',
        ],
    ),
}


@pytest.mark.parametrize(("config", "shapes"), SHAPES.values(), ids=SHAPES.keys())
def test_a_trainings_lines_have_their_form(
    config: RunConfig,
    shapes: list[str],
    train_here: Callable[[RunConfig], RunFolder],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assay.kinds.gan.reference.MOST_IMAGES", 50)
    found = {}
    for line in (train_here(config).path / "metrics.jsonl").read_text().splitlines():
        shape = re.sub(r'"[0-9a-f]{64}"', '"~"', line)
        shape = re.sub(r"\[[^]]*\]", "[#]", shape)
        shape = re.sub(r"(null|-?\d[\d.e-]*)", "#", shape)
        found[re.sub(r"(?<=noise\":|floor\":)\{[^}]*\}", "{+}", shape)] = None
    assert list(found)[: len(shapes)] == shapes
