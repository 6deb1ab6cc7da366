"""The losses against formulas in NumPy, and their penalties against finite differences."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from assay.config.images import BUILT_IN_LOSSES
from assay.errors import AssayError
from assay.models.gan import NETWORKS
from assay.plugins import Plugin
from assay.training.losses import LOSSES, own_loss

REAL, FAKE = np.array([1.5, -0.3, 2.0, 0.1]), np.array([-1.0, 0.4, -2.5, 0.0])


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


EXPECTED = {
    "non_saturating": (
        -(np.log(sigmoid(REAL)).mean() + np.log(1 - sigmoid(FAKE)).mean()) / 2,
        -np.log(sigmoid(FAKE)).mean(),
    ),
    "minimax": (
        -(np.log(sigmoid(REAL)).mean() + np.log(1 - sigmoid(FAKE)).mean()) / 2,
        np.log(1 - sigmoid(FAKE)).mean(),
    ),
    "wgan_gp": (FAKE.mean() - REAL.mean(), -FAKE.mean()),
    "r3gan": (
        np.log(1 + np.exp(FAKE - REAL)).mean(),
        np.log(1 + np.exp(REAL - FAKE)).mean(),
    ),
}


def test_the_registry_holds_the_built_in_losses() -> None:
    assert tuple(LOSSES) == BUILT_IN_LOSSES == tuple(EXPECTED)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_its_formula(name: str) -> None:
    loss = LOSSES[name]()
    real, fake = torch.from_numpy(REAL), torch.from_numpy(FAKE)
    discriminator, generator = EXPECTED[name]
    assert float(loss.discriminator(real, fake)) == pytest.approx(discriminator, rel=1e-12)
    found = loss.generator(fake, real if loss.relativistic else None)
    assert float(found) == pytest.approx(generator, rel=1e-12)


@pytest.mark.parametrize("name", ["non_saturating", "minimax", "r3gan"])
def test_large_logits_stay_finite(name: str) -> None:
    loss = LOSSES[name]()
    sure = torch.tensor([500.0], requires_grad=True)
    total = loss.discriminator(-sure, sure) + loss.generator(sure, -sure)
    (gradient,) = torch.autograd.grad(total, sure)
    assert bool(total.isfinite())
    assert bool(gradient.isfinite())


def critic() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Flatten(), nn.Linear(8, 6), nn.Tanh(), nn.Linear(6, 1), nn.Flatten(0)
    ).double()


def images(seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(5, 2, 2, 2, generator=generator, dtype=torch.float64)


def gradient_norms(network: nn.Module, at: Tensor) -> np.ndarray:
    """‖∇D‖ at each image, by central differences."""
    step, found = 1e-5, []
    for image in at:
        slopes = []
        for place in range(image.numel()):
            change = torch.zeros(image.numel(), dtype=torch.float64)
            change[place] = step
            shift = change.view_as(image)
            with torch.no_grad():
                ahead, behind = network((image + shift)[None]), network((image - shift)[None])
            slopes.append(float(ahead - behind) / (2 * step))
        found.append(np.linalg.norm(slopes))
    return np.array(found)


def test_r1_and_r2_are_half_the_squared_norms_of_the_gradients() -> None:
    network, real, fake = critic(), images(1), images(2)
    penalty = LOSSES["r3gan"]().penalty(network, real, fake)
    assert penalty is not None
    expected = sum((gradient_norms(network, at) ** 2).mean() / 2 for at in (real, fake))
    assert float(penalty.detach()) == pytest.approx(expected, rel=1e-7)


def test_the_gradient_penalty_is_taken_between_real_and_fake() -> None:
    network, real, fake = critic(), images(3), images(4)
    torch.manual_seed(7)
    penalty = LOSSES["wgan_gp"]().penalty(network, real, fake)
    assert penalty is not None
    torch.manual_seed(7)
    share = torch.rand(5, 1, 1, 1, dtype=torch.float64)
    norms = gradient_norms(network, share * real + (1 - share) * fake)
    assert float(penalty.detach()) == pytest.approx(10 * ((norms - 1) ** 2).mean(), rel=1e-7)


@pytest.mark.parametrize("name", ["wgan_gp", "r3gan"])
def test_penalties_have_gradients_by_the_weights(name: str) -> None:
    network, real, fake = critic(), images(5), images(6)
    weight = network[1].weight  # type: ignore[index]

    def penalty() -> Tensor:
        torch.manual_seed(1)
        found = LOSSES[name]().penalty(network, real, fake)
        assert found is not None
        return found

    (gradient,) = torch.autograd.grad(penalty(), weight)
    step = 1e-6
    with torch.no_grad():
        weight[0, 0] += step
    ahead = float(penalty().detach())
    with torch.no_grad():
        weight[0, 0] -= 2 * step
    behind = float(penalty().detach())
    assert float(gradient[0, 0]) == pytest.approx((ahead - behind) / (2 * step), rel=1e-5)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("network", NETWORKS)
def test_every_loss_trains_every_network(name: str, network: str) -> None:
    torch.manual_seed(0)
    pair, loss = NETWORKS[network](6, (1, 8, 8), 0), LOSSES[name]()
    real = torch.rand(4, 1, 8, 8) * 2 - 1
    fake = pair.generator(torch.randn(4, 6))
    logits = pair.discriminator(fake)
    generator = loss.generator(logits, pair.discriminator(real))
    found = [*torch.autograd.grad(generator, list(pair.generator.parameters()))]
    total = loss.discriminator(pair.discriminator(real), pair.discriminator(fake.detach()))
    penalty = loss.penalty(pair.discriminator, real, fake.detach())
    total = total if penalty is None else total + penalty
    weights = list(pair.discriminator.parameters())
    found += [g for g in torch.autograd.grad(total, weights, allow_unused=True) if g is not None]
    assert all(bool(gradient.isfinite().all()) for gradient in found)
    assert any(bool(gradient.any()) for gradient in found)


OWN = """
import torch

class Squares:
    relativistic = False
    def generator(self, fake, real): return ((fake - 1) ** 2).mean()
    def discriminator(self, real, fake): return ((real - 1) ** 2).mean() + (fake ** 2).mean()
    def penalty(self, critic, real, fake): return None

class Vector(Squares):
    def generator(self, fake, real): return (fake - 1) ** 2

class Constant(Squares):
    def discriminator(self, real, fake): return torch.tensor(1.0)

class Bare:
    relativistic = False

class Broken(Squares):
    def generator(self, fake, real): return 1 / 0
"""


@pytest.fixture
def folder(tmp_path: Path) -> str:
    (tmp_path / "own_gan_losses.py").write_text(OWN)
    return str(tmp_path)


def test_an_own_loss_is_used(folder: str) -> None:
    loss = own_loss(Plugin("own_gan_losses:Squares", folder))
    assert float(loss.generator(torch.tensor([3.0]), None)) == 4.0


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Vector", "generator gave tensor"),
        ("Constant", "discriminator does not depend on the logits"),
        ("Bare", "has no 'generator'"),
        ("Broken", "ZeroDivisionError"),
    ],
)
def test_a_wrong_loss_is_told_in_one_sentence(folder: str, name: str, message: str) -> None:
    with pytest.raises(AssayError, match=message):
        own_loss(Plugin(f"own_gan_losses:{name}", folder))
