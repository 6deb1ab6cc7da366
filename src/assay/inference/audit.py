"""Whether a generator repeats its training images.

N: samples, T: test images, D: features or pixels, C, H, W: an image.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from assay.metrics.extractor import Extractor
from assay.metrics.neighbours import nearest
from assay.metrics.passage import COPY_PERCENTILE, flat

CLOSEST = 25


@dataclass(frozen=True)
class Space:
    """Distances to the nearest training image, in pixels or in features.

    Attributes:
        samples: (N,) of generated images.
        test: (T,) of held-out real images.
        closest: (25,) indices of the samples nearest to a training image, the nearest first.
        partners: (25,) indices of those training images.
    """

    samples: Tensor
    test: Tensor
    closest: Tensor
    partners: Tensor

    @property
    def limit(self) -> float:
        """1st percentile of the held-out images' distances: nearer counts as a copy."""
        return float(torch.quantile(self.test.double(), COPY_PERCENTILE))

    @property
    def copies(self) -> float:
        """Share of samples no farther from a training image than the limit; 1 % would be usual."""
        return float((self.samples.double() <= self.limit).double().mean())

    @property
    def known(self) -> float:
        """Share of held-out images that are the same as a training image here."""
        return float((self.test == 0).double().mean())


@dataclass(frozen=True)
class Audit:
    """Both spaces: root mean square difference of pixels in gray levels, and feature distance.

    `seen` says what the features are.
    """

    pixels: Space
    features: Space
    seen: str

    @property
    def sentence(self) -> str:
        """What it means, in one sentence."""
        share = max(self.pixels.copies, self.features.copies)
        if share > 5 * COPY_PERCENTILE:
            return (
                f"{share:.1%} of the samples are as near a training image as only "
                f"{COPY_PERCENTILE:.0%} of unseen real images are: some are copies, or nearly so."
            )
        if not (self.pixels.limit and self.features.limit):
            known = max(self.pixels.known, self.features.known)
            return (
                f"{known:.1%} of the unseen real images are the same as a training image, so that "
                "their distances say nothing: whether the generator repeats its training images "
                "cannot be told."
            )
        nearer = float(self.pixels.samples.median() / self.pixels.test.median())
        return (
            f"{share:.1%} of the samples are as near a training image as {COPY_PERCENTILE:.0%} of "
            f"unseen real images are, and the median distance is {nearer:.2f} times theirs: there "
            "is no sign that the generator repeats its training images."
        )


def audit(
    extractor: Extractor, samples_NCHW: Tensor, training_NCHW: Tensor, test_NCHW: Tensor
) -> Audit:
    """Compare generated with held-out images by their distance to the training images (uint8)."""
    samples_ND = flat(samples_NCHW)
    unit = 255 / samples_ND.shape[1] ** 0.5
    pixels = _space(samples_ND, flat(training_NCHW), flat(test_NCHW), unit)
    features = _space(
        extractor.features(samples_NCHW),
        extractor.features(training_NCHW),
        extractor.features(test_NCHW),
        1.0,
    )
    return Audit(pixels, features, extractor.sees.words)


def _space(samples_ND: Tensor, training_ND: Tensor, test_TD: Tensor, unit: float) -> Space:
    distances, partners = nearest(samples_ND, training_ND)
    of_test, _ = nearest(test_TD, training_ND)
    closest = distances.argsort(stable=True)[:CLOSEST]
    return Space(distances * unit, of_test * unit, closest, partners[closest])
