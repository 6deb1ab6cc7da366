"""One encoded image, brought to the form that networks take.

C, H, W: channels, height and width.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from assay.errors import DataError

Channels = Literal[1, 3]
Bytes = NDArray[np.uint8]

# A picture of a few kilobytes can claim gigabytes of pixels.
MOST_PIXELS = 64_000_000


def decode(content: bytes, size: int, channels: Channels, where: str) -> Bytes:
    """An encoded image as (C, size, size): scaled by its shorter side and cropped at the centre.

    Raises:
        DataError: naming `where`, if it is no image, damaged, or too large.
    """
    with _opened(content, where) as picture:
        flat = _flat(picture, channels)
    scale = size / min(flat.size)
    scaled = flat.resize(
        (max(size, round(flat.width * scale)), max(size, round(flat.height * scale))),
        Image.Resampling.LANCZOS,
    )
    left, top = (scaled.width - size) // 2, (scaled.height - size) // 2
    return _array(scaled.crop((left, top, left + size, top + size)))


def read_image(path: Path, shape: tuple[int, int, int]) -> Bytes:
    """An image file that has exactly the shape (C, H, W), turned to gray or RGB if need be.

    Raises:
        DataError: if it cannot be read, or has another height or width.
    """
    channels, height, width = shape
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None
    with _opened(content, str(path)) as picture:
        if picture.size != (width, height):
            raise DataError(
                f"{path} is {picture.width} x {picture.height} pixels: needed are "
                f"{width} x {height}"
            )
        return _array(_flat(picture, 1 if channels == 1 else 3))


@contextmanager
def _opened(content: bytes, where: str) -> Iterator[Image.Image]:
    """The image, upright; whatever Pillow raises within becomes one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content))
        if picture.width * picture.height > MOST_PIXELS:
            raise DataError(
                f"{where} is {picture.width} x {picture.height} pixels: allowed are "
                f"{MOST_PIXELS:,} in all"
            )
        yield ImageOps.exif_transpose(picture)
    except DataError:
        raise
    except Image.DecompressionBombError:
        raise DataError(f"{where} has too many pixels: allowed are {MOST_PIXELS:,}") from None
    except Exception as error:  # damaged files make decoders raise nearly anything
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        if isinstance(error, UnidentifiedImageError):
            reason = "no known format"
        raise DataError(f"{where} is no readable image: {reason}") from None


def _flat(picture: Image.Image, channels: Channels) -> Image.Image:
    """Gray or RGB of 8 bits; what is transparent becomes black, the empty value of MNIST's kind."""
    if picture.mode.startswith("I") or picture.mode == "F":
        values = np.asarray(picture, dtype=np.float64)
        top = 65_535.0 if picture.mode.startswith("I") else 1.0
        picture = Image.fromarray((values / top * 255).round().clip(0, 255).astype(np.uint8))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        black = Image.new("RGBA", picture.size, (0, 0, 0, 255))
        picture = Image.alpha_composite(black, picture)
    return picture.convert("L" if channels == 1 else "RGB")


def _array(picture: Image.Image) -> Bytes:
    values = np.array(picture, dtype=np.uint8)  # a copy: Pillow's own memory cannot be written
    return values[None] if values.ndim == 2 else np.ascontiguousarray(values.transpose(2, 0, 1))
