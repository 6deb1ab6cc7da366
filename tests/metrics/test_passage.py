"""What lies between two images, on generators whose answers are known."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from assay.metrics.extractor import Extractor, pixels
from assay.metrics.features import Features
from assay.metrics.passage import Copies, _classes, copies, flat, passage
from assay.models.gan.generate import generate
from assay.models.gan.latent import noise


class Sheet(nn.Module):
    """An image whose pixels are the noise itself, squashed."""

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        return torch.tanh(z).view(-1, 1, 8, 8)


def real(count: int, seed: int = 0) -> Tensor:
    rng = np.random.default_rng(seed)
    return torch.from_numpy(rng.integers(0, 256, (count, 1, 8, 8), dtype=np.uint8))


def halves() -> Extractor:
    """Two features, the means of the left and right half, and a class for the brighter one."""

    def batch(images: Tensor) -> tuple[Tensor, Tensor]:
        values = flat(images).view(-1, 8, 8)
        features = torch.stack([values[..., :4].mean((1, 2)), values[..., 4:].mean((1, 2))], dim=1)
        return features, features * 40

    return Extractor(Features("halves", "means of the halves", 2, sharp=True), batch)


def test_a_passage_from_left_to_right() -> None:
    left, right = torch.full((8, 8), -1.0), torch.full((8, 8), -1.0)
    left[:, :4], right[:, 4:] = 1.0, 1.0
    starts, ends = left.flatten().repeat(6, 1), right.flatten().repeat(6, 1)
    starts += 0.01 * torch.randn(6, 64, generator=torch.Generator().manual_seed(0))
    known = Copies(flat(real(50)), limit=0.0)
    found = passage(Sheet(), halves(), known, starts, ends)
    assert found["towards_end"] == 1.0
    assert found["movement_to_end"] == pytest.approx(1.0)
    assert found["end_classes"] == pytest.approx(1.0)  # there is no third class
    assert found["third_class"] == 0.0
    assert found["copies"] == 0.0
    assert found["drawn_norm"] == pytest.approx(8, rel=0.01)
    assert found["midpoint_norm"] < 1
    assert found["spherical_midpoint_norm"] == pytest.approx(8, rel=0.01)


@pytest.mark.parametrize(("fall", "share"), [(0.04, 1.0), (0.06, 7 / 8)])
def test_a_step_back_counts_from_a_twentieth_on(fall: float, share: float) -> None:
    balance = torch.linspace(-1, 1, 9)
    balance[4:] -= balance[4] - balance[3] + fall
    probabilities = torch.stack([(1 - balance) / 2, (1 + balance) / 2], dim=1)
    assert _classes(probabilities[None])["towards_end"] == pytest.approx(share)


@pytest.mark.parametrize("still", [0, 5])
def test_standing_still_counts_for_nothing(still: int) -> None:
    """Forward by 2.5 in all and back by 0.5, however long it stands between."""
    balance = torch.tensor([-1.0, 0.5, *[0.5] * still, 0.0, 1.0])
    probabilities = torch.stack([(1 - balance) / 2, (1 + balance) / 2], dim=1)
    assert _classes(probabilities[None])["movement_to_end"] == pytest.approx(2.5 / 3)


def test_a_third_class_is_counted_between_the_ends_alone() -> None:
    probabilities = torch.full((1, 9, 4), 0.1)
    for point, digit in enumerate((0, 0, 0, 3, 2, 1, 1, 1, 1)):
        probabilities[0, point, digit] = 0.7
    found = _classes(probabilities)
    assert found["third_class"] == pytest.approx(2 / 7)
    assert found["end_classes"] == pytest.approx((5 * 0.8 + 2 * 0.2) / 7)


def test_in_between_images_that_are_training_images_are_copies() -> None:
    z = noise(5, "latent", 4, 64)
    made = generate(Sheet(), z)
    known = copies(torch.cat([made, real(40, 6)]), real(30, 7))
    found = passage(Sheet(), pixels(), known, z, z)
    assert found["copies"] == 1.0
    assert "end_classes" not in found  # pixels know no classes


def test_without_two_classes_there_is_no_passage_between_them() -> None:
    z = noise(5, "latent", 4, 64)
    found = passage(Sheet(), halves(), Copies(flat(real(20)), 0.0), z, z)
    assert "towards_end" not in found
