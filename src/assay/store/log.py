"""A run's log, metrics.jsonl: its lines as types, the one reader and the one writer.

Every line is a JSON object of one of these forms; `docs/reference/formats.md` publishes them, so
that another program can write a run that assay reads:

    {"schema": 1}                                             optional, first
    {"epoch": 3, "update": 21, "training": {…}, "validation": {…}}
    {"update": 25, "check": {"accuracy": 0.4}}
    {"update": 625, "probe": "quality", …}
    {"update": 400, "alarm": "…"}
    {"diverged": 731}
    {"step": 10, "numbers": {"loss": 0.3}}

Numbers are finite or null. A line of another form, or of a later schema, is refused by name.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import NoneType
from typing import Any, NamedTuple, NoReturn, TypeVar

from pydantic_core import from_json

from assay.errors import StoreError
from assay.store.durable import JsonLines

SCHEMA = 1

Measures = Mapping[str, float | None]
"""Numbers by name; None is one that was not finite."""

LineT = TypeVar("LineT")


class Epoch(NamedTuple):
    """The end of an epoch: means over it, and the whole validation set."""

    epoch: int
    update: int
    training: Measures
    validation: Measures

    def line(self) -> dict[str, Any]:
        """As it is written."""
        return {
            "epoch": self.epoch,
            "update": self.update,
            "training": self.training,
            "validation": self.validation,
        }


class Check(NamedTuple):
    """A quick look between epochs."""

    update: int
    measures: Measures

    def line(self) -> dict[str, Any]:
        """As it is written."""
        return {"update": self.update, "check": self.measures}


class Probe(NamedTuple):
    """A measurement at a stated update: numbers, texts, lists and tables of them, by name."""

    update: int
    name: str
    found: Mapping[str, Any]

    def line(self) -> dict[str, Any]:
        """As it is written."""
        return {"update": self.update, "probe": self.name, **self.found}


class Alarm(NamedTuple):
    """What went wrong in a training that goes on."""

    update: int
    text: str

    def line(self) -> dict[str, Any]:
        """As it is written."""
        return {"update": self.update, "alarm": self.text}


class Diverged(NamedTuple):
    """The update at which the loss or a gradient was not finite."""

    update: int

    def line(self) -> dict[str, Any]:
        """As it is written."""
        return {"diverged": self.update}


class Numbers(NamedTuple):
    """Named numbers at a step, of whatever kind of run."""

    update: int
    numbers: Measures

    def line(self) -> dict[str, Any]:
        """As it is written."""
        return {"step": self.update, "numbers": self.numbers}


Line = Epoch | Check | Probe | Alarm | Diverged | Numbers


class LogWriter:
    """Appends lines to a run's log; see `JsonLines` for marks and rewinding."""

    def __init__(self, path: Path) -> None:
        self._lines = JsonLines(path)
        self.mark, self.rewind, self.close = (
            self._lines.mark,
            self._lines.rewind,
            self._lines.close,
        )

    def append(self, line: Line) -> None:
        """Append one line.

        Raises:
            ValueError: if a number in it is not finite: None stands for one.
        """
        self._lines.append(line.line())


@dataclass(frozen=True)
class Log:
    """A run's log.

    Attributes:
        lines: in the order of the file.
        where: the file, for messages.
    """

    lines: tuple[Line, ...] = ()
    where: str = "the log"

    @cached_property
    def epochs(self) -> list[Epoch]:
        """The ends of its epochs."""
        return self._of(Epoch)

    @cached_property
    def checks(self) -> list[Check]:
        """The quick looks between them."""
        return self._of(Check)

    @cached_property
    def probes(self) -> list[Probe]:
        """The measurements at stated updates."""
        return self._of(Probe)

    @cached_property
    def alarms(self) -> list[Alarm]:
        """What went wrong while it went on."""
        return self._of(Alarm)

    @cached_property
    def numbers(self) -> list[Numbers]:
        """The named numbers of its steps."""
        return self._of(Numbers)

    @cached_property
    def diverged(self) -> int | None:
        """The update at which it diverged."""
        return next((line.update for line in self._of(Diverged)), None)

    @cached_property
    def updates(self) -> int:
        """How many updates it tells of: the latest of its lines, but for that of a divergence."""
        made = (line.update for line in self.lines if type(line) is not Diverged)
        return max(made, default=0)

    def probe(self, name: str, update: int | None = None) -> Probe | None:
        """The probe of that name at `update`, or the last one."""
        named = (line for line in reversed(self.probes) if line.name == name)
        return next((line for line in named if update in (None, line.update)), None)

    def points(self, name: str) -> list[tuple[int, float]]:
        """A logged number over updates; NaN where it was not finite. It is not to be changed.

        Args:
            name: `training.NAME` and `validation.NAME` are of each epoch, `check.NAME` of each
                check, `PROBE.NAME` of each probe of that name, and any other name is of the steps
                that have it.

        Raises:
            StoreError: if an epoch or a check has no such number.
        """
        if name not in self._points:
            self._points[name] = self._read(name)
        return self._points[name]

    @cached_property
    def _points(self) -> dict[str, list[tuple[int, float]]]:
        return {}

    def _read(self, name: str) -> list[tuple[int, float]]:
        part, _, key = name.partition(".")
        match part:
            case "training":
                return self._each(name, [(line.update, line.training) for line in self.epochs])
            case "validation":
                return self._each(name, [(line.update, line.validation) for line in self.epochs])
            case "check":
                return self._each(name, [(line.update, line.measures) for line in self.checks])
        named = [(line.update, line.found) for line in self.probes if line.name == part]
        if not named:
            key, named = name, [(line.update, line.numbers) for line in self.numbers]
        values = [(update, _within(found, key)) for update, found in named]
        return [(update, _finite(value)) for update, value in values if _is_number(value)]

    def curve(self, name: str) -> list[float]:
        """The values of a logged number, as `points` has them."""
        return [value for _, value in self.points(name)]

    def _of(self, form: type[LineT]) -> list[LineT]:
        return [line for line in self.lines if type(line) is form]

    def _each(self, name: str, lines: list[tuple[int, Measures]]) -> list[tuple[int, float]]:
        key = name.partition(".")[2]
        try:
            return [(update, _finite(found[key])) for update, found in lines]
        except KeyError:
            raise StoreError(f"{self.where}: there is no {name} in it") from None


def _within(found: Mapping[str, Any], key: str) -> Any:
    """A value by its name, or by the names of the tables that it lies in, with dots."""
    if key in found:
        return found[key]
    table, _, rest = key.partition(".")
    inner = found.get(table)
    return _within(inner, rest) if rest and isinstance(inner, Mapping) else ""


def _finite(value: float | None) -> float:
    return math.nan if value is None else float(value)


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
    lines: list[Line] = []
    for number, row in enumerate(rows, start=1):
        try:
            if (line := _line(row)) is not None:
                lines.append(line)
        except _FormError as error:
            raise StoreError(f"{where}, line {number}: {error}") from None
    return Log(tuple(lines), where)


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


_NUMBER = {int, float, NoneType}

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
    values = found.values()
    if _NUMBER.issuperset(map(type, values)) and math.inf not in values and -math.inf not in values:
        return found
    key, value = next(item for item in found.items() if not _is_number(item[1]))
    raise _FormError(f"{name}.{key} = {value!r:.60}: should be a finite number, or null")


def _is_number(value: Any) -> bool:
    return type(value) in _NUMBER and value not in (math.inf, -math.inf)
