"""The file that a command writes its numbers to, read while it grows: JSON lines or CSV."""

import csv
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assay.readers.names import STEPS
from assay.store.log import Measures

_CHUNK = 1 << 20
_LONGEST = 1 << 20
_EDGE = 256


class MetricsFile:
    """Numbers at steps from a file that another process writes.

    A line counts once it is whole; at the end so does a last one without a newline. A file that is
    written anew is read anew.

    Attributes:
        bad: how many lines told nothing, `first_bad` the first of them.
    """

    def __init__(self, path: Path, step: str) -> None:
        self._path, self._asked = path, step
        self._begin()

    def _begin(self) -> None:
        self.bad, self.first_bad = 0, ""
        self._offset, self._rest = 0, b""
        self._head, self._tail = b"", b""
        self._header: list[str] | None = None
        self._delimiter = ","
        self._is_json: bool | None = None
        self._step = self._asked
        self._last = 0

    @property
    def damage(self) -> str:
        """What of it could not be read, as a sentence; empty if nothing."""
        if not self.bad:
            return ""
        lines = f"{self.bad} line{'s' if self.bad > 1 else ''}"
        return f"{lines} of its file of numbers could not be read, the first {self.first_bad!r}"

    def read(self, *, final: bool = False) -> Iterator[tuple[int, Measures] | None]:
        """What is there since the last call, each line's step and numbers.

        A None says that all before it is void, since the file is another one.
        """
        try:
            file = self._path.open("rb")
        except OSError:
            return
        with file:
            if self._offset and self._is_another(file):
                self._begin()
                yield None
            file.seek(self._offset)
            while content := file.read(_CHUNK):
                self._note(content)
                whole, newline, self._rest = (self._rest + content).rpartition(b"\n")
                if newline:
                    yield from self._lines(whole.split(b"\n"))
                if len(self._rest) > _LONGEST:
                    self._refuse(self._rest)
                    self._rest = b""
        if final and self._rest.strip():
            last, self._rest = self._rest, b""
            yield from self._lines([last])

    def _note(self, content: bytes) -> None:
        """Remember how the file begins, and what is before where it is read on."""
        self._offset += len(content)
        self._head = (self._head + content)[:_EDGE]
        self._tail = (self._tail + content)[-_EDGE:]

    def _is_another(self, file: Any) -> bool:
        head = file.read(len(self._head))
        file.seek(self._offset - len(self._tail))
        return bool(head != self._head or file.read(len(self._tail)) != self._tail)

    def _lines(self, lines: list[bytes]) -> Iterator[tuple[int, Measures]]:
        for line in lines:
            text = line.decode("utf-8", "replace").strip("\r\ufeff ")
            if not text:
                continue
            if self._is_json is None:
                self._is_json = text.startswith("{")
            row = self._object(text) if self._is_json else self._row(text)
            if row is not None and (found := self._at_step(row, line)) is not None:
                yield found

    def _object(self, text: str) -> Mapping[str, Any] | None:
        try:
            row = json.loads(text)
            if isinstance(row, dict):
                return dict(_flat(row))
        except (ValueError, RecursionError):
            pass
        self._refuse(text.encode())
        return None

    def _row(self, text: str) -> Mapping[str, Any] | None:
        if self._header is None:
            self._delimiter = max(",;\t", key=text.count)
            self._header = [name.strip() for name in self._cells(text)]
            return None
        cells = self._cells(text)
        if len(cells) != len(self._header):
            self._refuse(text.encode())
            return None
        found = {name: _number(cell) for name, cell in zip(self._header, cells, strict=True)}
        return {name: value for name, value in found.items() if value is not None}

    def _cells(self, text: str) -> list[str]:
        """The cells of a line; none of one that is no line of CSV."""
        try:
            return next(csv.reader([text], delimiter=self._delimiter))
        except csv.Error:
            return []

    def _at_step(self, row: Mapping[str, Any], line: bytes) -> tuple[int, Measures] | None:
        if not self._step:
            self._step = next((name for name in STEPS if name in row), "\0")
        if self._step == "\0":
            self._last += 1
        elif self._step in row:
            step = row[self._step]
            if not math.isfinite(step) or step < 0 or step != int(step):
                self._refuse(line)
                return None
            self._last = int(step)
        return self._last, {
            name: value if math.isfinite(value) else None
            for name, value in row.items()
            if name != self._step
        }

    def _refuse(self, line: bytes) -> None:
        self.bad += 1
        self.first_bad = self.first_bad or line[:80].decode("utf-8", "replace").strip()


def _flat(row: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, float]]:
    """The numbers of an object, those of objects within it under names with dots."""
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        elif isinstance(value, int | float):
            yield f"{before}{name}", value if isinstance(value, float) else _whole(value)


def _whole(value: int) -> float:
    """A whole number as it is, but for one that no fraction is as large as."""
    try:
        float(value)
    except OverflowError:
        return math.inf
    return int(value)


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
