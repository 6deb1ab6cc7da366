"""What is written is read back by TensorBoard's own package and by assay, number for number."""

import hashlib
import io
import json
import math
from pathlib import Path

import numpy as np
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray

from assay.readers.event_folders import EventFolders
from assay.store import Store
from assay.tracking.tensorboard import TensorBoardSink
from tests.tracking.made import begun, bring, end, files, line, write

LINES = [line(update, 1 / update) for update in (1, 2, 3)] + [line(4, None)]


def _folder(top: Path) -> Path:
    (path,) = (path.parent for path in top.rglob("assay.json"))
    return path


def _numbers(top: Path, tag: str) -> dict[int, float]:
    read = EventAccumulator(str(top))
    read.Reload()
    return {each.step: float(make_ndarray(each.tensor_proto)) for each in read.Tensors(tag)}


def test_numbers_settings_and_state_are_read_back(store: Store, tmp_path: Path) -> None:
    folder = begun(store, LINES)
    end(folder)
    top = tmp_path / "tb"
    bring(lambda: TensorBoardSink(str(top)), folder)
    run = _folder(top)
    assert run == top / "small" / "forms" / f"cell=lstm,seed=3,{folder.run_id}"
    found = _numbers(run, "loss")
    assert [found[update] for update in (1, 2, 3)] == [1.0, 1 / 2, 1 / 3]  # not rounded to float32
    assert math.isnan(found[4])

    (read,) = EventFolders().read(str(top), "loss")
    assert read.series is not None
    assert read.series.values[:3].tolist() == [1.0, 1 / 2, 1 / 3]
    assert read.settings["seed"] == 3
    assert read.settings["hidden_size"] == 8
    assert read.settings["experiment"] == "forms, other"
    assert read.settings["assay.run"] == folder.run_id
    assert set(read.metrics) == {"loss", "split/top 5 (%)"}

    accumulated = EventAccumulator(str(run))
    accumulated.Reload()
    (ended,) = accumulated.Tensors("assay/ended")
    assert ended.tensor_proto.string_val[0] == b"finished"


def test_a_second_command_changes_nothing(store: Store, tmp_path: Path) -> None:
    folder = begun(store, LINES)
    end(folder)
    for _ in range(2):
        bring(lambda: TensorBoardSink(str(tmp_path / "tb")), folder)
        before = files(tmp_path / "tb")
        (tmp_path / "tb").chmod(0o755)
    assert files(tmp_path / "tb") == before
    assert sum("tfevents" in name for name in before) == 1


def test_an_interrupted_run_is_there_once_after_it_went_on(store: Store, tmp_path: Path) -> None:
    top = tmp_path / "tb"
    folder = begun(store, LINES[:2])
    bring(lambda: TensorBoardSink(str(top)), folder)
    assert not list(top.rglob("assay.json"))
    foreign = next(top.rglob("events*")).with_name("events.out.tfevents.1.other")
    foreign.write_bytes(b"")
    write(folder, LINES)
    end(folder)
    bring(lambda: TensorBoardSink(str(top)), folder)
    assert foreign.exists()
    assert list(_numbers(_folder(top), "loss")) == [1, 2, 3, 4]


def test_samples_are_images_and_alarms_texts(store: Store, tmp_path: Path) -> None:
    images = np.random.default_rng(1).integers(0, 256, (25, 1, 7, 6), np.uint8)
    buffer = io.BytesIO()
    np.save(buffer, images)
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    probe = json.dumps({"update": 5, "probe": "samples", "sha256": digest})
    alarm = json.dumps({"update": 6, "alarm": "the critic <b>won</b>"})
    folder = begun(store, [probe, alarm])
    path = folder.artifact("samples", 5, ".npy")
    path.parent.mkdir()
    path.write_bytes(buffer.getvalue())
    end(folder)
    bring(lambda: TensorBoardSink(str(tmp_path / "tb")), folder)
    read = EventAccumulator(str(_folder(tmp_path / "tb")))
    read.Reload()
    (image,) = read.Images("samples")
    assert image.step == 5
    pixels = np.asarray(Image.open(io.BytesIO(image.encoded_image_string)))
    assert pixels.shape == (35, 30)
    assert (pixels[7:14, 12:18] == images[7, 0]).all()  # the third of the second row
    (text,) = read.Tensors("assay/alarm")
    assert text.tensor_proto.string_val[0] == b"the critic <b>won</b>"
