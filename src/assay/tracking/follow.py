"""Runs followed in the store, and brought to a tracker as far as they are."""

import hashlib
import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from assay.errors import AssayError, StoreError
from assay.store import Record, RunFolder
from assay.store.durable import json_object
from assay.store.reading import read_log
from assay.store.samples import grid_file, load_grid
from assay.tracking.entries import Entry, entries
from assay.tracking.sink import Differs, Ended, Scalar, Sink, Subject, Writer

_PIECE = 500
"""Entries that are handed over at once."""


class Following:
    """A run, and how far the tracker has it.

    Attributes:
        ended: how its attempt ended, as its session told; None while it is trained.
        whole: whether the tracker has all of it, its end included.
    """

    def __init__(self, subject: Subject, ended: Ended | None = None) -> None:
        self.subject, self.ended, self.whole = subject, ended, False
        self._folder = RunFolder(Path(subject.folder))
        self.reset()

    def reset(self) -> None:
        """Forget what the tracker has: it is to be opened again."""
        self._writer: Writer | None = None
        self._bytes, self._digest = 0, hashlib.sha256()

    def bring(self, sink: Sink) -> Iterator[None]:
        """Bring what has come since, piece by piece; a run that has ended is whole after it.

        Raises:
            AssayError: if the run is damaged.
            Exception: whatever the tracker raises.
        """
        if self.ended is None and not self._folder.begun:
            return  # it is trained where this store is not seen
        record = self._folder.record()  # before the log, which is whole once there is one
        how = self.ended if record is None else _how(record)
        if record is not None and self._writer is None and sink.whole(self.subject, _how(record)):
            self.whole = True
            return
        try:
            yield from self._bring(sink, how)
        except Differs:
            sink.discard(self.subject)
            self.reset()
            yield from self._bring(sink, how)

    def _bring(self, sink: Sink, how: Ended | None) -> Iterator[None]:
        new = self._new()
        if how is not None and how.log_sha256 and self._digest.hexdigest() != how.log_sha256:
            if self._writer is None:
                raise StoreError(f"{self._folder.where('metrics.jsonl')} is damaged")
            raise Differs
        if self._writer is None:
            self._writer = sink.begin(self.subject, self._settings())
        while piece := list(islice(new, _PIECE)):
            self._writer.write(piece, self._grid)
            yield
        if how is not None:
            self._writer.end(how)
            self.whole = True

    def _new(self) -> Iterator[Entry]:
        """What the log tells since it was last looked at.

        It may have been cut back to a checkpoint since: a run that goes on from there writes the
        same lines again, so nothing is new until it is longer.
        """
        path = self._folder.path / "metrics.jsonl"
        try:
            with path.open("rb") as file:
                file.seek(self._bytes)
                content = file.read()
        except FileNotFoundError:
            content = b""
        content = content[: content.rfind(b"\n") + 1]
        self._bytes += len(content)
        self._digest.update(content)
        log = read_log(content, self._folder.where("metrics.jsonl"))
        return (entry for line in log.lines for entry in entries(line))

    def _settings(self) -> dict[str, Scalar]:
        where = self._folder.where("config.json")
        content = self._folder.content("config.json")
        if content is None:
            raise StoreError(f"{where} is missing")
        return _flat(json_object(content, where))

    def _grid(self, update: int, sha256: str) -> bytes:
        try:
            return _png(load_grid(grid_file(self._folder, update, sha256)))
        except AssayError:  # it is gone, or not written anew yet
            return b""


def _how(record: Record) -> Ended:
    return Ended(
        record.status,
        record.message,
        record.metrics.sha256,
        datetime.fromisoformat(record.ended).timestamp(),
    )


def _flat(settings: Mapping[str, Any], before: str = "") -> dict[str, Scalar]:
    """Settings by name, those within others with dots; a list as its text, none left out."""
    found: dict[str, Scalar] = {}
    for name, value in settings.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{before}{name}.")
        elif value is not None:
            plain = isinstance(value, str | int | float)
            found[f"{before}{name}"] = value if plain else str(value)
    return found


def _png(images_NCHW: np.ndarray[Any, np.dtype[np.uint8]]) -> bytes:
    """Images as one picture, in rows as long as there are rows."""
    from PIL import Image

    count, channels, height, width = images_NCHW.shape
    columns = int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    sheet = np.zeros((rows * columns, channels, height, width), np.uint8)
    sheet[:count] = images_NCHW
    tiled = sheet.reshape(rows, columns, channels, height, width).transpose(0, 3, 1, 4, 2)
    pixels = tiled.reshape(rows * height, columns * width, channels)
    buffer = io.BytesIO()
    Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels).save(buffer, "PNG")
    return buffer.getvalue()
