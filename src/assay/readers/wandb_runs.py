"""Weights & Biases: the `run-*.wandb` file of a run, read without its package or an account.

It is a log of LevelDB's framing, whose records are protocol buffers:
https://github.com/google/leveldb/blob/main/doc/log_format.md and `wandb_internal.proto`.
"""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assay.errors import DataError
from assay.readers.protobuf import fields, signed
from assay.readers.run_folders import files_below
from assay.readers.tracked import Series, TrackedRun, flat
from assay.text import parse_json

_MAGIC = b":W&B"
_FILE_HEADER = 7
_BLOCK = 1 << 15
_CHUNK = struct.Struct("<IHB")
_FIRST, _LAST, _FULL = 2, 4, 1
_HISTORY, _SUMMARY, _CONFIG, _RUN = 2, 3, 5, 17

Items = dict[str, Any]


class WandbRuns:
    """Reads a folder of them, such as `wandb/`, or one."""

    what = "Weights & Biases runs"

    def recognise(self, path: str) -> bool:
        """Whether it is one, or there is one below."""
        place = Path(path)
        return bool(files_below(path, _is_one)) if place.is_dir() else _is_one(place)

    def read(self, path: str, metric: str) -> list[TrackedRun]:
        """The runs, by their names."""
        place = Path(path)
        found = files_below(path, _is_one).values() if place.is_dir() else [[place]]
        return [_run(file, metric) for files in found for file in files]


def _is_one(path: Path) -> bool:
    return path.suffix == ".wandb" and path.is_file()


def _run(path: Path, metric: str) -> TrackedRun:
    name, config, summary = path.stem, Items(), Items()
    metrics, points = dict[str, None](), list[tuple[float, float]]()
    try:
        for record in _records(path):
            for number, _, value in fields(record):
                if not isinstance(value, bytes):
                    continue
                if number == _HISTORY:
                    step, items = _history(value, len(points))
                    metrics |= dict.fromkeys(items)
                    if _is_number(items.get(metric)):
                        points.append((step, items[metric]))
                elif number == _SUMMARY:
                    summary |= _items(value)
                elif number == _CONFIG:
                    config |= _items(value)
                elif number == _RUN:
                    name, begun = _begun(value, name)
                    config |= begun
        config.pop("_wandb", None)
        settings = flat(config)
    except (OSError, ValueError, struct.error) as error:
        raise DataError(f"{path}: not a readable file of Weights & Biases: {error}") from None
    if not points and _is_number(summary.get(metric)):
        points = [(0.0, summary[metric])]
    names = [each for each in {**metrics, **summary} if not each.startswith("_")]
    return TrackedRun(name, settings, names, Series.of(points) if points else None)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _records(path: Path) -> Iterator[bytes]:
    """The records up to where the file ends; a last one that is not all there is left out."""
    content = path.read_bytes()
    if not content.startswith(_MAGIC):
        raise ValueError(f"it does not begin with {_MAGIC.decode()}")
    at, record = _FILE_HEADER, b""
    while at + _CHUNK.size <= len(content):
        left = _BLOCK - at % _BLOCK
        if left < _CHUNK.size:
            at += left
            continue
        crc, size, kind = _CHUNK.unpack_from(content, at)
        at += _CHUNK.size
        part = content[at : at + size]
        if len(part) < size or kind == 0:
            return
        if zlib.crc32(part, zlib.crc32(bytes([kind]))) != crc:
            raise ValueError(f"damaged before byte {at + size:,}")
        record = part if kind in (_FULL, _FIRST) else record + part
        if kind in (_FULL, _LAST):
            yield record
        at += size


def _history(message: bytes, number: int) -> tuple[float, Items]:
    """A `HistoryRecord`, item = 1 and step = 2 with num = 1."""
    step = float(number)
    for field, _, value in fields(message):
        if field == 2 and isinstance(value, bytes):
            step = next((float(signed(num)) for at, _, num in fields(value) if at == 1), 0.0)
    return step, _items(message)


def _begun(message: bytes, name: str) -> tuple[str, Items]:
    """A `RunRecord`: config = 4, display_name = 8, and run_id = 1 where it has no name."""
    texts, config = {}, Items()
    for field, _, value in fields(message):
        if field == 4 and isinstance(value, bytes):
            config |= _items(value)
        elif field in (1, 8) and isinstance(value, bytes):
            texts[field] = value.decode()
    return texts.get(8) or texts.get(1) or name, config


def _items(message: bytes) -> Items:
    """What is in field 1 of a record: key = 1, or nested_key = 2, and value_json = 16."""
    found = Items()
    for field, _, value in fields(message):
        if field == 1 and isinstance(value, bytes):
            keys, content = list[str](), None
            for part, _, cell in fields(value):
                if part in (1, 2) and isinstance(cell, bytes):
                    keys.append(cell.decode())
                elif part in _PLAIN or part == 16:
                    content = _content(part, cell)
            if keys:
                found[".".join(keys)] = content
    return found


_PLAIN = (4, 5, 6, 7, 8)
"""Fields that newer versions may have in place of value_json."""


def _content(part: int, cell: bytes | int) -> Any:
    """A truth, a whole number, a fraction or a text of `_PLAIN`; else JSON."""
    if part == 4:
        return bool(cell)
    if part == 5:
        return signed(cell)
    if not isinstance(cell, bytes):
        raise ValueError("a number, and no text")
    if part == 6:
        return struct.unpack("<d", cell)[0]
    return cell.decode() if part == 7 else parse_json(cell)
