"""Features and classes of images."""

import numpy as np
import torch
from torch import Tensor

from assay.metrics.extractor import digits, pixels
from assay.tasks.images import load_mnist


def real(count: int, seed: int = 0) -> Tensor:
    rng = np.random.default_rng(seed)
    return torch.from_numpy(rng.integers(0, 256, (count, 1, 8, 8), dtype=np.uint8))


def test_the_shipped_classifier_knows_digits() -> None:
    test = load_mnist().test
    assert test.labels is not None
    predicted = digits().probabilities(torch.from_numpy(np.array(test.images))).argmax(dim=1)
    right = float((predicted == torch.from_numpy(test.labels)).double().mean())
    assert right >= 0.993


def test_features_do_not_depend_on_the_batches() -> None:
    images = torch.from_numpy(np.array(load_mnist().test.images[:600]))
    whole = digits().features(images)
    parts = torch.cat([digits().features(part) for part in images.split(77)])
    torch.testing.assert_close(whole, parts, rtol=1e-4, atol=1e-4)
    assert whole.shape == (600, 128)


def test_pixel_features_are_coarse_gray() -> None:
    colour = torch.zeros(2, 3, 32, 32, dtype=torch.uint8)
    colour[0, 0] = 255
    features = pixels().features(colour)
    assert features.shape == (2, 256)
    torch.testing.assert_close(features[0], torch.full((256,), 1 / 3))
    assert pixels().features(real(3)).shape == (3, 64)
