"""Where two runs part: in their settings, in what decides their bits, in their logs and weights."""

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from assay.errors import StoreError
from assay.store.archive import Archive, PackedRun
from assay.store.folder import RunFolder
from assay.store.log import Line
from assay.store.store import Store
from assay.store.verifying import is_evidence

Value = str | int | float | bool | None
"""What stands on one side; None: nothing does, or a number that was not finite."""


@dataclass(frozen=True)
class Difference:
    """What has another value on either side, by its name."""

    name: str
    a: Value
    b: Value


@dataclass(frozen=True)
class Parting:
    """The first line of two logs that differs.

    Attributes:
        line: its number, from 1.
        update: the update that it tells of.
        column: the number that differs; empty where one log ends before.
        distance: between two finite numbers; None of anything else.
    """

    line: int
    update: int
    column: str
    a: Value
    b: Value
    distance: float | None


@dataclass(frozen=True)
class FileDifference:
    """A file of weights that differs.

    Attributes:
        tensor: the one that differs most; empty where that cannot be told.
        distance: its largest difference.
    """

    file: str
    tensor: str
    distance: float | None


@dataclass(frozen=True)
class Comparison:
    """Two runs, side by side.

    Attributes:
        a: where the first is.
        b: where the second is.
        settings: in which the configurations differ.
        ending: how the runs ended, where that differs.
        environment: in what decides the bits, as their records tell it; runs may be equal all the
            same.
        lines: of the log, that are equal before it parts.
        log: where it parts; None if nowhere.
        weights: files of weights that both have.
        files: those of them that differ.
    """

    a: str
    b: str
    settings: list[Difference]
    ending: list[Difference]
    environment: list[Difference]
    lines: int
    log: Parting | None
    weights: int
    files: list[FileDifference]

    @property
    def equal(self) -> bool:
        """Whether settings, end, log and weights are the same."""
        return not (self.settings or self.ending or self.log or self.files)


@dataclass(frozen=True)
class Side:
    """One run, or those of a store or of evidence, by their ids.

    Attributes:
        name: as the user named it.
        single: whether a run was named.
    """

    name: str
    runs: Mapping[str, RunFolder]
    single: bool


def side(name: str, store: Store) -> Side:
    """What a name means: the folder or file of a run, a store, evidence, or the id of a run.

    Raises:
        StoreError: if it is none of them.
    """
    path = Path(name)
    if path.is_file() and path.suffix == ".zip":
        return _single(name, PackedRun(path))
    if path.is_dir() and not (path / "config.json").is_file():
        found = Archive(path) if is_evidence(path) else Store(path)
        return Side(name, {run.run_id: run for run in found.runs() if run.begun}, single=False)
    return _single(name, store.find(name))


def _single(name: str, run: RunFolder) -> Side:
    return Side(name, {run.run_id: run}, single=True)


def pairs(a: Side, b: Side) -> list[tuple[RunFolder, RunFolder]]:
    """The runs to compare: two that were named, and else those that both sides have.

    Raises:
        StoreError: if they have none in common.
    """
    if a.single and b.single:
        return [(*a.runs.values(), *b.runs.values())]  # type: ignore[list-item]
    common = [run for run in a.runs if run in b.runs]
    if not common:
        raise StoreError(f"{a.name} and {b.name} have no run in common")
    return [(a.runs[run], b.runs[run]) for run in common]


def compare(a: RunFolder, b: RunFolder) -> Comparison:
    """Two runs.

    Raises:
        StoreError: if one of them is damaged.
    """
    lines, log = _logs(a, b)
    weights, files = _weights(a, b)
    return Comparison(
        _named(a),
        _named(b),
        _differences(_settings(a), _settings(b)),
        _differences(_ending(a), _ending(b)),
        _differences(_environment(a), _environment(b)),
        lines,
        log,
        weights,
        files,
    )


def _named(run: RunFolder) -> str:
    return str(run.path)


def _differences(a: Mapping[str, Value], b: Mapping[str, Value]) -> list[Difference]:
    names = [*a, *(name for name in b if name not in a)]
    return [
        Difference(name, a.get(name), b.get(name)) for name in names if a.get(name) != b.get(name)
    ]


def _settings(run: RunFolder) -> dict[str, Value]:
    config = run.config()
    return dict(_flat("", config.model_dump(exclude=set(config.not_identity))))


def _ending(run: RunFolder) -> dict[str, Value]:
    record = run.record()
    return {
        "status": run.status,
        "updates": record.updates if record else None,
        "message": record.message if record else None,
    }


def _environment(run: RunFolder) -> dict[str, Value]:
    record = run.record()
    if record is None:
        return {}
    tables = {
        "machine": record.machine,
        "numerics": record.numerics,
        "compute_path": record.compute_path,
        "versions": record.versions,
    }
    return dict(_flat("", tables))


def _flat(name: str, value: Any) -> Iterator[tuple[str, Value]]:
    """Values by name, those within others with dots, and those of a list with their places."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}" if name else str(key), inner)
    elif isinstance(value, list | tuple):
        yield f"{name}.length", len(value)
        for place, inner in enumerate(value):
            yield from _flat(f"{name}[{place}]", inner)
    else:
        yield name, value


def _logs(a: RunFolder, b: RunFolder) -> tuple[int, Parting | None]:
    """How many lines are equal, and the first that is not."""
    ours, theirs = a.metrics().lines, b.metrics().lines
    for number, (one, other) in enumerate(zip_longest(ours, theirs)):
        if one != other:
            return number, _parting(number + 1, one, other)
    return len(ours), None


def _parting(number: int, one: Line | None, other: Line | None) -> Parting:
    if one is None or other is None:
        there = one or other
        assert there is not None
        return Parting(number, there.update, "", None, None, None)
    found = _differences(_columns(one), _columns(other))
    if not found:  # of two forms that tell the same
        return Parting(number, one.update, "", type(one).__name__, type(other).__name__, None)
    first = found[0]
    return Parting(number, one.update, first.name, first.a, first.b, _distance(first.a, first.b))


def _columns(line: Line) -> dict[str, Value]:
    return dict(_flat("", line.line()))


def _distance(a: Value, b: Value) -> float | None:
    numbers = (int, float)
    if type(a) in numbers and type(b) in numbers:
        distance = abs(float(a) - float(b))  # type: ignore[arg-type]
        return distance if math.isfinite(distance) else None
    return None


def _weights(a: RunFolder, b: RunFolder) -> tuple[int, list[FileDifference]]:
    """How many files of weights both have, and those that differ.

    Snapshots by their updates, and of checkpoints the newest that both have.
    """
    snapshots, checkpoints = (
        sorted(_names(a, folder) & _names(b, folder)) for folder in ("snapshots", "checkpoints")
    )
    names = [*snapshots, *checkpoints[-1:]]
    found = (_file(name, a.content(name) or b"", b.content(name) or b"") for name in names)
    return len(names), [each for each in found if each is not None]


def _names(run: RunFolder, folder: str) -> set[str]:
    return {f"{folder}/{path.name}" for path in (run.path / folder).glob("*.safetensors")}


def _file(name: str, a: bytes, b: bytes) -> FileDifference | None:
    if hashlib.sha256(a).digest() == hashlib.sha256(b).digest():
        return None
    import numpy as np
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        ours, theirs = load(a), load(b)
    except (SafetensorError, KeyError, TypeError, ValueError):  # a type that NumPy has not
        return FileDifference(name, "", None)
    most = FileDifference(name, "", None)
    for key in ours.keys() & theirs.keys():
        one, other = ours[key], theirs[key]
        if one.shape == other.shape and one.size:
            distance = float(np.max(np.abs(one.astype(float) - other.astype(float))))
            if distance > (most.distance or 0.0):
                most = FileDifference(name, key, distance)
    return most
