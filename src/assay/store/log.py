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

Numbers are finite or null. A line of another form, or a later schema, is refused by name.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.errors import StoreError
from assay.store.durable import JsonLines

SCHEMA = 1

Measures = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Epoch:
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


@dataclass(frozen=True, slots=True)
class Check:
    """A quick look between epochs."""

    update: int
    measures: Measures

    def line(self) -> dict[str, Any]:
        """As it is written."""
        return {"update": self.update, "check": self.measures}


@dataclass(frozen=True, slots=True)
class Probe:
    """A measurement at a stated update: numbers, lists of them, and tables of them, by name."""

    update: int
    name: str
    found: Mapping[str, Any]

    def line(self) -> dict[str, Any]:
        """As it is written."""
        return {"update": self.update, "probe": self.name, **self.found}


@dataclass(frozen=True, slots=True)
class Alarm:
    """What went wrong in a training that goes on."""

    update: int
    text: str

    def line(self) -> dict[str, Any]:
        """As it is written."""
        return {"update": self.update, "alarm": self.text}


@dataclass(frozen=True, slots=True)
class Diverged:
    """The update at which the loss or a gradient was not finite."""

    update: int

    def line(self) -> dict[str, Any]:
        """As it is written."""
        return {"diverged": self.update}


@dataclass(frozen=True, slots=True)
class Numbers:
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
        """Append one line."""
        self._lines.append(line.line())


@dataclass(frozen=True)
class Log:
    """The lines of a run's log, by type, each in the order of the file."""

    epochs: tuple[Epoch, ...] = ()
    checks: tuple[Check, ...] = ()
    probes: tuple[Probe, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    diverged: Diverged | None = None
    numbers: tuple[Numbers, ...] = ()

    @property
    def updates(self) -> int:
        """The number of updates at the latest line."""
        lasts = [
            lines[-1].update
            for lines in (self.epochs, self.checks, self.probes, self.alarms, self.numbers)
            if lines
        ]
        return max(lasts, default=0)

    def curve(self, part: str, quantity: str) -> list[float]:
        """A quantity of each epoch, such as `validation`, `accuracy`; NaN where not finite."""
        values = [getattr(line, part)[quantity] for line in self.epochs]
        return [float("nan") if value is None else value for value in values]

    def probe(self, name: str, update: int | None = None) -> Probe | None:
        """The probe of that name at `update`, or the last one."""
        named = (line for line in reversed(self.probes) if line.name == name)
        return next((line for line in named if update in (None, line.update)), None)


def read_log(content: bytes, where: str) -> Log:
    """A log from the bytes of its file.

    Raises:
        StoreError: naming the line, if one is no JSON object, of an unknown form, or of a later
            schema.
    """
    try:
        # All lines in one go: twice as fast, and they share the memory of their keys.
        rows: list[Any] = json.loads(b"[%b]" % b",".join(content.splitlines()))
    except ValueError as error:
        raise StoreError(f"{where} is damaged: {error}") from None
    found: dict[type, list[Any]] = {each: [] for each in (Epoch, Check, Probe, Alarm, Diverged)}
    found[Numbers] = []
    for line in _lines(rows, where):
        found[type(line)].append(line)
    return Log(
        tuple(found[Epoch]),
        tuple(found[Check]),
        tuple(found[Probe]),
        tuple(found[Alarm]),
        found[Diverged][-1] if found[Diverged] else None,
        tuple(found[Numbers]),
    )


def _lines(rows: list[Any], where: str) -> Iterator[Line]:
    for number, row in enumerate(rows, start=1):
        try:
            if "check" in row:
                yield Check(row["update"], row["check"])
            elif "epoch" in row:
                yield Epoch(row["epoch"], row["update"], row["training"], row["validation"])
            elif "probe" in row:
                found = {key: row[key] for key in row if key not in ("update", "probe")}
                yield Probe(row["update"], row["probe"], found)
            elif "alarm" in row:
                yield Alarm(row["update"], row["alarm"])
            elif "diverged" in row:
                yield Diverged(row["diverged"])
            elif "numbers" in row:
                yield Numbers(row["step"], row["numbers"])
            elif "schema" in row:
                _check_schema(row["schema"], where)
            else:
                raise KeyError("no known type")
        except (KeyError, TypeError, AttributeError):
            keys = ", ".join(row) if isinstance(row, dict) else repr(row)
            raise StoreError(
                f"{where}, line {number}: a line with {keys} is of no type that this version of "
                "assay knows: epoch, check, probe, alarm, diverged, step with numbers"
            ) from None


def _check_schema(version: Any, where: str) -> None:
    if version != SCHEMA:
        raise StoreError(
            f"{where}: schema {version!r}: this version of assay reads schema {SCHEMA}"
        )
