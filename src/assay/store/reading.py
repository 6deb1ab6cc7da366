"""From the bytes of a run's log to its lines: the one reader of metrics.jsonl."""

import json
import math
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain
from typing import Any, NoReturn

from pydantic_core import from_json

from assay.errors import StoreError
from assay.store.log import (
    NUMBER,
    SCHEMA,
    Alarm,
    Check,
    Diverged,
    Epoch,
    Line,
    Log,
    Measures,
    Numbers,
    Probe,
    is_number,
)


def read_log(content: bytes, where: str) -> Log:
    """A log from the bytes of its file.

    Raises:
        StoreError: naming the line, if one is no JSON object, of an unknown form, with a field
            that is missing, unknown or of another type, or of a later schema.
    """
    texts = content.splitlines()
    try:
        # All lines in one go: twice as fast, and they share the memory of their keys.
        rows = from_json(b"[%b]" % b",".join(texts), allow_inf_nan=False)
    except (ValueError, RecursionError):
        rows = []
    if len(rows) != len(texts):
        _name_damage(texts, where)
    return Log(tuple(_at_once(rows) or _one_by_one(rows, where)), where)


def _at_once(rows: list[Any]) -> list[Line] | None:
    """All lines, if none is wrong; None if one may be.

    Nearly all of the hundreds of thousands that a report reads are of the forms that hold counts
    and measures alone. Their fields are checked column by column, which is faster.
    """
    lines: list[Line] = []
    try:
        for row in rows:
            form = _COLUMNS.get(tuple(row)) if type(row) is dict else None
            line = _line(row) if form is None else form._make(row.values())
            if line is not None:
                lines.append(line)
    except _FormError:
        return None
    for form in _COLUMNS.values():
        columns = list(zip(*(line for line in lines if type(line) is form), strict=True))
        counts = len(columns) // 2
        if not all(map(_are_counts, columns[:counts])) or not all(
            map(_are_measures, columns[counts:])
        ):
            return None
    return lines


def _are_counts(column: Iterable[Any]) -> bool:
    return set(map(type, column)) == {int} and min(column) >= 0


def _are_measures(column: Iterable[Any]) -> bool:
    return set(map(type, column)) == {dict} and _are_numbers(
        list(chain.from_iterable(map(dict.values, column)))
    )


def _are_numbers(values: Collection[Any]) -> bool:
    return (
        NUMBER.issuperset(map(type, values)) and math.inf not in values and -math.inf not in values
    )


def _one_by_one(rows: list[Any], where: str) -> Iterator[Line]:
    for number, row in enumerate(rows, start=1):
        try:
            if (line := _line(row)) is not None:
                yield line
        except _FormError as error:
            raise StoreError(f"{where}, line {number}: {error}") from None


class _FormError(Exception):
    """What is wrong with a line."""


def _parse(text: bytes) -> Any:
    return json.loads(text, parse_constant=_refuse)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not allowed: null stands for a number that is not finite")


def _name_damage(texts: list[bytes], where: str) -> NoReturn:
    for number, text in enumerate(texts, start=1):
        try:
            _parse(text)
        except (ValueError, RecursionError) as error:
            raise StoreError(f"{where} is damaged: line {number}: {error}") from None
    raise StoreError(f"{where} is damaged: it should hold one JSON object a line")


# Of each type of line, by the field that it alone has: all its fields, and how it is read.
_FORMS: dict[str, tuple[tuple[str, ...], Callable[[dict[str, Any]], Line | None]]] = {
    "check": (
        ("update", "check"),
        lambda row: Check(_count(row, "update"), _measures(row, "check")),
    ),
    "epoch": (
        ("epoch", "update", "training", "validation"),
        lambda row: Epoch(
            _count(row, "epoch"),
            _count(row, "update"),
            _measures(row, "training"),
            _measures(row, "validation"),
        ),
    ),
    "probe": (
        ("update", "probe"),
        lambda row: Probe(
            _count(row, "update"),
            _text(row, "probe"),
            {key: row[key] for key in row if key not in ("update", "probe")},
        ),
    ),
    "alarm": (("update", "alarm"), lambda row: Alarm(_count(row, "update"), _text(row, "alarm"))),
    "diverged": (("diverged",), lambda row: Diverged(_count(row, "diverged"))),
    "numbers": (
        ("step", "numbers"),
        lambda row: Numbers(_count(row, "step"), _measures(row, "numbers")),
    ),
    "schema": (("schema",), lambda row: _schema(row)),
}
# As the writer orders them, to find the form of most lines at once.
_BY_FIELDS = dict(_FORMS.values())
# Of these, those whose first half of fields are counts, and the second measures.
_COLUMNS: dict[tuple[str, ...], type[Check] | type[Epoch] | type[Numbers]] = {
    _FORMS["check"][0]: Check,
    _FORMS["epoch"][0]: Epoch,
    _FORMS["numbers"][0]: Numbers,
}


def _line(row: Any) -> Line | None:
    """A line from its JSON; None for the one that says the schema."""
    if type(row) is not dict:
        raise _FormError(f"{row!r:.60} is no JSON object")
    read = _BY_FIELDS.get(tuple(row))
    return read(row) if read else _unordered(row)


def _unordered(row: dict[str, Any]) -> Line | None:
    form = next((form for form in _FORMS if form in row), None)
    if form is None:
        keys = ", ".join(row) or "nothing in it"
        raise _FormError(
            f"a line with {keys} is of no type that this version of assay knows: "
            f"{', '.join(_FORMS)}"
        )
    fields, read = _FORMS[form]
    for name in fields:
        if name not in row:
            raise _FormError(f"{form!r} needs {name!r} beside it")
    if len(row) > len(fields) and form != "probe":
        extra = next(name for name in row if name not in fields)
        raise _FormError(f"{extra!r} does not belong beside {form!r}")
    return read(row)


def _schema(row: dict[str, Any]) -> None:
    if _count(row, "schema") != SCHEMA:
        raise _FormError(
            f"schema {row['schema']}: this version of assay reads schema {SCHEMA}, and none later"
        )


def _count(row: dict[str, Any], name: str) -> int:
    value = row[name]
    if type(value) is not int or value < 0:
        raise _FormError(f"{name} = {value!r:.60}: should be a whole number, 0 or more")
    return value


def _text(row: dict[str, Any], name: str) -> str:
    value = row[name]
    if type(value) is not str:
        raise _FormError(f"{name} = {value!r:.60}: should be a text")
    return value


def _measures(row: dict[str, Any], name: str) -> Measures:
    found = row[name]
    if type(found) is not dict:
        raise _FormError(f"{name} = {found!r:.60}: should be an object, numbers by name")
    if _are_numbers(found.values()):
        return found
    key, value = next(item for item in found.items() if not is_number(item[1]))
    raise _FormError(f"{name}.{key} = {value!r:.60}: should be a finite number, or null")
