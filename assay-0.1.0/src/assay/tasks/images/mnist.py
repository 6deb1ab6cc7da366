"""MNIST: 28 × 28 gray digits, 60,000 to train on and 10,000 held out (LeCun et al. 1998).

The four files of the original database lie in the folder beside this file, with their licence.
"""

import gzip
import hashlib
import zlib
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from assay.errors import DataError
from assay.tasks.images.base import ImageData, ImageSplit
from assay.tasks.images.cache import Bytes, shared

FOLDER = resources.files("assay.tasks.images") / "mnist"

# Of the raw files, without gzip, as their README lists them.
SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
DIGITS = tuple("0123456789")
TRAINING_IMAGES = 60_000

_IMAGE_HEADER, _LABEL_HEADER = 16, 8


@lru_cache(maxsize=1)
def load_mnist() -> ImageSplit:
    """The whole database, mapped from the cache of decoded images.

    Raises:
        DataError: if one of its files is missing, truncated or altered.
    """
    return ImageSplit(_part("train"), _part("t10k"))


def _part(name: str) -> ImageData:
    images = shared(f"mnist-{name}", lambda: _images(f"{name}-images-idx3-ubyte"))
    raw = _raw(f"{name}-labels-idx1-ubyte")
    labels = np.frombuffer(raw, np.uint8, offset=_LABEL_HEADER)
    return ImageData(images, labels.astype(np.int64), DIGITS)


def _images(name: str) -> Bytes:
    pixels: NDArray[np.uint8] = np.frombuffer(_raw(name), np.uint8, offset=_IMAGE_HEADER)
    return pixels.reshape(-1, 1, 28, 28)


def _raw(name: str) -> bytes:
    path = FOLDER / f"{name}.gz"
    try:
        raw = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read, install assay again: {error}") from None
    if hashlib.sha256(raw).hexdigest() != SHA256[name]:
        raise DataError(f"{path} was altered: its SHA-256 differs; install assay again")
    return raw
