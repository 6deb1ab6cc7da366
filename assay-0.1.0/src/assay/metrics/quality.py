"""How near generated images come to real ones: every quality metric of one set of images.

The reference is a set of real images that the generator was not trained on. The same metrics of
other real images against it are the floor: no generator can be expected below that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from assay.metrics.balance import class_balance
from assay.metrics.extractor import Extractor
from assay.metrics.kernel import kernel_distance, kernel_within
from assay.metrics.moments import Moments, frechet_distance
from assay.metrics.neighbours import nearest, neighbourhood, radii, share_within
from assay.metrics.pictures import isolated_pixels, total_variation

NEIGHBOURS = 5
NEAR_PERCENTILE = 0.99
_PART = 1_000


@dataclass(frozen=True)
class Reference:
    """Real images as the metrics see them.

    Attributes:
        features: (N, D).
        within: mean of the kernel over their pairs.
        radii: (N,), of their neighbourhoods.
        near: 99th percentile of the distance from a reference image to its nearest other one.
    """

    extractor: Extractor
    features: Tensor
    moments: Moments
    within: float
    radii: Tensor
    near: float


def reference(extractor: Extractor, images_NCHW: Tensor) -> Reference:
    """What a set of real images is to the metrics."""
    features = extractor.features(images_NCHW)
    distances, _ = nearest(features, features, exclude_same=True)
    near = float(torch.quantile(distances.double(), NEAR_PERCENTILE))
    return Reference(
        extractor,
        features,
        _moments(features),
        kernel_within(features),
        radii(features, NEIGHBOURS),
        near,
    )


def quality(against: Reference, images: Iterable[Tensor]) -> dict[str, Any]:
    """All quality metrics of images against a reference, which come in parts (n, C, H, W) uint8.

    - `frechet`, `kernel`: distances of the features' distributions;
    - `precision`, `recall`, `density`, `coverage`: with the 5 nearest neighbours;
    - `near`: share of images no farther from the reference than 99 % of its own images are, where
      blurred images are far from it;
    - `class_balance`: nats from uniform classes, where the extractor classifies;
    - `isolated_pixels`, `total_variation`: means per image.
    """
    features, logits = [], []
    isolated, variation = [], []
    for part in images:
        for found, classes in against.extractor.batches(part):
            features.append(found)
            if classes is not None:
                logits.append(classes)
        isolated.append(isolated_pixels(part))
        variation.append(total_variation(part))
    features_ND = torch.cat(features)
    measured: dict[str, Any] = {
        "images": len(features_ND),
        "frechet": frechet_distance(_moments(features_ND), against.moments),
        "kernel": kernel_distance(features_ND, against.features, against.within),
        **vars(neighbourhood(against.features, features_ND, NEIGHBOURS, against.radii)),
    }
    if against.extractor.sees.sharp:
        distances, _ = nearest(features_ND, against.features)
        measured["near"] = share_within(distances, against.near)
    measured["isolated_pixels"] = float(torch.cat(isolated).double().mean())
    measured["total_variation"] = float(torch.cat(variation).double().mean())
    if logits:
        predicted = torch.cat(logits).argmax(dim=1)
        measured["class_balance"] = class_balance(predicted, against.extractor.sees.classes)
    return measured


def _moments(features_ND: Tensor) -> Moments:
    moments = Moments()
    for part in torch.split(features_ND, _PART):
        moments.update(part)
    return moments
