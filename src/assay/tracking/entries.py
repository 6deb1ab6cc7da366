"""What of a run's log a tracker shows: numbers, texts and pictures, each at an update."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from assay.store.log import Alarm, Check, Diverged, Epoch, Line, Numbers, Probe, is_number

SAMPLES = "samples"


class Point(NamedTuple):
    """A number; NaN is one that was not finite."""

    name: str
    update: int
    value: float


class Note(NamedTuple):
    """What went wrong, in words."""

    update: int
    text: str


class Picture(NamedTuple):
    """A grid of samples, by the hash of its file."""

    update: int
    sha256: str


Entry = Point | Note | Picture


def entries(line: Line) -> Iterator[Entry]:
    """What a line of a log tells.

    Numbers have the names that studies give them, with a slash for the dot, by which trackers
    group: `validation/accuracy`, `quality/frechet`.
    """
    match line:
        case Epoch():
            yield from _points("training/", line.update, line.training)
            yield from _points("validation/", line.update, line.validation)
        case Check():
            yield from _points("check/", line.update, line.measures)
        case Numbers():
            yield from _points("", line.update, line.numbers)
        case Probe(name=name, found=found) if name == SAMPLES:
            yield Picture(line.update, str(found.get("sha256", "")))
        case Probe():
            yield from _points(f"{line.name}/", line.update, line.found)
        case Alarm():
            yield Note(line.update, line.text)
        case Diverged():
            yield Note(line.update, "it diverged")


def _points(before: str, update: int, found: Mapping[str, Any]) -> Iterator[Point]:
    for name, value in found.items():
        if isinstance(value, Mapping):
            yield from _points(f"{before}{name}/", update, value)
        elif is_number(value):
            yield Point(f"{before}{name}", update, float("nan") if value is None else float(value))
