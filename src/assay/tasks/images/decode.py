"""One encoded image, brought to the form that networks take.

C, H, W: channels, height and width.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from assay.errors import DataError

Channels = Literal[1, 3]
Ground = Literal["black", "white", "gray"]
Stored = Literal["bytes", "integers", "floats"]
Bytes = NDArray[np.uint8]

# A picture of a few kilobytes can claim gigabytes of pixels.
MOST_PIXELS = 64_000_000
WHITE: dict[Stored, float] = {"bytes": 255.0, "integers": 65_535.0, "floats": 1.0}
"""What is white where nothing else is said."""
_GRAY: dict[Ground, int] = {"black": 0, "gray": 128, "white": 255}
# A drawing whose gray levels differ from its ground by no more than this cannot be seen.
_UNSEEN = 8


@dataclass(frozen=True)
class Form:
    """The form that images are brought to.

    Attributes:
        size: height and width, in pixels.
        channels: 1 for gray, 3 for RGB.
        ground: what shows through transparent parts.
        values: what is black and what is white; None: 0 and the highest that a format has.
    """

    size: int
    channels: Channels
    ground: Ground = "black"
    values: tuple[float, float] | None = None


@dataclass(frozen=True)
class Picture:
    """An image in its form, and what its file held.

    Attributes:
        pixels: (C, size, size).
        stored: as what its values are stored.
        low: the least of them.
        high: the greatest.
        transparent: whether something shows through.
        lost: whether it was drawn on transparent ground and cannot be told from it.
        coloured: whether it has colours and was made gray.
        cut: whether more than half of it was cut off at its ends.
        frames: whether there are more images in the file, of which this is the first.
    """

    pixels: Bytes
    stored: Stored
    low: float
    high: float
    transparent: bool
    lost: bool
    coloured: bool
    cut: bool
    frames: bool


@dataclass(frozen=True)
class _Flat:
    """An image of 8 bits without transparency, and what is known of its file."""

    image: Image.Image
    stored: Stored
    low: float
    high: float
    transparent: bool = False
    lost: bool = False
    coloured: bool = False


def decode(content: bytes, form: Form, where: str) -> Picture:
    """An encoded image in a form: scaled by its shorter side and cropped at the centre.

    Raises:
        DataError: naming `where`, if it is no image, damaged, too large or too thin.
    """
    with _opened(content, where) as picture:
        flat = _flat(picture, form)
    size, image = form.size, flat.image
    scale = size / min(image.size)
    width, height = max(size, round(image.width * scale)), max(size, round(image.height * scale))
    if width * height > MOST_PIXELS:
        raise DataError(
            f"{where} is {image.width} x {image.height} pixels: too thin, for scaled by its "
            f"shorter side it would be {width} x {height}, and allowed are {MOST_PIXELS:,} in all"
        )
    scaled = image.resize((width, height), Image.Resampling.LANCZOS)
    left, top = (scaled.width - size) // 2, (scaled.height - size) // 2
    pixels = _array(scaled.crop((left, top, left + size, top + size)))
    facts = (flat.stored, flat.low, flat.high, flat.transparent, flat.lost, flat.coloured)
    return Picture(pixels, *facts, max(image.size) > 2 * min(image.size), _has_frames(content))


def read_image(
    path: Path,
    shape: tuple[int, int, int],
    ground: Ground = "black",
    values: tuple[float, float] | None = None,
) -> Bytes:
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
        form = Form(height, 1 if channels == 1 else 3, ground, values)
        return _array(_flat(picture, form).image)


@cache
def _formats() -> list[str]:
    """All that Pillow reads by itself: for EPS it would start a program."""
    Image.init()
    return [name for name in Image.OPEN if name != "EPS"]


def _open(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=_formats())


@contextmanager
def _opened(content: bytes, where: str) -> Iterator[Image.Image]:
    """The image, upright; whatever Pillow raises within becomes one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = _open(content)
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


def _flat(picture: Image.Image, form: Form) -> _Flat:
    """Gray or RGB of 8 bits, on the ground that shows through what is transparent."""
    mode = "L" if form.channels == 1 else "RGB"
    if picture.mode.startswith("I") or picture.mode == "F":
        stored: Stored = "integers" if picture.mode.startswith("I") else "floats"
        values = np.asarray(picture, dtype=np.float64)
        if not np.isfinite(values).all():
            raise ValueError("it holds values that are not finite")
        gray = Image.fromarray(_stretched(values, form.values or (0.0, WHITE[stored])))
        return _Flat(gray.convert(mode), stored, float(values.min()), float(values.max()))
    transparent = lost = False
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        alpha = _extrema(picture.getchannel("A"))
        transparent = alpha[0] < 255
        ground = Image.new("RGBA", picture.size, (*(_GRAY[form.ground],) * 3, 255))
        picture = Image.alpha_composite(ground, picture)
        lost = transparent and alpha[1] > 0 and _spread(picture) <= _UNSEEN
    flat = picture.convert(mode)
    low, high = _extrema(flat)
    if form.values:
        flat = Image.fromarray(_stretched(np.asarray(flat, dtype=np.float64), form.values))
    coloured = mode == "L" and _is_coloured(picture)
    return _Flat(flat, "bytes", low, high, transparent, lost, coloured)


def _stretched(values: NDArray[np.float64], ends: tuple[float, float]) -> Bytes:
    """0 for the first of the ends, 255 for the second; what lies beyond is cut off."""
    low, high = ends
    return ((values - low) / (high - low) * 255).round().clip(0, 255).astype(np.uint8)


def _spread(picture: Image.Image) -> float:
    low, high = _extrema(picture.convert("L"))
    return high - low


def _is_coloured(picture: Image.Image) -> bool:
    if picture.mode in ("1", "L", "LA", "La"):
        return False
    values = np.asarray(picture.convert("RGB")).astype(np.int16)
    return bool(np.ptp(values, axis=2).max() > _UNSEEN)


def _extrema(picture: Image.Image) -> tuple[float, float]:
    values = np.asarray(picture)
    return float(values.min()), float(values.max())


def _has_frames(content: bytes) -> bool:
    """Whether a file holds more than one image, as animations and stacks do."""
    with suppress(Exception):  # a damaged further frame is none of the first one's
        return bool(getattr(_open(content), "is_animated", False))
    return False


def _array(picture: Image.Image) -> Bytes:
    values = np.array(picture, dtype=np.uint8)  # a copy: Pillow's own memory cannot be written
    return values[None] if values.ndim == 2 else np.ascontiguousarray(values.transpose(2, 0, 1))
