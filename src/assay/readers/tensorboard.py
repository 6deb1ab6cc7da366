"""The scalars in TensorBoard's event files, read while they grow. It needs no TensorBoard.

Both forms are read: the plain number that PyTorch and TensorFlow 1 write, and the tensor without
dimensions of TensorFlow 2 and Keras. What else such files hold, such as images, is passed over.
"""

import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from assay.readers.protobuf import BYTES, FIXED32, FIXED64, fields, signed, varints
from assay.readers.records import Record, Records

_MARK = ".tfevents."
_CHECKED = 1 << 16
"""Bytes up to which every record is checked; a longer one, of images, if it has a scalar."""

_FLOAT, _DOUBLE, _HALF, _BFLOAT16 = 1, 2, 19, 14
_SIGNED = {3: 7, 9: 10, 5: 7, 6: 7}
_UNSIGNED = {4: 7, 17: 7, 10: 11, 22: 16, 23: 17}
"""Types of integers, and the field of a tensor that their values are in."""
_CODES = {
    _FLOAT: "<f",
    _DOUBLE: "<d",
    3: "<i",
    4: "<B",
    5: "<h",
    6: "<b",
    9: "<q",
    10: "<?",
    17: "<H",
    _HALF: "<e",
    22: "<I",
    23: "<Q",
}


class Scalar(NamedTuple):
    """A number at a step; `seconds` is when it was written, since 1970."""

    tag: str
    step: int
    value: float
    seconds: float


class EventFile:
    """The scalars of one event file, each read once.

    Attributes:
        bad: how many records could not be read: their checksum or their content is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._records = Records(path)
        self.bad = 0

    def read(self) -> Iterator[Scalar]:
        """What has come since the last call, in the order of the file."""
        for record in self._records.read():
            try:
                found = list(_scalars(record))
            except (ValueError, struct.error):
                self.bad += 1
                continue
            if (found or len(record) <= _CHECKED) and not record.whole:
                self.bad += 1
                continue
            yield from found

    @property
    def damage(self) -> str:
        """What of it could not be read, as a clause; empty if nothing.

        Call it once nobody writes the file any more: a last record may not be all there yet.
        """
        parts = [f"{self.bad} record{'s' if self.bad > 1 else ''} damaged"] if self.bad else []
        if self._records.broken:
            parts.append("what follows a damaged length cannot be read")
        elif self._records.torn:
            parts.append("its last record is not all there")
        return ", and ".join(parts)


def is_event_file(path: Path) -> bool:
    """Whether it is called as event files are: `events.out.tfevents.` and more."""
    return _MARK in path.name


def event_files(folder: Path) -> list[Path]:
    """The event files in a folder and those below it, in the order in which they were begun."""
    found = (path for path in folder.rglob(f"*{_MARK}*") if path.is_file())
    return sorted(found, key=lambda path: (path.parent, path.name))


def scalars(folder: Path) -> dict[str, list[Scalar]]:
    """All that the event files directly in a folder hold, by tag, the steps ascending.

    Of two numbers for a step the last that was written counts.
    """
    found: dict[str, dict[int, Scalar]] = {}
    for path in event_files(folder):
        if path.parent == folder:
            for scalar in EventFile(path).read():
                found.setdefault(scalar.tag, {})[scalar.step] = scalar
    return {tag: [by_step[step] for step in sorted(by_step)] for tag, by_step in found.items()}


def _scalars(record: Record) -> Iterator[Scalar]:
    """The scalars of an `Event`: wall_time = 1, step = 2, summary = 5."""
    seconds, step, summaries = 0.0, 0, []
    for number, wire, value in fields(record):
        if number == 1 and wire == FIXED64 and isinstance(value, bytes):
            (seconds,) = struct.unpack("<d", value)
        elif number == 2:
            step = signed(value)
        elif number == 5 and isinstance(value, bytes):
            summaries.append(value)
    for summary in summaries:
        for number, _, value in fields(summary):
            if number == 1 and isinstance(value, bytes):
                tag, found = _value(value)
                if found is not None:
                    yield Scalar(tag, step, found, seconds)


def _value(message: bytes) -> tuple[str, float | None]:
    """The tag of a `Summary.Value` and its number: simple_value = 2, or tensor = 8."""
    tag, found = "", None
    for number, wire, value in fields(message):
        if number == 1 and isinstance(value, bytes):
            tag = value.decode()
        elif number == 2 and wire == FIXED32 and isinstance(value, bytes):
            (found,) = struct.unpack("<f", value)
        elif number == 8 and isinstance(value, bytes):
            found = _tensor(value)
    return tag, found


def _tensor(message: bytes) -> float | None:
    """The number of a `TensorProto` without dimensions; None of any other."""
    kind, packed = 0, dict[int, bytes]()
    single: dict[int, int | bytes] = {}
    for number, wire, value in fields(message):
        if number == 1:
            kind = signed(value)
        elif number == 2 and isinstance(value, bytes) and any(n == 2 for n, _, _ in fields(value)):
            return None  # it has dimensions
        elif wire == BYTES and isinstance(value, bytes):
            packed[number] = value
        else:
            single[number] = value
    return _number(kind, packed, single)


def _number(kind: int, packed: dict[int, bytes], single: dict[int, int | bytes]) -> float | None:
    content = packed.get(4, b"")
    if kind == _BFLOAT16 and content:
        content, kind = b"\0\0" + content, _FLOAT
    if content and kind in _CODES:
        return float(struct.unpack(_CODES[kind], content)[0])
    if kind in (_FLOAT, _DOUBLE):
        field = 5 if kind == _FLOAT else 6
        value = packed.get(field) or single.get(field)
        return float(struct.unpack(_CODES[kind], value)[0]) if isinstance(value, bytes) else 0.0
    if kind not in _SIGNED and kind not in _UNSIGNED:
        return _half(packed, single) if kind == _HALF else None
    field = (_SIGNED | _UNSIGNED)[kind]
    value = next(varints(packed.get(field, b"")), single.get(field, 0))
    if kind in _UNSIGNED and isinstance(value, int):
        return float(value)
    return float(signed(value))


def _half(packed: dict[int, bytes], single: dict[int, int | bytes]) -> float:
    bits = next(varints(packed.get(13, b"")), single.get(13, 0))
    if isinstance(bits, bytes) or bits >= 1 << 16:
        return math.nan
    return float(struct.unpack("<e", struct.pack("<H", bits))[0])
