"""TensorBoard: run folders with event files, and the hyperparameters that are written there."""

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from assay.readers.protobuf import fields
from assay.readers.records import Records
from assay.readers.run_folders import files_below, run_name, settings_of
from assay.readers.tensorboard import is_event_file, scalars
from assay.readers.tracked import Series, Setting, TrackedRun

_HPARAMS = b"_hparams_/session_start_info"
_SESSION = re.compile(r"\d{9,}\.\d+")
"""What PyTorch calls the folder, within that of the run, in which it writes hyperparameters."""


@dataclass
class _Found:
    """What the folders of a run hold."""

    settings: dict[str, Setting] = field(default_factory=dict)
    points: dict[str, list[tuple[float, float]]] = field(default_factory=dict)


class EventFolders:
    """Reads them; a run is a folder that has an event file."""

    what = "TensorBoard event folders"

    def recognise(self, path: str) -> bool:
        """Whether there is an event file in it or below."""
        return Path(path).is_dir() and bool(files_below(path, is_event_file))

    def read(self, path: str, metric: str) -> list[TrackedRun]:
        """The runs, by the names of their folders."""
        top = Path(path)
        found: dict[Path, _Found] = {}
        for files in files_below(path, is_event_file).values():
            folder = files[0].parent
            own = folder.parent if _SESSION.fullmatch(folder.name) and folder != top else folder
            run = found.setdefault(own, _Found(settings_of(run_name(top, own), own)))
            for tag, points in scalars(folder).items():
                run.points.setdefault(tag, []).extend((each.step, each.value) for each in points)
            for file in files:
                run.settings |= _hparams(file)
        return [
            TrackedRun(
                run_name(top, folder),
                run.settings,
                list(run.points),
                Series.of(run.points[metric]) if metric in run.points else None,
            )
            for folder, run in found.items()
        ]


def _hparams(path: Path) -> dict[str, Setting]:
    """The hyperparameters in an event file: `HParamsPluginData`, session_start_info = 3."""
    found: dict[str, Setting] = {}
    for record in Records(path).read():
        if record.find(_HPARAMS) >= 0:
            with suppress(ValueError, struct.error):  # damaged, as records of scalars may be
                found |= _settings(record)
    return found


def _settings(record: bytes) -> dict[str, Setting]:
    """Those in an event, by their names.

    Raises:
        ValueError: if it is damaged.
        struct.error: likewise.
    """
    found: dict[str, Setting] = {}
    for content in _within(record, 5, 1, 9, 1, 2, 3, 1):
        entry = {number: value for number, _, value in fields(content)}
        name, value = entry.get(1), entry.get(2)
        if isinstance(name, bytes) and isinstance(value, bytes):
            found[name.decode()] = _value(value)
    return found


def _within(message: bytes, *path: int) -> Iterator[bytes]:
    """The contents of fields within fields.

    Of an `Event` summary = 5, value = 1, metadata = 9, plugin_data = 1, content = 2; of the content
    session_start_info = 3, and its hparams = 1, a map.
    """
    for number, _, value in fields(message):
        if number == path[0] and isinstance(value, bytes):
            if len(path) == 1:
                yield value
            else:
                yield from _within(value, *path[1:])


def _value(message: bytes) -> Setting:
    """A `google.protobuf.Value`: number_value = 2, string_value = 3, bool_value = 4."""
    for number, _, value in fields(message):
        if number == 2 and isinstance(value, bytes):
            return float(struct.unpack("<d", value)[0])
        if number == 3 and isinstance(value, bytes):
            return value.decode()
        if number == 4:
            return bool(value)
    return None
