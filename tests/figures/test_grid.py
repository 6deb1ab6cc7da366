"""Sheets, pictures and films of images."""

import io

import numpy as np
import pytest
from PIL import Image

from assay.figures.grid import columns_for, enlarged, film, grid_png, image_png, tile


def images(count: int, channels: int = 1, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, channels, 8, 8), dtype=np.uint8)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_sheet_holds_every_image_in_its_place(channels: int) -> None:
    given = images(7, channels)
    sheet = tile(given, 3)
    assert sheet.shape[:2] == (3 * 10 + 2, 3 * 10 + 2)
    for place, image in enumerate(given):
        row, column = divmod(place, 3)
        part = sheet[2 + 10 * row : 10 + 10 * row, 2 + 10 * column : 10 + 10 * column]
        np.testing.assert_array_equal(part, image[0] if channels == 1 else image.transpose(1, 2, 0))


def test_pictures_can_be_opened_and_read_back() -> None:
    given = images(4)
    single = np.asarray(Image.open(io.BytesIO(image_png(given[0]))))
    np.testing.assert_array_equal(single, given[0, 0])
    grid = Image.open(io.BytesIO(grid_png(given, 2)))
    assert grid.width >= 500
    factor = grid.width // 22
    np.testing.assert_array_equal(np.asarray(grid)[::factor, ::factor], tile(given, 2))
    assert enlarged(tile(given, 2)).size == grid.size
    assert [columns_for(count) for count in (1, 2, 4, 5, 25, 26)] == [1, 2, 2, 3, 5, 6]


@pytest.mark.parametrize("format", ["GIF", "WEBP"])
def test_a_film_has_every_frame(format: str) -> None:
    frames = [images(4, seed=seed) for seed in range(5)]
    made = Image.open(io.BytesIO(film(frames, 2, format)))
    assert made.n_frames == 5  # type: ignore[attr-defined]
    assert made.format == format
