"""Runs that a tracker has recorded, whichever it is, and the table that they make."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.errors import DataError, shown
from assay.readers.names import near

Setting = str | float | bool | None

_MOST = 2**63 - 1
"""The largest whole number of a column; larger ones are fractions."""


@dataclass(frozen=True)
class Series:
    """A metric of a run: (n,) steps and the values there."""

    steps: NDArray[np.float64]
    values: NDArray[np.float64]

    @classmethod
    def of(cls, points: Iterable[tuple[float, float]]) -> "Series":
        """From pairs of step and value; of two at a step the later counts."""
        by_step = dict(points)
        steps = sorted(by_step)
        values = [number(by_step[step]) for step in steps]
        return cls(np.array([number(step) for step in steps], float), np.array(values, float))


@dataclass(frozen=True)
class TrackedRun:
    """A run.

    Attributes:
        name: what its tracker calls it, or its folder.
        settings: its parameters, those within others as `optimizer.lr`.
        metrics: the names of all that it logged.
        series: the metric that was asked for; None where it did not log it.
    """

    name: str
    settings: Mapping[str, Setting]
    metrics: Sequence[str]
    series: Series | None


class Reader(Protocol):
    """What reads the runs of a tracker.

    Attributes:
        what: its name, for messages.
    """

    what: str

    def recognise(self, path: str) -> bool:
        """Whether a path, or an address, is this tracker's; a look at names and first bytes."""

    def read(self, path: str, metric: str) -> list[TrackedRun]:
        """The runs, with one metric.

        Raises:
            DataError: if they cannot be read.
        """


def as_table(runs: Sequence[TrackedRun], metric: str, where: str) -> pa.Table:
    """A row for each step at which a run logged the metric: run, settings, step, metric.

    A run that never did has one row without a value.

    Raises:
        DataError: if none did.
    """
    if all(run.series is None for run in runs):
        names = sorted({name for run in runs for name in run.metrics})
        count = f"{len(runs)} run{'s' if len(runs) != 1 else ''}"
        raise DataError(f"{where}: no metric {metric!r} in {count}: {near(metric, names)}")
    lengths = [1 if run.series is None else len(run.series.steps) for run in runs]
    rows = np.repeat(np.arange(len(runs), dtype=np.int32), lengths)
    found = {
        name: pa.DictionaryArray.from_arrays(pa.array(rows), pa.array(values))
        for name, values in settings_of_all(runs, metric).items()
    }
    steps = [[0.0] if run.series is None else run.series.steps for run in runs]
    values = [[math.nan] if run.series is None else run.series.values for run in runs]
    logged = np.repeat([run.series is not None for run in runs], lengths)
    found["step"] = pa.array(np.concatenate(steps))
    found[metric] = pa.array(np.concatenate(values), mask=~logged)
    return pa.table(found)


def settings_of_all(runs: Sequence[TrackedRun], metric: str = "") -> dict[str, list[Setting]]:
    """The columns of runs, a value for each: `run`, and the settings.

    A setting that is called as another column is `params.NAME`.
    """
    names = [_utf8(shown(run.name)) for run in runs]
    columns: dict[str, list[Setting]] = {"run": [*_distinct(names)]}
    taken = {"run", "step", metric}
    for name in dict.fromkeys(name for run in runs for name in run.settings):
        column = _utf8(f"params.{name}" if name in taken else name)
        columns[column] = _alike([run.settings.get(name) for run in runs])
    return columns


def _distinct(names: Sequence[str]) -> list[str]:
    """Names that several runs have, numbered from the second on."""
    met = Counter[str]()
    found = []
    for name in names:
        met[name] += 1
        found.append(name if met[name] == 1 else f"{name} ({met[name]})")
    return found


def flat(settings: Mapping[str, Any]) -> dict[str, Setting]:
    """Settings within others by a name with dots; a list as its text.

    Raises:
        ValueError: if they are nested too deeply.
    """
    try:
        return dict(_flat(settings, ""))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _flat(settings: Mapping[str, Any], before: str) -> Iterator[tuple[str, Setting]]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            plain = value is None or isinstance(value, str | int | float)
            yield f"{before}{name}", value if plain else str(value)


def number(value: float) -> float:
    """A number as a float; one of hundreds of digits is infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def setting(text: str) -> Setting:
    """A text as the number that it may be."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def _alike(values: list[Setting]) -> list[Setting]:
    """Values of one type: all texts if some are, and else all fractions."""
    if all(value is None or (type(value) is int and abs(value) <= _MOST) for value in values):
        return values
    if any(isinstance(value, str | bool) for value in values):
        return [value if value is None else _text(value) for value in values]
    return [number(value) if isinstance(value, int | float) else None for value in values]


def _text(value: Setting) -> str:
    return str(value).lower() if isinstance(value, bool) else _utf8(str(value))


def _utf8(text: str) -> str:
    """A text that can be written: halves of signs, as JSON may hold, as their numbers."""
    return text.encode(errors="backslashreplace").decode()
