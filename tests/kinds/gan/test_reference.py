"""So many generated images are measured as there are real ones to measure them against."""

import time
from pathlib import Path

import numpy as np
import pytest

from assay.config import GanConfig
from assay.kinds.gan.reference import MOST_IMAGES, quality_floor, quality_images
from assay.plugins import resolve


def own(folder: Path, count: int, size: int) -> GanConfig:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (count, size, size), dtype=np.uint8)
    np.savez(folder / "own.npz", images=images)
    settings = {"task": "images", "data": "own.npz", "image_size": size, "folder": str(folder)}
    return resolve(GanConfig(updates=2, **settings))


def test_they_are_no_more_than_there_are_to_measure_against(tmp_path: Path) -> None:
    assert quality_images(GanConfig()) == MOST_IMAGES == 10_000
    # Of so few, those of the training: the held-out ones say nothing of a distribution.
    assert quality_images(own(tmp_path, 12, 128)) == 11


def test_few_large_images_take_no_time_to_measure(tmp_path: Path) -> None:
    config = own(tmp_path, 12, 128)
    start = time.process_time()
    floor = quality_floor(config)
    assert time.process_time() - start < 5
    assert floor["noise"]["images"] == 11
    assert "floor" not in floor


@pytest.mark.parametrize("count", [900, 1_100])
def test_there_is_a_floor_where_enough_are_held_out(tmp_path: Path, count: int) -> None:
    floor = quality_floor(own(tmp_path, count, 8))
    assert ("floor" in floor) == (count == 1_100)
