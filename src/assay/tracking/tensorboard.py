"""TensorBoard: a folder for each run, with an event file that its own package writes.

The file of a run that has not ended is written anew whenever the run is taken up: that it holds
nothing twice follows from that. One that is whole has `assay.json` beside it, written last.
"""

import os
import re
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import (
    DATA_CLASS_SCALAR,
    DATA_CLASS_TENSOR,
    Summary,
    SummaryMetadata,
)
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.compat.proto.types_pb2 import DT_DOUBLE, DT_STRING
from tensorboard.plugins.hparams import metadata as hparams
from tensorboard.plugins.hparams.api_pb2 import Status
from tensorboard.plugins.hparams.plugin_data_pb2 import (
    HParamsPluginData,
    SessionEndInfo,
    SessionStartInfo,
)
from tensorboard.summary.writer.record_writer import RecordWriter

from assay.errors import AssayError
from assay.store.durable import json_object, make_folder, to_json, write_atomic
from assay.tracking.entries import Entry, Note, Picture, Point
from assay.tracking.sink import Ended, Scalar, Subject

_MARK = "assay.json"
_LONGEST = 150


class TensorBoardSink:
    """A folder of runs, each in a folder of the study and of its experiment."""

    def __init__(self, place: str) -> None:
        self._top = Path(place)
        make_folder(self._top)
        # A run keeps its folder, in whatever experiment it is met first another time.
        self._folders = {
            path.name.rpartition(",")[2]: path for path in self._top.glob("*/*/*seed=*,*")
        }

    def whole(self, subject: Subject, how: Ended) -> bool:  # noqa: D102 - as in Sink
        mark = self._folder(subject) / _MARK
        try:
            found = json_object(mark.read_bytes(), str(mark))
        except (OSError, AssayError):
            return False
        return found == _mark(subject, how) and any(_own_files(mark.parent, subject))

    def begin(self, subject: Subject, settings: Mapping[str, Scalar]) -> "_EventWriter":  # noqa: D102 - as in Sink
        self.discard(subject)
        folder = self._folder(subject)
        make_folder(folder)
        return _EventWriter(folder, subject, settings)

    def discard(self, subject: Subject) -> None:  # noqa: D102 - as in Sink
        folder = self._folder(subject)
        (folder / _MARK).unlink(missing_ok=True)
        for path in _own_files(folder, subject):
            path.unlink()

    def _folder(self, subject: Subject) -> Path:
        if subject.run not in self._folders:
            experiment = subject.experiments[0] if subject.experiments else "runs"
            _, _, point = (subject.arms[0] if subject.arms else "").partition("[")
            values = point.removesuffix("]").replace(", ", ",")
            parts = [_plain(values)[:_LONGEST]] if values else []
            parts += [f"seed={subject.seed}", subject.run]
            self._folders[subject.run] = (
                self._top / _plain(subject.study) / _plain(experiment) / ",".join(parts)
            )
        return self._folders[subject.run]


class _EventWriter:
    """One event file. Numbers are written as they are, in double precision."""

    def __init__(self, folder: Path, subject: Subject, settings: Mapping[str, Scalar]) -> None:
        self._folder, self._subject = folder, subject
        path = folder / f"events.out.tfevents.{time.time():.6f}.assay.{subject.run}"
        self._file: IO[bytes] = path.open("xb")
        self._records = RecordWriter(self._file)
        self._add(Event(file_version="brain.Event:2"))
        tags = {
            "assay.run": subject.run,
            "assay.study": subject.study,
            "experiment": ", ".join(subject.experiments),
            "arm": ", ".join(subject.arms),
        }
        start = SessionStartInfo(group_name=subject.name, start_time_secs=time.time())
        for name, value in {**settings, **tags}.items():
            if isinstance(value, bool):
                start.hparams[name].bool_value = value
            elif isinstance(value, str):
                start.hparams[name].string_value = value
            else:
                start.hparams[name].number_value = value
        self._hparams(hparams.SESSION_START_INFO_TAG, session_start_info=start)
        self._file.flush()

    def write(self, found: Sequence[Entry], grid: Callable[[int, str], bytes]) -> None:
        values: list[Summary.Value] = []
        update = 0
        for entry in found:
            if values and entry.update != update:
                self._add(Event(step=update, summary=Summary(value=values)))
                values = []
            update = entry.update
            values += _values(entry, grid)
        if values:
            self._add(Event(step=update, summary=Summary(value=values)))
        self._file.flush()

    def end(self, how: Ended) -> None:
        status = Status.STATUS_SUCCESS if how.status == "finished" else Status.STATUS_FAILURE
        session = SessionEndInfo(status=status, end_time_secs=how.seconds or time.time())
        self._hparams(hparams.SESSION_END_INFO_TAG, session_end_info=session)
        text = f"{how.status}: {how.message}" if how.message else how.status
        self._add(Event(summary=Summary(value=[_text("assay/ended", text)])))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if how.log_sha256:
            write_atomic(self._folder / _MARK, to_json(_mark(self._subject, how)))

    def _hparams(self, tag: str, **told: Any) -> None:
        content = HParamsPluginData(version=hparams.PLUGIN_DATA_VERSION, **told)
        metadata = SummaryMetadata(
            plugin_data=SummaryMetadata.PluginData(
                plugin_name=hparams.PLUGIN_NAME, content=content.SerializeToString()
            )
        )
        self._add(Event(summary=Summary(value=[Summary.Value(tag=tag, metadata=metadata)])))

    def _add(self, event: Event) -> None:
        event.wall_time = time.time()
        self._records.write(event.SerializeToString())


def _values(entry: Entry, grid: Callable[[int, str], bytes]) -> list[Summary.Value]:
    match entry:
        case Point(name=name, value=value):
            number = TensorProto(
                dtype=DT_DOUBLE, tensor_content=struct.pack("<d", value), tensor_shape=_shape()
            )
            return [_value(name, number, "scalars", DATA_CLASS_SCALAR)]
        case Note(text=text):
            return [_text("assay/alarm", text)]
        case Picture():
            content = grid(entry.update, entry.sha256)
            if not content:
                return []
            width, height = struct.unpack(">II", content[16:24])  # of a PNG's first chunk
            image = Summary.Image(height=height, width=width, encoded_image_string=content)
            return [Summary.Value(tag="samples", image=image)]


def _text(tag: str, text: str) -> Summary.Value:
    content = TensorProto(dtype=DT_STRING, string_val=[text.encode()], tensor_shape=_shape())
    return _value(tag, content, "text", DATA_CLASS_TENSOR)


def _value(tag: str, tensor: TensorProto, plugin: str, data: Any) -> Summary.Value:
    metadata = SummaryMetadata(
        plugin_data=SummaryMetadata.PluginData(plugin_name=plugin), data_class=data
    )
    return Summary.Value(tag=tag, tensor=tensor, metadata=metadata)


def _shape() -> TensorShapeProto:
    return TensorShapeProto()


def _mark(subject: Subject, how: Ended) -> dict[str, str]:
    return {"run": subject.run, "status": how.status, "log_sha256": how.log_sha256}


def _own_files(folder: Path, subject: Subject) -> list[Path]:
    """The event files of a run that are assay's: nothing else is ever taken away."""
    return sorted(folder.glob(f"events.out.tfevents.*.assay.{subject.run}"))


def _plain(name: str) -> str:
    return re.sub(r"[^\w=,.+-]", "_", name).strip(".") or "_"
