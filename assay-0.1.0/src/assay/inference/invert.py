"""Finding the noise behind an image.

N: images, R: starts a image, Z: latent dimensions, C, H, W: an image.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from assay.models.pixels import to_bytes, to_network

STARTS = 32
STEPS = 300
LEARNING_RATE = 0.05
# Weight of the prior: half the squared norm of z beside the squared error of all pixels.
_PRIOR = 1e-2


@dataclass(frozen=True)
class Inversion:
    """The noise found, its image, and how far that is from the one asked for.

    Attributes:
        z: (Z,).
        image: (C, H, W) uint8.
        distance: root mean square difference of pixels, in gray levels of 0 to 255.
    """

    z: Tensor
    image: Tensor
    distance: float


def invert(
    generator: nn.Module,
    image_CHW: Tensor,
    start_RZ: Tensor,
    label: Tensor | None = None,
    steps: int = STEPS,
) -> Inversion:
    """The noise whose image is nearest to `image_CHW` (uint8), by gradient descent.

    Adam moves every start at once and the nearest image of all steps is taken: the problem is not
    convex, and single starts end in poor places (Lipton and Tripathi 2017; Creswell and Bharath
    2018). A weak Gaussian prior keeps z where the generator was trained.
    """
    target = to_network(image_CHW)[None]
    labels = None if label is None else label.expand(len(start_RZ))
    z_RZ = start_RZ.clone().requires_grad_(True)
    optimizer = torch.optim.Adam([z_RZ], lr=LEARNING_RATE)
    nearest, best = z_RZ.detach()[0].clone(), float("inf")
    for _ in range(steps):
        error_R = (generator(z_RZ, labels) - target).square().flatten(1).sum(dim=1)
        least, chosen = (value.item() for value in error_R.detach().min(dim=0))
        if least < best:
            nearest, best = z_RZ.detach()[int(chosen)].clone(), least
        (gradient,) = torch.autograd.grad((error_R + _PRIOR * z_RZ.square().sum(dim=1)).sum(), z_RZ)
        z_RZ.grad = gradient
        optimizer.step()
    with torch.no_grad():
        image = to_bytes(generator(nearest[None], None if label is None else label[None]))[0]
    difference = image.double() - image_CHW.double()
    return Inversion(nearest, image, float(difference.square().mean().sqrt()))
