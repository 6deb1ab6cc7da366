"""The data of a configuration, and how much they are: what is asked before a run. No PyTorch."""

import json
from functools import lru_cache

from assay import plugins, streams, tasks
from assay.config import ImageConfig, MemoryConfig, RunConfig
from assay.errors import ConfigError, DataError
from assay.tasks.images import ImageSplit, load_images, load_mnist

_SEQUENCE_FIELDS = {
    "seed",
    "task",
    "length",
    "data_size",
    "train_fraction",
    "data",
    "data_sha256",
    "task_options",
    "source_sha256",
    "folder",
}
_IMAGE_FIELDS = ("task", "data", "data_sha256", "folder", "image_size", "channels", "unreadable")


def dataset(config: MemoryConfig) -> tasks.Split:
    """The sequences of a configuration, kept for the next runs on the same data.

    They depend on task and seed only.
    """
    fields = config.model_dump(include=_SEQUENCE_FIELDS)
    return _dataset(json.dumps(fields, sort_keys=True))


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


def training_examples(config: RunConfig) -> int:
    """How many examples a run trains on."""
    if isinstance(config, ImageConfig):
        return len(image_split(config).train)
    if isinstance(config, MemoryConfig):
        return len(dataset(config.model_copy(update={"seed": 0})).train)
    raise ConfigError(f"kind = {config.kind!r} cannot be trained")


def updates_of(config: RunConfig) -> int:
    """How many updates a run makes."""
    return updates_over(config, training_examples(config))


def updates_over(config: RunConfig, examples: int) -> int:
    """How many updates a run makes that trains on so many examples."""
    return config.updates or config.epochs * -(-examples // config.batch_size)


@lru_cache(maxsize=8)
def _dataset(fields: str) -> tasks.Split:
    return tasks.make(MemoryConfig.parse(json.loads(fields), "data"))


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
    return load_images(path, found, config.image_size, config.channels, config.unreadable, rng)
