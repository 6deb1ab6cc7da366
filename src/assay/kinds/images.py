"""Images as tensors, and the features they are measured in."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from assay.config import ImageConfig
from assay.kinds.gan.features import features_of
from assay.metrics.extractor import EXTRACTORS, Extractor
from assay.tasks.images import ImageData
from assay.training import Images


def tensors(data: ImageData, *, labelled: bool = False) -> Images:
    """Images and, where asked for, their classes, without a copy."""
    labels = None
    if labelled and data.labels is not None:
        labels = torch.from_numpy(data.labels)
    return Images(torch.from_numpy(data.images), labels)


def extractor_for(config: ImageConfig) -> Extractor:
    """What computes the features that the images of a configuration are compared in."""
    return EXTRACTORS[features_of(config)]()


def class_counts(config: Any, images_NCHW: NDArray[np.uint8]) -> list[int]:
    """How many of a run's samples are of each class, as what judges them sees it.

    Empty where nothing judges classes, or the run is of no images.
    """
    if not isinstance(config, ImageConfig) or not (extractor := extractor_for(config)).sees.classes:
        return []
    taken = extractor.probabilities(torch.from_numpy(images_NCHW)).argmax(dim=1)
    counts: list[int] = torch.bincount(taken, minlength=extractor.sees.classes).tolist()
    return counts
