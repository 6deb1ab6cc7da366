"""The convolutional pair that the report proposes (section 4.4.3): DCGAN, Radford et al. (2016).

N: batch, Z: latent dimensions, C, H, W: an image, K: classes.
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from assay.errors import ConfigError
from assay.models.gan.mlp import ImageShape

SLOPE = 0.2
GENERATOR_WIDTH = 64
DISCRIMINATOR_WIDTH = 32


class DCGANGenerator(nn.Module):
    """A linear layer to a small map, and transposed convolutions that double it.

    Batch normalisation and ReLU between them, tanh at the end.
    """

    def __init__(self, latent_dim: int, image_shape: ImageShape, classes: int = 0) -> None:
        super().__init__()
        channels, height, width = image_shape
        doublings = doublings_of(image_shape)
        widths = [GENERATOR_WIDTH << step for step in reversed(range(doublings))]
        self.classes = classes
        self.start = (widths[0], height >> doublings, width >> doublings)
        self.project = nn.Linear(latent_dim + classes, widths[0] * self.start[1] * self.start[2])
        layers: list[nn.Module] = [nn.BatchNorm2d(widths[0]), nn.ReLU(inplace=True)]
        for wide, narrow in pairwise(widths):
            layers += [
                nn.ConvTranspose2d(wide, narrow, 4, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(narrow),
                nn.ReLU(inplace=True),
            ]
        last = nn.ConvTranspose2d(widths[-1], channels, 4, stride=2, padding=1)
        self.layers = nn.Sequential(*layers, last, nn.Tanh())
        self.apply(_initialise)

    def forward(self, z_NZ: Tensor, labels_N: Tensor | None = None) -> Tensor:
        """Images (N, C, H, W) in [-1, 1]."""
        if self.classes and labels_N is not None:
            z_NZ = torch.cat([z_NZ, F.one_hot(labels_N, self.classes).to(z_NZ.dtype)], dim=1)
        images: Tensor = self.layers(torch.unflatten(self.project(z_NZ), 1, self.start))
        return images


class DCGANDiscriminator(nn.Module):
    """Convolutions that halve the image, and a linear layer to one logit.

    There is no batch normalisation, which the paper has: without it, what is said of an image does
    not depend on the others in the batch, as penalties on the gradient need. A class is told by
    projection (Miyato and Koyama 2018): the logit gains the product of the features with a vector
    of the class.
    """

    def __init__(self, image_shape: ImageShape, classes: int = 0) -> None:
        super().__init__()
        channels, height, width = image_shape
        halvings = doublings_of(image_shape)
        widths = [channels, *(DISCRIMINATOR_WIDTH << step for step in range(halvings))]
        layers: list[nn.Module] = []
        for before, after in pairwise(widths):
            layers += [
                nn.Conv2d(before, after, 4, stride=2, padding=1),
                nn.LeakyReLU(SLOPE, inplace=True),
            ]
        self.layers = nn.Sequential(*layers)
        features = widths[-1] * (height >> halvings) * (width >> halvings)
        self.readout = nn.Linear(features, 1)
        self.of_class = nn.Embedding(classes, features) if classes else None
        self.apply(_initialise)

    def forward(self, images_NCHW: Tensor, labels_N: Tensor | None = None) -> Tensor:
        """Logits (N,): positive for real."""
        features_NF: Tensor = self.layers(images_NCHW).flatten(1)
        logits_N: Tensor = self.readout(features_NF).squeeze(1)
        if self.of_class is None or labels_N is None:
            return logits_N
        of_class_NF: Tensor = self.of_class(labels_N)
        return logits_N + (of_class_NF * features_NF).sum(dim=1)


def doublings_of(image_shape: ImageShape) -> int:
    """How often the first map is doubled: thrice to multiples of 8, twice to other ones of 4.

    Raises:
        ConfigError: for another height or width.
    """
    _, height, width = image_shape
    for doublings in (3, 2):
        if height % (1 << doublings) == 0 and width % (1 << doublings) == 0:
            return doublings
    raise ConfigError(f"dcgan makes multiples of 4 or 8 pixels, and not {height} x {width}")


def _initialise(layer: nn.Module) -> None:
    """Weights N(0, 0.02), those of batch normalisation N(1, 0.02), as in the paper."""
    if isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)
    elif isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear | nn.Embedding):
        nn.init.normal_(layer.weight, 0.0, 0.02)
        if getattr(layer, "bias", None) is not None:
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
