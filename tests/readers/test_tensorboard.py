"""Event files that PyTorch's writer and TensorBoard's own messages make, read without either."""

import math
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util.tensor_util import make_tensor_proto
from torch.utils.tensorboard import SummaryWriter

from assay.readers.records import masked_crc
from assay.readers.tensorboard import EventFile, event_files, is_event_file, scalars


def test_what_pytorch_writes(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for step in range(5):
            writer.add_scalar("Loss/train", 1 / (step + 1), step)
            writer.add_scalar("accuracy", step / 4, step, new_style=True)
            writer.add_scalar("precise", 1 / 3, step, new_style=True, double_precision=True)
        writer.add_scalar("Loss/train", math.nan, 7)
        writer.add_scalar("Loss/train", -math.inf, 8)
        writer.add_histogram("weights", np.arange(1000.0), 3)
        writer.add_image("image", np.random.default_rng(0).random((3, 200, 200)), 3)
        writer.add_text("words", "some text", 3)
        writer.add_pr_curve("curve", np.array([0, 1, 1]), np.array([0.1, 0.4, 0.9]), 3)
    (path,) = event_files(tmp_path)
    assert is_event_file(path)
    found = scalars(tmp_path)
    assert set(found) == {"Loss/train", "accuracy", "precise"}
    loss = [(each.step, each.value) for each in found["Loss/train"]]
    assert loss[:5] == [(step, float(np.float32(1 / (step + 1)))) for step in range(5)]
    assert math.isnan(loss[5][1])
    assert loss[6] == (8, -math.inf)
    assert [each.value for each in found["accuracy"]] == [0, 0.25, 0.5, 0.75, 1]
    assert found["precise"][0].value == 1 / 3
    assert found["precise"][0].seconds > 1.6e9
    assert EventFile(path).damage == ""


def written(path: Path, messages: list[Event]) -> None:
    with path.open("wb") as file:
        writer = RecordWriter(file)
        for message in messages:
            writer.write(message.SerializeToString())
        writer.flush()


def event(tag: str, step: int, **value: object) -> Event:
    return Event(step=step, summary=Summary(value=[Summary.Value(tag=tag, **value)]))


@pytest.mark.parametrize(
    "number",
    [
        *map(np.float64, (0.1, -2.5e300, 0)),
        *map(np.float32, (0.1, 0, -7)),
        *map(np.int64, (-(2**62), 3)),
        *map(np.int32, (-5, 5)),
        np.int8(-5),
        np.int16(-300),
        np.uint8(200),
        np.uint16(60_000),
        np.bool_(True),
        np.float16(0.333),
    ],
)
def test_tensors_without_dimensions(tmp_path: Path, number: np.generic) -> None:
    tensor = make_tensor_proto(number)
    raw = TensorProto(
        dtype=tensor.dtype, tensor_shape=TensorShapeProto(), tensor_content=number.tobytes()
    )
    path = tmp_path / "events.out.tfevents.1"
    written(path, [event("a", 1, tensor=tensor), event("a", 2, tensor=raw)])
    assert [(each.step, each.value) for each in EventFile(path).read()] == [
        (1, float(number)),
        (2, float(number)),
    ]


def test_tensors_with_dimensions_and_of_text_are_no_scalars(tmp_path: Path) -> None:
    path = tmp_path / "events.out.tfevents.1"
    tensors = [make_tensor_proto(np.zeros(3)), make_tensor_proto("text")]
    written(path, [event("a", 1, tensor=each) for each in tensors])
    file = EventFile(path)
    assert list(file.read()) == []
    assert file.damage == ""


def test_of_two_files_the_later_counts(tmp_path: Path) -> None:
    written(tmp_path / "events.out.tfevents.1", [event("a", at, simple_value=1) for at in (1, 2)])
    written(tmp_path / "events.out.tfevents.2", [event("a", at, simple_value=2) for at in (2, 3)])
    (tmp_path / "below").mkdir()
    written(tmp_path / "below/events.out.tfevents.3", [event("a", 9, simple_value=9)])
    assert [(each.step, each.value) for each in scalars(tmp_path)["a"]] == [(1, 1), (2, 2), (3, 2)]
    assert len(event_files(tmp_path)) == 3


MESSAGES = [
    event("loss", 1, simple_value=0.5),
    event("accuracy", 1, tensor=make_tensor_proto(0.25)),
    event("loss", 2, simple_value=0.25),
]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("events") / "events.out.tfevents.1"
    written(path, MESSAGES)
    return path.read_bytes()


ALL = [("loss", 1, 0.5), ("accuracy", 1, 0.25), ("loss", 2, 0.25)]


@given(cuts=st.lists(st.integers(1, 60), min_size=1, max_size=9))
@settings(deadline=None)
def test_it_is_read_while_it_grows(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, cuts: list[int]
) -> None:
    path = tmp_path_factory.mktemp("growing") / "events.out.tfevents.1"
    file, found, at = EventFile(path), [], 0
    assert list(file.read()) == []
    while at < len(content):
        size = cuts[at % len(cuts)]
        with path.open("ab") as growing:
            growing.write(content[at : at + size])
        at += size
        found += [each[:3] for each in file.read()]
    assert found == ALL
    assert file.damage == ""


@given(place=st.integers(0, 10**6), other=st.integers(1, 255), end=st.integers(0, 10**6))
@settings(deadline=None, max_examples=200)
def test_of_a_damaged_file_nothing_is_read_that_was_not_written(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, place: int, other: int, end: int
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "events.out.tfevents.1"
    damaged = bytearray(content)
    damaged[place % len(content)] ^= other
    path.write_bytes(damaged[: len(content) - end % len(content)])
    file = EventFile(path)
    found = [each[:3] for each in file.read()]
    assert all(each in ALL for each in found)
    assert len(found) == 3 or file.damage or end % len(content)  # cut between records it is whole


def test_what_is_damaged_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "events.out.tfevents.1"
    first = struct.unpack_from("<Q", content)[0] + 16
    for damaged, left, told in (
        (content[:20] + b"\xff" + content[21:], 2, "1 record damaged"),
        (b"\0" + content[1:], 0, "what follows a damaged length cannot be read"),
        (content[:-5], 2, "its last record is not all there"),
        (content[:first] + b"\0" * 40, 1, "what follows a damaged length cannot be read"),
    ):
        path.write_bytes(damaged)
        file = EventFile(path)
        assert len(list(file.read())) == left
        assert file.damage == told


@given(st.binary(max_size=300))
def test_the_checksum_is_that_of_tensorboard(content: bytes) -> None:
    assert masked_crc(content) == masked_crc32c(content)
