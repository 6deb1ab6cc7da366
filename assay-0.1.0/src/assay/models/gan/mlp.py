"""The report's pair of networks of linear layers (sections 3.3.1 and 3.3.2).

N: batch, Z: latent dimensions, C, H, W: an image, K: classes.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from assay.models.native_linear import Layers, Linear

ImageShape = tuple[int, int, int]

SLOPE = 0.2


class MLPGenerator(nn.Module):
    """z → 128 → 256 → 512 → 1024 → C·H·W, tanh; batch normalisation on the three middle layers."""

    def __init__(self, latent_dim: int, image_shape: ImageShape, classes: int = 0) -> None:
        super().__init__()
        self.image_shape, self.classes = image_shape, classes
        self.layers = Layers(
            Linear(latent_dim + classes, 128),
            nn.LeakyReLU(SLOPE, inplace=True),
            *_normalised(128, 256),
            *_normalised(256, 512),
            *_normalised(512, 1024),
            Linear(1024, math.prod(image_shape)),
            nn.Tanh(),
        )

    def forward(self, z_NZ: Tensor, labels_N: Tensor | None = None) -> Tensor:
        """Images (N, C, H, W) in [-1, 1]."""
        images: Tensor = self.layers(_told(z_NZ, labels_N, self.classes))
        return images.view(-1, *self.image_shape)


class MLPDiscriminator(nn.Module):
    """C·H·W → 512 → 256 → 1; the sigmoid is part of the loss."""

    def __init__(self, image_shape: ImageShape, classes: int = 0) -> None:
        super().__init__()
        self.classes = classes
        self.layers = Layers(
            Linear(math.prod(image_shape) + classes, 512),
            nn.LeakyReLU(SLOPE, inplace=True),
            Linear(512, 256),
            nn.LeakyReLU(SLOPE, inplace=True),
            Linear(256, 1),
        )

    def forward(self, images_NCHW: Tensor, labels_N: Tensor | None = None) -> Tensor:
        """Logits (N,): positive for real."""
        logits_N1: Tensor = self.layers(_told(images_NCHW.flatten(1), labels_N, self.classes))
        return logits_N1.squeeze(1)


def _normalised(width_in: int, width_out: int) -> tuple[nn.Module, ...]:
    return (
        Linear(width_in, width_out),
        nn.BatchNorm1d(width_out),
        nn.LeakyReLU(SLOPE, inplace=True),
    )


def _told(x_ND: Tensor, labels_N: Tensor | None, classes: int) -> Tensor:
    if not classes or labels_N is None:
        return x_ND
    return torch.cat([x_ND, F.one_hot(labels_N, classes).to(x_ND.dtype)], dim=1)
