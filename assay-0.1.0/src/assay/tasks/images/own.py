"""Own images, brought to one size and split.

N: images, C, H, W: channels, height and width.
"""

import hashlib
import io
import zipfile
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assay.errors import DataError
from assay.tasks.images.base import LEAST_IMAGES, ImageData, ImageSplit
from assay.tasks.images.cache import Bytes, shared
from assay.tasks.images.decode import Channels, decode
from assay.tasks.images.sources import Item, items

HELD_OUT = 0.1
_NAMED = 5


def load_images(
    path: Path,
    fingerprint: str,
    size: int,
    channels: Channels,
    unreadable: Literal["refuse", "skip"],
    rng: np.random.Generator,
) -> ImageSplit:
    """The images of a folder, or of a ZIP, Parquet or NPZ file, a seeded tenth of them held out.

    Args:
        path: the folder or file. An NPZ file has `images` uint8, (N, H, W), (N, H, W, C) or
            (N, C, H, W), and maybe `labels` (N,).
        fingerprint: hash of its content, under which the decoded images are kept.
        size: height and width that every image is brought to.
        channels: 1 for gray, 3 for RGB.
        unreadable: whether an image that cannot be read is refused, or left out with a notice.
        rng: chooses the held-out images.

    Raises:
        DataError: if there are fewer than 10 images, or one cannot be read.
    """
    is_npz = path.suffix.lower() == ".npz" and path.is_file()
    found = _from_npz(path, size, channels) if is_npz else items(path)
    if not found:
        raise DataError(f"{path} holds no image: {LEAST_IMAGES} or more are needed")
    skipped: list[str] = []
    kept = list(range(len(found)))
    if unreadable == "skip":
        kept, skipped = _readable(found, size, channels)
    if len(kept) < LEAST_IMAGES:
        raise DataError(
            f"{path} holds {len(kept)} readable images: {LEAST_IMAGES} or more are needed"
        )
    key = hashlib.sha256(repr((fingerprint, size, channels, unreadable)).encode()).hexdigest()[:24]
    images = shared(f"images-{key}", lambda: _decoded([found[i] for i in kept], size, channels))
    return _split(images, [found[i].label for i in kept], rng, _notices(skipped))


def _readable(found: list[Item], size: int, channels: Channels) -> tuple[list[int], list[str]]:
    kept, skipped = [], []
    for row, item in enumerate(found):
        try:
            decode(item.read(), size, channels, item.name)
            kept.append(row)
        except DataError as error:
            skipped.append(str(error))
    return kept, skipped


def _decoded(found: list[Item], size: int, channels: Channels) -> Bytes:
    images = np.empty((len(found), channels, size, size), np.uint8)
    for row, item in enumerate(found):
        try:
            images[row] = decode(item.read(), size, channels, item.name)
        except DataError as error:
            raise DataError(f"{error}; unreadable = 'skip' leaves such images out") from None
    return images


def _notices(skipped: list[str]) -> tuple[str, ...]:
    if len(skipped) <= _NAMED:
        return tuple(f"left out: {reason}" for reason in skipped)
    more = f"left out: {len(skipped) - _NAMED} more images that cannot be read"
    return (*(f"left out: {reason}" for reason in skipped[:_NAMED]), more)


def _split(
    images: Bytes, labels: list[str | None], rng: np.random.Generator, notices: tuple[str, ...]
) -> ImageSplit:
    names = sorted({label for label in labels if label is not None}, key=_natural)
    numbers: NDArray[np.int64] | None = None
    if names:
        number_of = {name: number for number, name in enumerate(names)}
        numbers = np.array([number_of[str(label)] for label in labels], dtype=np.int64)
    data = ImageData(images, numbers, tuple(names))
    order = rng.permutation(len(images))
    held_out = max(1, round(len(images) * HELD_OUT))
    train, test = np.sort(order[held_out:]), np.sort(order[:held_out])
    return ImageSplit(data.take(train), data.take(test), notices)


def _natural(name: str) -> tuple[int, int, str]:
    """Numbers by their value, before other names."""
    return (0, int(name), "") if name.isdecimal() else (1, 0, name)


def _from_npz(path: Path, size: int, channels: Channels) -> list[Item]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            names = list(archive.files)
            arrays = {name: archive[name] for name in ("images", "labels") if name in names}
    except (OSError, EOFError, ValueError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is no readable NPZ file of plain arrays: {error}") from None
    if "images" not in arrays:
        shown = ", ".join(map(repr, names)) or "none"
        raise DataError(f"{path}: the arrays are {shown}: one 'images' is needed")
    images = _pictures(arrays["images"], path)
    labels: list[Any] = [None] * len(images)
    if "labels" in arrays:
        labels = arrays["labels"].tolist()
        if arrays["labels"].shape != (len(images),):
            raise DataError(f"{path}: 'labels' should have one entry for each of {len(images)}")
    return [
        Item(
            f"{path}: image {row + 1}",
            None if label is None else str(label),
            partial(_encoded, images[row]),
        )
        for row, label in enumerate(labels)
    ]


def _pictures(images: NDArray[Any], path: Path) -> Bytes:
    """(N, H, W) or (N, H, W, 3)."""
    if images.dtype != np.uint8:
        raise DataError(f"{path}: 'images' has type {images.dtype}: allowed is uint8, 0 to 255")
    if images.ndim == 4 and images.shape[1] in (1, 3) and images.shape[3] not in (1, 3):
        images = images.transpose(0, 2, 3, 1)
    if images.ndim == 4 and images.shape[3] == 1:
        images = images[..., 0]
    if images.ndim not in (3, 4) or (images.ndim == 4 and images.shape[3] != 3):
        raise DataError(
            f"{path}: 'images' has shape {images.shape}: allowed are (N, H, W), (N, H, W, C) and "
            "(N, C, H, W) with C = 1 or 3"
        )
    return np.ascontiguousarray(images)


def _encoded(image: Bytes) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "BMP")
    return buffer.getvalue()
