"""What can be asked of a trained generator."""

from dataclasses import dataclass
from pathlib import Path as FilePath

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from assay.errors import ConfigError
from assay.inference.audit import Audit, audit
from assay.inference.invert import STARTS, Inversion, invert
from assay.kinds.gan.trained import TrainedGenerator
from assay.kinds.gan.training import class_cycle
from assay.kinds.images import extractor_for, tensors
from assay.models.gan.generate import generate
from assay.models.gan.latent import Path, interpolate, noise
from assay.models.pixels import at_once
from assay.tasks.images import read_image

Bytes = NDArray[np.uint8]

# Parts of the latent stream of a seed that a user gives, apart from those of the training.
SAMPLES, _ENDS, _INVERSION, _AUDIT = 10, 11, 12, 13
_BATCH = 250
_MOST_BATCHES = 40


@dataclass(frozen=True)
class AuditedSamples:
    """An audit, and the pairs it found closest in pixels, as images (25, C, H, W) uint8."""

    audit: Audit
    samples: Bytes
    training: Bytes


class Pictures:
    """Samples, interpolations, inversions and audits of one generator."""

    def __init__(self, trained: TrainedGenerator) -> None:
        self._trained = trained
        self._config, self._images = trained.config, trained.images

    def sample(self, count: int, seed: int, digit: int | None) -> Bytes:
        """Images (count, C, H, W); of a conditional generator all classes in turn, or one.

        Raises:
            ConfigError: for a class that there is not.
        """
        z_NZ = self._noise(seed, count, SAMPLES)
        if digit is None:
            return self._generate(z_NZ, class_cycle(self._config, self._images, count))
        if self._config.conditional:
            self._check_class(digit)
            return self._generate(z_NZ, torch.full((count,), digit))
        return self._generate(self._taken_for(digit, count, seed, SAMPLES), None)

    def interpolate(
        self,
        steps: int,
        path: Path,
        rows: int,
        seeds: tuple[int, int],
        digits: tuple[int, int] | None,
    ) -> Bytes:
        """Images (rows, steps + 2, C, H, W) between pairs of noises.

        Raises:
            ConfigError: for a class that there is not, or classes of which none is found.
        """
        labels = None
        if self._config.conditional:
            labels = self._path_labels(steps + 2, rows, digits)
            digits = None
        ends = []
        for place, seed in enumerate(seeds):
            if digits is None:
                ends.append(self._noise(seed, rows, _ENDS))
            else:
                ends.append(self._taken_for(digits[place], rows, seed, _ENDS))
        z_NKZ = interpolate(ends[0], ends[1], steps, path)
        images = self._generate(z_NKZ.flatten(0, 1), labels)
        return images.reshape(rows, steps + 2, *images.shape[1:])

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes of the images that it learnt from, by number."""
        return self._images.train.classes

    @property
    def shape(self) -> tuple[int, int, int]:
        """(C, H, W) of every image."""
        return self._images.train.shape

    def given(self, image: str | FilePath | Bytes) -> Bytes:
        """An image (C, H, W) from a file, or as it is.

        Raises:
            DataError: if a file cannot be read, or is of another size.
            ConfigError: if an array is of another shape or type.
        """
        if isinstance(image, str | FilePath):
            return read_image(FilePath(image), self.shape, self._config.ground, self._config.ends)
        if image.shape != self.shape or image.dtype != np.uint8:
            raise ConfigError(
                f"an image of shape {image.shape} and type {image.dtype}: needed are {self.shape} "
                "and uint8"
            )
        return image

    def reconstruct(
        self, images: list[Bytes], steps: int, path: Path, seed: int
    ) -> tuple[list[Inversion], Bytes]:
        """The noise nearest to each of one or two images (C, H, W), and a strip (K, C, H, W).

        Raises:
            ConfigError: if the generator is conditional.
        """
        if self._config.conditional:
            raise ConfigError("invert is for generators that are not told a class")
        starts = self._noise(seed, STARTS, _INVERSION)
        found = [invert(self._trained.network, torch.from_numpy(image), starts) for image in images]
        if len(found) == 1:
            return found, np.stack([images[0], found[0].image.numpy()])
        z_KZ = interpolate(found[0].z[None], found[1].z[None], steps, path)[0]
        return found, np.concatenate([images[:1], self._generate(z_KZ, None), images[1:]])

    def audit(self, count: int, seed: int) -> AuditedSamples:
        """Whether `count` samples repeat training images."""
        z_NZ = self._noise(seed, count, _AUDIT)
        samples = torch.from_numpy(
            self._generate(z_NZ, class_cycle(self._config, self._images, count))
        )
        training = tensors(self._images.train).images
        test = tensors(self._images.test).images
        found = audit(extractor_for(self._config), samples, training, test)
        return AuditedSamples(
            found,
            samples[found.pixels.closest].numpy(),
            training[found.pixels.partners].numpy(),
        )

    def _noise(self, seed: int, count: int, part: int) -> Tensor:
        return noise(seed, "latent", count, self._config.latent_dim, part)

    def _generate(self, z_NZ: Tensor, labels_N: Tensor | None) -> Bytes:
        images: Bytes = generate(self._trained.network, z_NZ, labels_N, at_once(self.shape)).numpy()
        return images

    def _path_labels(self, points: int, rows: int, digits: tuple[int, int] | None) -> Tensor:
        """Classes (rows · points,): one a row, or changing halfway from one to another."""
        classes = len(self._images.train.classes)
        if digits is None:
            return (torch.arange(rows) % classes).repeat_interleave(points)
        for digit in digits:
            self._check_class(digit)
        row = torch.tensor(digits).repeat_interleave(-(-points // 2))[:points]
        return row.repeat(rows)

    def _taken_for(self, digit: int, count: int, seed: int, part: int) -> Tensor:
        """Noises (count, Z) whose images are taken for a digit, the surest of a batch."""
        self._check_class(digit)
        extractor = extractor_for(self._config)
        if not extractor.sees.classes:
            raise ConfigError(
                "ends by class need a classifier of these images: give seeds for own images"
            )
        found: list[Tensor] = []
        for batch in range(_MOST_BATCHES):
            z_NZ = noise(seed, "latent", _BATCH, self._config.latent_dim, part, batch)
            sure_NK = extractor.probabilities(
                generate(self._trained.network, z_NZ, None, at_once(self.shape))
            )
            chosen = sure_NK.argmax(dim=1) == digit
            order = sure_NK[chosen, digit].argsort(descending=True, stable=True)
            found.append(z_NZ[chosen][order])
            if sum(map(len, found)) >= count:
                return torch.cat(found)[:count]
        raise ConfigError(
            f"among {_BATCH * _MOST_BATCHES:,} samples the classifier takes "
            f"{sum(map(len, found))} for {digit}, and {count} are asked for"
        )

    def _check_class(self, digit: int) -> None:
        classes = max(len(self._images.train.classes), extractor_for(self._config).sees.classes)
        if not 0 <= digit < classes:
            raise ConfigError(f"class {digit}: allowed are 0 to {classes - 1}")
