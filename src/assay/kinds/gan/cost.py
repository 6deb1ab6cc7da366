"""How long the probes of a generator take, from a part of what they measure.

Each takes a time that grows with the number of images, so a few hundred of them tell it.
"""

from functools import cached_property

import torch
from torch import Tensor, nn

from assay.config import GanConfig
from assay.kinds.estimate import spent
from assay.kinds.gan.reference import COPY_IMAGES, MOST_IMAGES, MOST_PAIRS
from assay.kinds.image_data import enough_held_out
from assay.kinds.images import extractor_for, tensors
from assay.metrics.moments import Moments, frechet_distance
from assay.metrics.neighbours import nearest
from assay.metrics.passage import flat
from assay.metrics.quality import NEIGHBOURS, Reference, quality
from assay.models.gan.generate import generated
from assay.models.gan.latent import STEPS
from assay.models.pixels import at_once
from assay.tasks.images import ImageSplit

_SOME, _KNOWN = 300, 3_000
"""So many images are measured, and looked up among so many."""


class ProbeCosts:
    """Seconds of each probe of a generator."""

    def __init__(self, config: GanConfig, split: ImageSplit, generator: nn.Module) -> None:
        self._config, self._split, self._generator = config, split, generator
        few = not enough_held_out(split)
        self._real = tensors(split.train if few else split.test).images
        self._count = min(MOST_IMAGES, len(self._real))
        self._floors = 1 if few else 2

    def quality(self) -> float:
        """Images made, and all metrics of them."""
        return self._generation * self._count + self._metrics

    def floor(self) -> float:
        """The metrics of noise and real images, and the reference, which is about as much."""
        return (self._floors + 1) * self._metrics

    def passage(self) -> float:
        """Images on paths made, and the nearest training image to each and to held-out ones."""
        if self._config.conditional:
            return 0.0
        points = min(MOST_PAIRS, self._count) * (STEPS + 2)
        some, known = flat(self._real[:_SOME]), flat(tensors(self._split.train).images[:_KNOWN])
        each = spent(lambda: nearest(some, known)) / (len(some) * len(known))
        looked_up = points + min(COPY_IMAGES, len(self._split.test))
        return points * self._generation + looked_up * len(self._split.train) * each

    @cached_property
    def _generation(self) -> float:
        z = torch.randn(min(_SOME, self._count), self._config.latent_dim, generator=_own())
        labels = None
        if self._config.conditional:
            labels = torch.arange(len(z)) % len(self._split.train.classes)
        size = at_once(self._split.train.shape)
        next(generated(self._generator, z[:2], None if labels is None else labels[:2]))
        return spent(lambda: list(generated(self._generator, z, labels, size))) / len(z)

    @cached_property
    def _metrics(self) -> float:
        extractor = extractor_for(self._config)
        images = self._real[: min(_SOME, self._count)]
        seen = extractor.features(images)
        against = _stretched(seen, self._count)
        moments = Moments()
        moments.update(against)
        reference = Reference(extractor, against, moments, 1.0, against.norm(dim=1), 1.0)
        parts = torch.split(images, at_once(self._split.train.shape))
        quality(
            reference, [images[: NEIGHBOURS + 1]]
        )  # what is loaded at the first use is paid once
        once = spent(lambda: frechet_distance(moments, moments))
        each = (spent(lambda: quality(reference, parts)) - once) / len(images)
        return once + self._count * max(0.0, each)


def _stretched(features_ND: Tensor, count: int) -> Tensor:
    """So many features (count, D), no two the same, about like those given."""
    chosen = features_ND[torch.arange(count) % len(features_ND)]
    return chosen + 1e-3 * torch.randn(chosen.shape, generator=_own())


def _own() -> torch.Generator:
    return torch.Generator().manual_seed(0)
