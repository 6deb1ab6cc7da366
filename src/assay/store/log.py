"""A run's log, metrics.jsonl: its lines as types, the one writer, and what is asked of them.

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

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import NoneType
from typing import Any, NamedTuple, TypeVar

from assay.errors import StoreError
from assay.store.durable import JsonLines

SCHEMA = 1

Measures = Mapping[str, float | None]
"""Numbers by name; None is one that was not finite."""

NUMBER = {int, float, NoneType}
"""The types of them."""

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
        self._lines = lines = JsonLines(path)
        self.mark, self.rewind, self.close = lines.mark, lines.rewind, lines.close

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
            case "training" if self.epochs:
                return self._each(name, [(line.update, line.training) for line in self.epochs])
            case "validation" if self.epochs:
                return self._each(name, [(line.update, line.validation) for line in self.epochs])
            case "check" if self.checks:
                return self._each(name, [(line.update, line.measures) for line in self.checks])
        named = [(line.update, line.found) for line in self.probes if line.name == part]
        if not named:
            key, named = name, [(line.update, line.numbers) for line in self.numbers]
        values = [(update, _within(found, key)) for update, found in named]
        return [(update, _finite(value)) for update, value in values if is_number(value)]

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
    try:
        return math.nan if value is None else float(value)
    except OverflowError:  # a whole number of hundreds of digits
        return math.nan


def is_number(value: Any) -> bool:
    """Whether it is finite, or None, which stands for a number that was not."""
    return type(value) in NUMBER and value not in (math.inf, -math.inf)
