"""The classifier whose features measure generated images, built from its configuration."""

from copy import deepcopy

import torch

from assay import streams
from assay.config import ClassifierConfig
from assay.errors import ConfigError
from assay.kinds.image_data import image_split
from assay.kinds.job import Job, schedule_of
from assay.metrics.classification import accuracy
from assay.models.classifier import ImageClassifier
from assay.models.pixels import to_network
from assay.tasks.images import ImageData
from assay.training import Average, Examples, Loss, Supervised, cross_entropy


def classifier_job(config: ClassifierConfig) -> Job:
    """Data, network, objective and schedule.

    Raises:
        AssayError: if the images cannot be used, or have no classes.
    """
    split = image_split(config)
    classes = len(split.train.classes)
    if classes < 2:
        raise ConfigError(
            f"a classifier needs images of two classes: {config.data} has {split.classes_counted}"
        )
    torch.manual_seed(streams.torch_seed(config.seed, "initialisation"))
    network = ImageClassifier(split.train.shape, classes)
    torch.manual_seed(streams.torch_seed(config.seed, "network"))
    objective = Supervised(
        network,
        _examples(split.train),
        _examples(split.test),
        to_network,
        Loss(cross_entropy, accuracy),
        "adam",
        config.learning_rate,
        max_norm=None,
        compute_path="torch",
        average=Average(deepcopy(network).eval().requires_grad_(False), config.average),
    )
    return Job(objective, schedule_of(config, len(split.train)), [], split.notices)


def _examples(data: ImageData) -> Examples:
    if data.labels is None:
        raise ConfigError("a classifier needs labelled images")
    return Examples(torch.from_numpy(data.images), torch.from_numpy(data.labels))
