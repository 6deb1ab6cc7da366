"""The images of a configuration, kept for the next runs on the same ones. No PyTorch."""

import json
from functools import lru_cache

from assay import plugins, streams
from assay.config import ImageConfig
from assay.errors import DataError
from assay.tasks.images import Form, ImageSplit, load_images, load_mnist

_IMAGE_FIELDS = (
    *("task", "data", "data_sha256", "folder"),
    *("image_size", "channels", "ground", "values", "unreadable"),
)


_ENOUGH = 100
"""Fewer images than this say little about a distribution."""


def enough_held_out(split: ImageSplit) -> bool:
    """Whether the held-out images can stand for all, so that the training images do not have to."""
    return len(split.test) >= _ENOUGH


def image_split(config: ImageConfig) -> ImageSplit:
    """Training and held-out images, kept for the next runs on the same ones.

    Every seed has the same split, as MNIST's is one.

    Raises:
        DataError: if they cannot be read, or are not those that `data_sha256` names.
    """
    return _split(image_fields(config))


def image_fields(config: ImageConfig) -> str:
    """The fields that say which images, as a key for what is kept of them."""
    return json.dumps(config.model_dump(include=set(_IMAGE_FIELDS)), sort_keys=True)


def load_fields(fields: str) -> ImageConfig:
    """The configuration that `image_fields` wrote down, the other fields at their default."""
    return ImageConfig.parse({"kind": "images", **json.loads(fields)}, "images")


@lru_cache(maxsize=4)
def _split(fields: str) -> ImageSplit:
    config = load_fields(fields)
    if config.task == "mnist":
        return load_mnist()
    path = plugins.data_path(config)
    found = plugins.fingerprint(path)
    if config.data_sha256 is not None and found != config.data_sha256:
        raise DataError(
            f"{path}: the images have changed: their SHA-256 is {found}, and data_sha256 of this "
            f"run is {config.data_sha256}"
        )
    rng = streams.generator(0, "data")
    form = Form(config.image_size, config.channels, config.ground, config.ends)
    return load_images(path, found, form, config.unreadable, rng)
