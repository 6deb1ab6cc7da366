"""A recurrent network on a sequence task, built from its configuration."""

from functools import partial

import numpy as np
import torch
from torch import Tensor

from assay import models, tasks
from assay.config import MemoryConfig
from assay.errors import ConfigError
from assay.kinds.job import Job, schedule_of
from assay.kinds.memory.data import PROBED, dataset
from assay.metrics.classification import accuracy, within
from assay.metrics.gradients import state_gradient_log_norms
from assay.tasks.adding import TOLERANCE
from assay.tasks.encoding import encode, input_size
from assay.training import (
    Examples,
    Goal,
    Loss,
    Probe,
    Supervised,
    cross_entropy,
    double_softmax,
    squared_error,
)


def memory_job(config: MemoryConfig) -> Job:
    """Data, network, objective, schedule and probes.

    Raises:
        AssayError: if the data, an own cell or an own generator cannot be used.
    """
    split = dataset(config)
    network = build_network(config, split.train)
    training, validation = _tensors(split.train), _tensors(split.validation)
    encoder = partial(encode, encoding=config.encoding, symbols=split.train.symbols)
    loss = loss_of(config, split.train)
    objective = Supervised(
        network,
        training,
        validation,
        encoder,
        loss,
        config.optimizer,
        config.learning_rate,
        config.max_norm,
        models.kernel_name(network),
        goal=None if config.stop_accuracy is None else Goal(config.stop_accuracy),
    )
    schedule = schedule_of(config, len(training))
    inputs = encoder(validation.inputs[:PROBED])
    targets = validation.targets[:PROBED]
    probe = Probe(
        "state_gradient",
        frozenset(config.measure_at) | {schedule.updates},
        lambda: _state_gradient(network, inputs, targets, loss),
    )
    return Job(objective, schedule, [probe], (*split.train.notices, *_regression(split.train)))


def build_network(config: MemoryConfig, data: tasks.SequenceData) -> models.SequenceModel:
    """The initialised network for the form of `data`."""
    steps = int(data.inputs.shape[1])
    return models.build(config, input_size(data, config.encoding), data.classes or 1, steps)


def loss_of(config: MemoryConfig, data: tasks.SequenceData) -> Loss:
    """Classification by the configured form of cross-entropy; regression by squared error.

    A number counts as right within 4 % of the range of the training targets, the criterion of
    Hochreiter and Schmidhuber (1997) for the adding problem.
    """
    if data.classes is None:
        if config.loss != "logits":
            raise ConfigError(
                f"loss = {config.loss!r} is for classification; the labels of {config.task} are "
                "numbers"
            )
        tolerance = TOLERANCE * float(np.ptp(data.targets))
        return Loss(squared_error, partial(within, tolerance=tolerance))
    per_sample = double_softmax if config.loss == "double_softmax" else cross_entropy
    return Loss(per_sample, accuracy)


def _regression(data: tasks.SequenceData) -> list[str]:
    if data.classes is not None:
        return []
    return [
        "the labels are numbers: accuracy is the share of answers that are within "
        f"{100 * TOLERANCE:g} % of the range of the training labels"
    ]


def _tensors(data: tasks.SequenceData) -> Examples:
    dtype = torch.float32 if data.classes is None else torch.int64
    return Examples(torch.from_numpy(data.inputs), torch.from_numpy(data.targets).to(dtype))


def _state_gradient(
    network: models.SequenceModel, inputs: Tensor, targets: Tensor, loss: Loss
) -> dict[str, list[float | None]]:
    gradient = state_gradient_log_norms(
        network, inputs, lambda outputs: loss.per_sample(outputs, targets).sum()
    )
    parts = {f"part{i}": _finite(part) for i, part in enumerate(gradient.parts)}
    return {"whole": _finite(gradient.whole), **parts}


def _finite(values: Tensor) -> list[float | None]:
    return [
        value if value == value and abs(value) != float("inf") else None
        for value in values.tolist()
    ]
