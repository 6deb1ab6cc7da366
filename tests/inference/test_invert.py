"""From an image back to a noise."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from assay.inference.invert import invert
from assay.models.gan import NETWORKS
from assay.models.gan.generate import generate
from assay.models.gan.latent import noise


class Sheet(nn.Module):
    """An image whose pixels are the noise itself, squashed."""

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        return torch.tanh(z).view(-1, 1, 8, 8)


def real(count: int, seed: int = 0) -> Tensor:
    rng = np.random.default_rng(seed)
    return torch.from_numpy(rng.integers(0, 256, (count, 1, 8, 8), dtype=np.uint8))


def test_inversion_finds_a_noise_of_an_image_that_was_made() -> None:
    z = noise(1, "latent", 1, 64)
    target = generate(Sheet(), z)[0]
    found = invert(Sheet(), target, noise(2, "latent", 4, 64))
    assert found.distance < 12
    torch.testing.assert_close(generate(Sheet(), found.z[None])[0], found.image)
    difference = found.image.double() - target.double()
    assert found.distance == pytest.approx(float(difference.square().mean().sqrt()))
    poor = invert(Sheet(), target, noise(2, "latent", 4, 64), steps=3)
    assert poor.distance > found.distance


def test_inversion_of_a_trained_network_leaves_no_gradient() -> None:
    torch.manual_seed(0)
    generator = NETWORKS["mlp"](10, (1, 8, 8), 0).generator.eval()
    invert(generator, real(1)[0], noise(0, "latent", 2, 10), steps=5)
    assert all(weight.grad is None for weight in generator.parameters())
