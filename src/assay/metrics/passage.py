"""What lies between two generated images: the report's section 5.4.1 in numbers.

N: pairs of noises, K: points on a path, Z: latent dimensions, C, H, W: an image.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from assay.metrics.extractor import Extractor
from assay.metrics.neighbours import nearest, share_within
from assay.models.gan.generate import BATCH, generated
from assay.models.gan.latent import STEPS, interpolate
from assay.models.pixels import at_once

COPY_PERCENTILE = 0.01
# A step towards the end class counts as one unless the balance falls by more than this.
_FALL = 0.05
_SIDE = 32


@dataclass(frozen=True)
class Copies:
    """Training images to look for copies of, and how near one counts as a copy.

    Attributes:
        training: (N, D) as `flat` gives them.
        limit: 1st percentile of the distances from held-out images to their nearest training image.
    """

    training: Tensor
    limit: float


def copies(training_NCHW: Tensor, held_out_NCHW: Tensor) -> Copies:
    """Set the limit by real images that are no copies."""
    training = flat(training_NCHW)
    distances, _ = nearest(flat(held_out_NCHW), training)
    return Copies(training, float(torch.quantile(distances.double(), COPY_PERCENTILE)))


def passage(
    generator: nn.Module,
    extractor: Extractor,
    known: Copies,
    start_NZ: Tensor,
    end_NZ: Tensor,
    batch: int = BATCH,
) -> dict[str, float]:
    """Numbers of the images between the images of each pair of noises, on linear paths.

    The images are made `batch` at once.

    - `midpoint_norm`, `spherical_midpoint_norm`, `drawn_norm`: mean norms of latent vectors (G9);
    - `copies`: share of in-between images as near a training image as `known.limit` (G7);
    - where the extractor classifies, over the pairs whose ends are of different classes (G6):
      `end_classes`: probability of the two end classes together, mean over in-between images;
      `third_class`: share of in-between images that are taken for another class;
      `towards_end`: share of steps at which the balance of the end class over the start class
      does not fall;
      `movement_to_end`: of all that the balance moves, the share by which it rises: standing still
      counts for nothing.
    """
    z_NKZ = interpolate(start_NZ, end_NZ, STEPS)
    pairs, points, _ = z_NKZ.shape
    shown, probabilities = [], []
    for part in generated(generator, z_NKZ.flatten(0, 1), batch=batch):
        shown.append(flat(part))
        if extractor.sees.classes:
            probabilities.append(extractor.probabilities(part))
    between = torch.unflatten(torch.cat(shown), 0, (pairs, points))[:, 1:-1].flatten(0, 1)
    distances, _ = nearest(between, known.training)
    middle = points // 2
    spherical = interpolate(start_NZ, end_NZ, STEPS, "spherical")[:, middle]
    found = {
        "midpoint_norm": float(z_NKZ[:, middle].norm(dim=1).mean()),
        "spherical_midpoint_norm": float(spherical.norm(dim=1).mean()),
        "drawn_norm": float(torch.cat([start_NZ, end_NZ]).norm(dim=1).mean()),
        "copies": share_within(distances, known.limit),
    }
    if probabilities:
        found |= _classes(torch.unflatten(torch.cat(probabilities), 0, (pairs, points)))
    return found


def flat(images_NCHW: Tensor) -> Tensor:
    """Pixels (N, C·H·W) in [0, 1], for distances between images.

    Images of more than 32 pixels a side are averaged to 32 first: what repeats an image is as near
    to it then, and thousands of photographs fit into memory.
    """
    size = min(images_NCHW.shape[2], _SIDE), min(images_NCHW.shape[3], _SIDE)
    return torch.cat([_flat(part, size) for part in _parts(images_NCHW)])


def _parts(images_NCHW: Tensor) -> Sequence[Tensor]:
    return torch.split(images_NCHW, at_once(images_NCHW.shape[1:]))


def _flat(images_NCHW: Tensor, size: tuple[int, int]) -> Tensor:
    values = images_NCHW.float().div_(255)
    return (values if values.shape[2:] == size else F.adaptive_avg_pool2d(values, size)).flatten(1)


def _classes(probabilities_NKC: Tensor) -> dict[str, float]:
    start, end = probabilities_NKC[:, 0].argmax(dim=1), probabilities_NKC[:, -1].argmax(dim=1)
    chosen = probabilities_NKC[start != end]
    if not len(chosen):
        return {}
    ends = torch.stack([start, end], dim=1)[start != end]
    of_ends = chosen.gather(2, ends[:, None].expand(-1, chosen.shape[1], -1))
    taken_for = chosen[:, 1:-1].argmax(dim=2)
    third = (taken_for[..., None] != ends[:, None]).all(dim=2)
    steps = (of_ends[..., 1] - of_ends[..., 0]).diff(dim=1)
    return {
        "end_classes": float(of_ends[:, 1:-1].sum(dim=2).mean()),
        "third_class": float(third.float().mean()),
        "towards_end": float((steps > -_FALL).float().mean()),
        "movement_to_end": float(steps.clamp(min=0).sum() / steps.abs().sum()),
    }
