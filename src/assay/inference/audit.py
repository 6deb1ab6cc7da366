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
_NEARLY = 0.09
"""Of the usual distance between two images; of 2,000 unseen digits of MNIST none is so near."""
_CHANGED = 0.01
"""Share of pixels in which two images may differ that are nearly the same."""
_STRIDE = 7_919
"""A prime, so that images are held against some that do not stand beside them in their folder."""


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


@dataclass(frozen=True)
class Audit:
    """Both spaces: root mean square difference of pixels in gray levels, and feature distance.

    Attributes:
        seen: what the features are.
        alike: share of held-out images that are the same as a training image, or nearly: saved
            again with losses, or changed in a pixel.
    """

    pixels: Space
    features: Space
    seen: str
    alike: float

    @property
    def sentence(self) -> str:
        """What it means, in one sentence."""
        share = max(self.pixels.copies, self.features.copies)
        if share > 5 * COPY_PERCENTILE:
            return (
                f"{share:.1%} of the samples are as near a training image as only "
                f"{COPY_PERCENTILE:.0%} of unseen real images are: some are copies, or nearly so."
            )
        alike = f"{self.alike:.1%} of the unseen real images are the same as a training image"
        if self.alike >= COPY_PERCENTILE or not (self.pixels.limit and self.features.limit):
            return (
                f"{alike}, or nearly, so that their distances say nothing: whether the generator "
                "repeats its training images cannot be told."
            )
        nearer = float(self.pixels.samples.median() / self.pixels.test.median())
        return (
            f"{share:.1%} of the samples are as near a training image as {COPY_PERCENTILE:.0%} of "
            f"unseen real images are, and the median distance is {nearer:.2f} times theirs: there "
            "is no sign that the generator repeats its training images."
            + (f" {alike}, or nearly." if self.alike else "")
        )


def audit(
    extractor: Extractor, samples_NCHW: Tensor, training_NCHW: Tensor, test_NCHW: Tensor
) -> Audit:
    """Compare generated with held-out images by their distance to the training images (uint8)."""
    samples_ND, training_ND, test_TD = map(flat, (samples_NCHW, training_NCHW, test_NCHW))
    unit = 255 / samples_ND.shape[1] ** 0.5
    pixels = _space(samples_ND, training_ND, test_TD, unit)
    features = _space(
        extractor.features(samples_NCHW),
        extractor.features(training_NCHW),
        extractor.features(test_NCHW),
        1.0,
    )
    alike = float(_alike(training_ND, test_TD, test_NCHW.shape[1]).double().mean())
    return Audit(pixels, features, extractor.sees.words, alike)


def _space(samples_ND: Tensor, training_ND: Tensor, test_TD: Tensor, unit: float) -> Space:
    distances, partners = nearest(samples_ND, training_ND)
    of_test, _ = nearest(test_TD, training_ND)
    closest = distances.argsort(stable=True)[:CLOSEST]
    return Space(distances * unit, of_test * unit, closest, partners[closest])


def _alike(training_ND: Tensor, test_TD: Tensor, channels: int) -> Tensor:
    """(T,) whether a held-out image is the same as a training image, or nearly."""
    distance_T, partner_T = nearest(test_TD, training_ND)
    any_T = torch.arange(len(test_TD)) * _STRIDE % len(training_ND)
    usual = (test_TD - training_ND[any_T]).norm(dim=1).median()
    changed_T = (test_TD != training_ND[partner_T]).sum(1)
    few = max(channels, int(_CHANGED * test_TD.shape[1]))
    return torch.logical_or(distance_T <= _NEARLY * usual, changed_T <= few)
