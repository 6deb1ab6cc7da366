"""A record is as the formats say, or is refused with the field that is not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import StoreError
from assay.store import Record
from assay.store.record import read_record, write_record

WHOLE: dict[str, Any] = {
    "status": "finished",
    "updates": 50,
    "seconds": 1.5,
    "started": "2026-01-02T03:04:05+00:00",
    "ended": "2026-01-02T03:04:07.5Z",
    "compute_path": {},
    "versions": {},
    "machine": {},
    "metrics": {"bytes": 9, "sha256": 64 * "a"},
}


def read(**changes: object) -> object:
    return read_record(json.dumps(WHOLE | changes).encode(), "a/record.json")


def test_it_is_read_whatever_program_wrote_it() -> None:
    assert read(metrics={"sha256": 64 * "b", "bytes": 0})
    assert read(seconds=0, updates=0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gpu": 1}, "unknown key 'gpu': allowed are alarms, compute_path"),
        ({"metrics": {}}, "metrics.bytes is missing"),
        ({"metrics": {"bytes": 9, "sha256": "a"}}, "metrics.sha256 = 'a': should"),
        ({"metrics": {**WHOLE["metrics"], "md5": "a"}}, "unknown key 'metrics.md5'"),
        ({"updates": -52}, "updates = -52: should be greater than or equal to 0"),
        ({"seconds": -0.5}, "seconds = -0.5: should be greater than or equal to 0"),
        ({"seconds": float("nan")}, "seconds = nan: should be a finite number"),
        ({"started": "yesterday"}, "started = 'yesterday': should"),
        ({"ended": "2026-01-02T03:04:07"}, "ended = '2026-01-02T03:04:07': should"),
        ({"status": "done"}, "status = 'done': should be 'finished', 'diverged' or 'failed'"),
    ],
)
def test_what_is_not_as_it_should_be_is_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(StoreError) as error:
        read(**changes)
    assert str(error.value).startswith("a/record.json is damaged, or of a later version of assay: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_damage(content: bytes) -> None:
    with pytest.raises(StoreError, match=r"^a/record\.json is damaged") as error:
        read_record(content, "a/record.json")
    assert "\n" not in str(error.value)


@given(st.text(), st.floats(0.001, 1e9), st.integers(0))
def test_any_record_reads_back(message: str, seconds: float, updates: int) -> None:
    changed = {"message": message, "seconds": seconds, "updates": updates}
    record = Record.model_validate(WHOLE | changed)
    assert read_record(write_record(record), "x") == record


def test_no_flipped_bit_is_believed() -> None:
    content = write_record(Record.model_validate(WHOLE | {"notices": ["left out: café.png"]}))
    found = 0
    for at in range(8 * len(content)):
        damaged = bytearray(content)
        damaged[at // 8] ^= 1 << at % 8
        try:
            if json.loads(bytes(damaged)) == json.loads(content):
                continue
        except ValueError:
            pass
        with pytest.raises(StoreError, match=r"^record\.json is damaged"):
            read_record(bytes(damaged), "record.json")
        found += 1
    assert found > 1_000
