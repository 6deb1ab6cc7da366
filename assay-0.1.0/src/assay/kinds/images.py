"""Images as tensors, and the features they are measured in."""

import torch

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
