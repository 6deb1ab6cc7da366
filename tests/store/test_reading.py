"""What is a line of a run's log, and what is refused by name."""

import math

import pytest

from assay.errors import StoreError
from assay.store.log import SCHEMA, Check, Diverged, Epoch, Log, Numbers
from assay.store.reading import read_log


def read(*lines: str) -> Log:
    return read_log("".join(f"{line}\n" for line in lines).encode(), "runs/a/metrics.jsonl")


def test_lines_of_another_program_may_order_and_space_their_fields() -> None:
    log = read(
        '{ "check": {"accuracy": 1}, "update": 25 }',
        '{"validation": {}, "update": 25, "training": {}, "epoch": 1}\r',
        '{"numbers": {"a.b": 2}, "step": 3}',
    )
    assert log.lines == (Check(25, {"accuracy": 1}), Epoch(1, 25, {}, {}), Numbers(3, {"a.b": 2}))


WRONG = {
    "an unknown type": (
        '{"update": 3, "weights": {}}',
        "a line with update, weights is of no type that this version of assay knows: check, epoch",
    ),
    "nothing": ("{}", "a line with nothing in it is of no type"),
    "no object": ("[1]", "[1] is no JSON object"),
    "a missing field": ('{"epoch": 1, "update": 3, "training": {}}', "'epoch' needs 'validation'"),
    "no update": ('{"check": {"accuracy": 1}}', "'check' needs 'update' beside it"),
    "no step": ('{"numbers": {"a": 1}, "update": 1}', "'numbers' needs 'step' beside it"),
    "an unknown field": (
        '{"update": 3, "check": {}, "seconds": 3}',
        "'seconds' does not belong beside 'check'",
    ),
    "two types at once": (
        '{"epoch": 1, "update": 3, "training": {}, "validation": {}, "diverged": 3}',
        "'diverged' does not belong beside 'epoch'",
    ),
    "a text for a number": (
        '{"update": 3, "check": {"accuracy": "high"}}',
        "check.accuracy = 'high': should be a finite number, or null",
    ),
    "a truth for a number": ('{"step": 1, "numbers": {"a": true}}', "numbers.a = True: should be"),
    "a number too large": (
        '{"update": 3, "check": {"accuracy": 1e999}}',
        "check.accuracy = inf: should be a finite number, or null",
    ),
    "a list for numbers": ('{"update": 3, "check": [1]}', "check = [1]: should be an object"),
    "half an update": ('{"update": 2.5, "check": {}}', "update = 2.5: should be a whole number"),
    "an update before the first": ('{"diverged": -1}', "diverged = -1: should be a whole number"),
    "a number for a name": ('{"update": 3, "probe": 3}', "probe = 3: should be a text"),
    "a later schema": (
        f'{{"schema": {SCHEMA + 1}}}',
        f"schema {SCHEMA + 1}: this version of assay reads schema {SCHEMA}",
    ),
}


@pytest.mark.parametrize(("line", "message"), WRONG.values(), ids=WRONG.keys())
def test_what_is_no_line_of_a_log_is_refused_by_name(line: str, message: str) -> None:
    with pytest.raises(StoreError) as error:
        read('{"schema": 1}', '{"update":1,"check":{}}', line)
    assert str(error.value).startswith(f"runs/a/metrics.jsonl, line 3: {message}")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"update": 3, "check": {"accuracy": NaN}}', "line 2: NaN is not allowed: null stands"),
        ('{"step": 3, "numbers": {"a": -Infinity}}', "line 2: -Infinity is not allowed"),
        ('{"update": 3, "che', "line 2: Unterminated string"),
        ("", "line 2: Expecting value"),
        ('{"diverged": 3},{"diverged": 4}', "line 2: Extra data"),
        ("[" * 100_000, "line 2: "),
        ("\x00", "line 2: "),
    ],
)
def test_what_is_no_json_is_damage_with_its_line(line: str, message: str) -> None:
    with pytest.raises(StoreError) as error:
        read('{"update":1,"check":{}}', line, '{"diverged":3}')
    assert str(error.value).startswith(f"runs/a/metrics.jsonl is damaged: {message}")


def test_a_schema_may_be_said() -> None:
    assert read('{"schema": 1}', '{"diverged": 3}').lines == (Diverged(3),)


def test_a_number_of_hundreds_of_digits_is_none_that_is_finite() -> None:
    line = b'{"step": 0, "numbers": {"loss": %b}}' % (b"9" * 400)
    (point,) = read_log(line, "log").points("loss")
    assert math.isnan(point[1])
