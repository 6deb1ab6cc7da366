"""Real images to measure generated ones against, kept for all runs on the same images."""

from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from assay import streams
from assay.config import ImageConfig
from assay.kinds.image_data import enough_held_out, image_fields, image_split, load_fields
from assay.kinds.images import extractor_for, tensors
from assay.metrics.passage import Copies, copies
from assay.metrics.quality import Reference, quality, reference
from assay.models.pixels import at_once

MOST_IMAGES = 10_000
COPY_IMAGES = 2_000
MOST_PAIRS = 200


def quality_reference(config: ImageConfig) -> Reference:
    """The held-out images; where they are few, those of the training."""
    return _reference(image_fields(config))


def quality_images(config: ImageConfig) -> int:
    """How many generated images are measured: as many as there are to measure them against.

    More would say no more, since the distance of two sets is as uncertain as the smaller one makes
    it.
    """
    return min(MOST_IMAGES, len(quality_reference(config).features))


def quality_floor(config: ImageConfig) -> dict[str, Any]:
    """The metrics of other real images (`floor`) and of pure noise (`noise`).

    The real ones are seeded training images, as many as are measured of a generator. Where those
    are the reference there is no floor.
    """
    return _floor(image_fields(config))


def known_images(config: ImageConfig) -> Copies:
    """The training images, and how near to one a held-out image may come."""
    return _known(image_fields(config))


@lru_cache(maxsize=2)
def _reference(fields: str) -> Reference:
    config = load_fields(fields)
    return reference(extractor_for(config), _reference_images(config))


@lru_cache(maxsize=2)
def _floor(fields: str) -> dict[str, Any]:
    config = load_fields(fields)
    against, split = _reference(fields), image_split(config)
    rng = streams.generator(0, "evaluation")
    shape, count = split.train.shape, quality_images(config)
    sizes = [len(part) for part in np.array_split(np.arange(count), -(-count // at_once(shape)))]
    pure = (rng.integers(0, 256, (size, *shape), dtype=np.uint8) for size in sizes)
    found = {"noise": quality(against, map(torch.from_numpy, pure))}
    if enough_held_out(split):
        rows = np.sort(rng.choice(len(split.train), min(count, len(split.train)), replace=False))
        parts = (split.train.images[part] for part in np.array_split(rows, len(sizes)))
        found["floor"] = quality(against, map(torch.from_numpy, parts))
    return found


@lru_cache(maxsize=2)
def _known(fields: str) -> Copies:
    split = image_split(load_fields(fields))
    return copies(tensors(split.train).images, tensors(split.test).images[:COPY_IMAGES])


def _reference_images(config: ImageConfig) -> Tensor:
    split = image_split(config)
    return tensors(split.test if enough_held_out(split) else split.train).images
