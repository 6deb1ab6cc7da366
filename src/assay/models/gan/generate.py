"""Images from a trained generator."""

from copy import deepcopy

import torch
from torch import Tensor, nn

from assay.models.gan.batchnorm import batch_statistics, calibrate
from assay.models.pixels import to_bytes

# An untrained generator's running statistics are those it was made with, and its images in
# evaluation mode are flat gray: they are first set from this many noises.
CALIBRATION_NOISES = 1_024
_BATCH = 250


def generate(generator: nn.Module, z_NZ: Tensor, labels_N: Tensor | None = None) -> Tensor:
    """Images (N, C, H, W) uint8 with running statistics; the generator's mode is left as it was."""
    training = generator.training
    generator.eval()
    try:
        with torch.no_grad():
            parts = [
                to_bytes(generator(z_NZ[rows], None if labels_N is None else labels_N[rows]))
                for rows in torch.split(torch.arange(len(z_NZ)), _BATCH)
            ]
    finally:
        generator.train(training)
    return torch.cat(parts)


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


def calibrated(generator: nn.Module, z_NZ: Tensor, labels_N: Tensor | None = None) -> nn.Module:
    """A copy of an untrained generator whose running statistics are those of the noises `z_NZ`."""
    copy = deepcopy(generator)
    with torch.no_grad():
        calibrate(copy, z_NZ, labels_N)
    return copy
