"""Pictures made of generated images: grids, strips and films.

N: images, C, H, W: channels, height and width, F: frames.
"""

import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Bytes = NDArray[np.uint8]

GAP = 2
# The gap's gray separates tiles whose edges are black, as MNIST's are, and white ones alike.
PAPER = 96
LEAST_WIDTH = 500
FRAME_MS = 120
LAST_FRAME_MS = 2_000


def tile(images_NCHW: Bytes, columns: int) -> Bytes:
    """Images side by side in rows of `columns`: (H', W') gray or (H', W', 3) RGB."""
    count, channels, height, width = images_NCHW.shape
    rows = -(-count // columns)
    sheet = np.full(
        (rows * (height + GAP) + GAP, columns * (width + GAP) + GAP, channels), PAPER, np.uint8
    )
    for place, image in enumerate(images_NCHW):
        row, column = divmod(place, columns)
        top, left = GAP + row * (height + GAP), GAP + column * (width + GAP)
        sheet[top : top + height, left : left + width] = image.transpose(1, 2, 0)
    return sheet[:, :, 0] if channels == 1 else sheet


def columns_for(count: int) -> int:
    """Columns that make a grid of `count` images about square."""
    return math.ceil(math.sqrt(count))


def enlarged(sheet: Bytes) -> Image.Image:
    """The sheet as a picture of at least 500 pixels across, each pixel a whole square."""
    picture = Image.fromarray(sheet)
    factor = max(1, -(-LEAST_WIDTH // picture.width))
    size = (picture.width * factor, picture.height * factor)
    return picture.resize(size, Image.Resampling.NEAREST)


def grid_png(images_NCHW: Bytes, columns: int) -> bytes:
    """A PNG of images in rows of `columns`."""
    return _encode(enlarged(tile(images_NCHW, columns)), "PNG")


def image_png(image_CHW: Bytes) -> bytes:
    """A PNG of one image, pixel for pixel."""
    pixels = image_CHW.transpose(1, 2, 0)
    return _encode(Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels), "PNG")


def film(frames: Sequence[Bytes], columns: int, format: str) -> bytes:
    """An animation, a frame a grid of images (N, C, H, W); `format` is GIF or WEBP."""
    pictures = [enlarged(tile(images, columns)) for images in frames]
    times = [FRAME_MS] * (len(pictures) - 1) + [LAST_FRAME_MS]
    options: dict[str, Any] = {"lossless": True} if format == "WEBP" else {}
    return _encode(
        pictures[0],
        format,
        save_all=True,
        append_images=pictures[1:],
        duration=times,
        loop=0,
        **options,
    )


def _encode(picture: Image.Image, format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format, **options)
    return buffer.getvalue()
