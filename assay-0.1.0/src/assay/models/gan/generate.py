"""Images from a trained generator."""

from collections.abc import Iterator
from copy import deepcopy

import torch
from torch import Tensor, nn

from assay.models.gan.batchnorm import batch_statistics, calibrate
from assay.models.pixels import to_bytes

BATCH = 250

# An untrained generator's running statistics are those it was made with, and its images in
# evaluation mode are flat gray: they are first set from 1,024 noises, of larger images from fewer,
# since each of their pixels counts and all are held at once.
_CALIBRATION_NOISES = 1_024
_LEAST_NOISES = 64
_CALIBRATION_PIXELS = _CALIBRATION_NOISES * 32 * 32


def generate(
    generator: nn.Module, z_NZ: Tensor, labels_N: Tensor | None = None, batch: int = BATCH
) -> Tensor:
    """Images (N, C, H, W) uint8 with running statistics; the generator's mode is left as it was."""
    return torch.cat(list(generated(generator, z_NZ, labels_N, batch)))


def generated(
    generator: nn.Module, z_NZ: Tensor, labels_N: Tensor | None = None, batch: int = BATCH
) -> Iterator[Tensor]:
    """The same images, `batch` at once, so that not all are held in memory."""
    for rows in torch.split(torch.arange(len(z_NZ)), batch):
        training = generator.training
        generator.eval()
        try:
            with torch.no_grad():
                made = generator(z_NZ[rows], None if labels_N is None else labels_N[rows])
        finally:
            generator.train(training)
        yield to_bytes(made)


def generate_as_in_training(
    generator: nn.Module, z_NZ: Tensor, labels_N: Tensor | None = None
) -> Tensor:
    """Images (N, C, H, W) uint8 with the statistics of this very batch, as training sees them."""
    training = generator.training
    generator.train()
    try:
        with torch.no_grad(), batch_statistics(generator):
            return to_bytes(generator(z_NZ, labels_N))
    finally:
        generator.train(training)


def calibration_noises(height: int, width: int) -> int:
    """From how many noises the running statistics of an untrained generator are set."""
    affordable = _CALIBRATION_PIXELS // (height * width)
    return max(_LEAST_NOISES, min(_CALIBRATION_NOISES, affordable))


def calibrated(generator: nn.Module, z_NZ: Tensor, labels_N: Tensor | None = None) -> nn.Module:
    """A copy of an untrained generator whose running statistics are those of the noises `z_NZ`."""
    copy = deepcopy(generator)
    with torch.no_grad():
        calibrate(copy, z_NZ, labels_N)
    return copy
