"""A generative adversarial network, built from its configuration."""

import io
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np
import torch
from safetensors.torch import save
from torch import Tensor, nn

from assay import streams
from assay.config import GanConfig, is_plugin
from assay.config.losses import options_of_loss
from assay.errors import ConfigError
from assay.kinds.gan.cost import ProbeCosts
from assay.kinds.gan.kind import landmarks
from assay.kinds.gan.reference import (
    MOST_PAIRS,
    known_images,
    quality_floor,
    quality_images,
    quality_reference,
)
from assay.kinds.image_data import image_split
from assay.kinds.images import extractor_for, tensors
from assay.kinds.job import Job, schedule_of
from assay.metrics.extractor import DIGITS_SHAPE
from assay.metrics.features import DIGITS
from assay.metrics.passage import passage
from assay.metrics.quality import quality
from assay.models.classifier import ImageClassifier
from assay.models.gan import NETWORKS, Pair, own_pair
from assay.models.gan.generate import (
    calibrated,
    calibration_noises,
    generate_as_in_training,
    generated,
)
from assay.models.gan.latent import noise
from assay.models.pixels import at_once
from assay.plugins import Plugin
from assay.tasks.images import ImageSplit
from assay.training import AdamSettings, Adversarial, Artifact, Probe
from assay.training.losses import LOSSES, AdversarialLoss, own_loss

GRID = 25
GRID_BATCH = 64

# Parts of the evaluation stream.
_QUALITY, _CALIBRATION, _STARTS, _ENDS = range(4)


def gan_job(config: GanConfig) -> Job:
    """Data, networks, objective, schedule and probes.

    Raises:
        AssayError: if the images, an own pair or an own loss cannot be used.
    """
    split = image_split(config)
    pair = build_pair(config, split)
    average = deepcopy(pair.generator).eval().requires_grad_(False) if config.ema else None
    objective = Adversarial(
        pair,
        tensors(split.train, labelled=config.conditional),
        tensors(split.test, labelled=config.conditional),
        build_loss(config),
        AdamSettings(config.learning_rate, config.beta1, config.beta2),
        config.latent_dim,
        average,
        config.ema,
        config.check_every,
        getattr(torch, config.precision),
        config.critic_steps,
    )
    schedule = schedule_of(config, len(split.train))
    _begin_noise(config)
    watched = _Watched(config, split, objective.trained_generator)
    cost = ProbeCosts(config, split, objective.trained_generator)
    costs = {"quality": cost.quality, "quality_floor": cost.floor, "passage": cost.passage}
    return Job(objective, schedule, watched.probes(schedule.updates), split.notices, costs)


def _begin_noise(config: GanConfig) -> None:
    """Put the global generator at the start of the run's latent noise.

    On MNIST that is behind the draws that make the classifier of digits: in a process whose first
    run it was, a run has always drawn them before its first update, and its numbers are to stay.
    """
    torch.manual_seed(streams.torch_seed(config.seed, "latent"))
    if extractor_for(config).sees is DIGITS:
        ImageClassifier(DIGITS_SHAPE, DIGITS.classes)


def build_pair(config: GanConfig, split: ImageSplit) -> Pair:
    """Both networks, initialised; the global generator is left as it was.

    Raises:
        ConfigError: if a conditional training has no classes.
        PluginError: if an own pair cannot be used.
    """
    classes = len(split.train.classes) if config.conditional else 0
    if config.conditional and classes < 2:
        raise ConfigError(
            f"conditional = true needs images of two classes or more: {config.data} has "
            f"{split.classes_counted}"
        )
    shape = split.train.shape
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(streams.torch_seed(config.seed, "initialisation"))
        if is_plugin(config.network):
            return own_pair(Plugin.of(config, "network"), config.latent_dim, shape, classes)
        return NETWORKS[config.network](config.latent_dim, shape, classes)


def build_loss(config: GanConfig) -> AdversarialLoss:
    """The adversarial loss.

    Raises:
        PluginError: if an own loss cannot be used.
    """
    if is_plugin(config.loss):
        return own_loss(Plugin.of(config, "loss"))
    return LOSSES[config.loss](**options_of_loss(config.loss, config.loss_options))


def class_cycle(config: GanConfig, split: ImageSplit, count: int) -> Tensor | None:
    """Classes 0, 1, …, K − 1, 0, … for a conditional generator, (count,); else None."""
    return torch.arange(count) % len(split.train.classes) if config.conditional else None


def calibration(config: GanConfig, split: ImageSplit) -> tuple[Tensor, Tensor | None]:
    """Noises and classes from which an untrained generator's running statistics are set."""
    _, height, width = split.train.shape
    count = calibration_noises(height, width)
    z_NZ = noise(config.seed, "evaluation", count, config.latent_dim, _CALIBRATION)
    return z_NZ, class_cycle(config, split, count)


class _Watched:
    """A generator under training, and what is measured of it at stated updates."""

    def __init__(self, config: GanConfig, split: ImageSplit, generator: nn.Module) -> None:
        self._config, self._split, self._generator = config, split, generator

    def probes(self, updates: int) -> list[Probe | Artifact]:
        """Every probe of a training of so many updates."""
        due, config = landmarks(updates), self._config
        grids = {*range(0, updates + 1, config.save_interval), *due}
        measured = due | {update for update in config.measure_at if update <= updates}
        kept = due | {update for update in config.keep_at if update <= updates}
        return [
            Artifact("samples", frozenset(grids), ".npy", self._grid),
            Artifact("snapshots", frozenset(kept), ".safetensors", self._weights),
            Probe("quality_floor", frozenset({0}), lambda: quality_floor(config)),
            *(
                Probe("quality", frozenset({update}), self._quality_at(update))
                for update in sorted(measured)
            ),
            Probe("passage", frozenset({updates}), self._passage),
        ]

    def _noise(self, part: int, count: int) -> Tensor:
        return noise(self._config.seed, "evaluation", count, self._config.latent_dim, part)

    def _labels(self, count: int) -> Tensor | None:
        return class_cycle(self._config, self._split, count)

    def _grid(self) -> bytes:
        z = noise(self._config.seed, "latent", GRID_BATCH, self._config.latent_dim, 1)
        images = generate_as_in_training(self._generator, z, self._labels(GRID_BATCH))
        buffer = io.BytesIO()
        np.save(buffer, images[:GRID].numpy())
        return buffer.getvalue()

    def _weights(self) -> bytes:
        return save({k: v.contiguous() for k, v in self._generator.state_dict().items()})

    def _quality_at(self, update: int) -> Callable[[], dict[str, Any]]:
        return lambda: self._quality(untrained=update == 0)

    def _quality(self, untrained: bool) -> dict[str, Any]:
        generator = self._generator
        if untrained:
            generator = calibrated(generator, *calibration(self._config, self._split))
        count = quality_images(self._config)
        z = self._noise(_QUALITY, count)
        images = generated(generator, z, self._labels(count), at_once(self._split.train.shape))
        return quality(quality_reference(self._config), images)

    def _passage(self) -> dict[str, float]:
        if self._config.conditional:
            return {}
        pairs = min(MOST_PAIRS, quality_images(self._config))
        starts, ends = self._noise(_STARTS, pairs), self._noise(_ENDS, pairs)
        extractor, known = extractor_for(self._config), known_images(self._config)
        batch = at_once(self._split.train.shape)
        return passage(self._generator, extractor, known, starts, ends, batch)
