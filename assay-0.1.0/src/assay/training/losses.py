"""Adversarial losses: what a generator and a discriminator minimise.

D(x) is a logit, positive for real; σ is the logistic function. The names `generator` and
`discriminator` are those of the networks, also where the papers speak of a critic.

N: batch, C, H, W: an image.
"""

from collections.abc import Callable
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from assay.errors import PluginError
from assay.plugins import FAULTS, Plugin, prints_to_stderr, told

Critic = Callable[[Tensor], Tensor]
"""From images (N, C, H, W) to logits (N,)."""

_PARTS = ("generator", "discriminator", "penalty")


class AdversarialLoss(Protocol):
    """A loss for both networks.

    Attributes:
        relativistic: whether the generator's loss reads the logits of real images too.
    """

    relativistic: bool

    def generator(self, fake_N: Tensor, real_N: Tensor | None) -> Tensor:
        """The generator's loss, a scalar; `real_N` is None unless the loss is relativistic."""

    def discriminator(self, real_N: Tensor, fake_N: Tensor) -> Tensor:
        """The discriminator's loss, a scalar, without penalties."""

    def penalty(self, critic: Critic, real_NCHW: Tensor, fake_NCHW: Tensor) -> Tensor | None:
        """What is added to the discriminator's loss, a scalar; None if there is nothing."""


class NonSaturating:
    """The loss of the report, binary cross-entropy (Goodfellow et al. 2014, section 3).

    L_D = −½ E[log σ(D(x)) + log(1 − σ(D(G(z))))] and L_G = −E[log σ(D(G(z)))].
    """

    relativistic = False

    def generator(self, fake_N: Tensor, real_N: Tensor | None) -> Tensor:
        """Mean of softplus(−D(G(z)))."""
        return F.softplus(-fake_N).mean()

    def discriminator(self, real_N: Tensor, fake_N: Tensor) -> Tensor:
        """Mean of the two cross-entropies."""
        return (F.softplus(-real_N).mean() + F.softplus(fake_N).mean()) / 2

    def penalty(self, critic: Critic, real_NCHW: Tensor, fake_NCHW: Tensor) -> None:
        """None."""


class Minimax(NonSaturating):
    """The game of the report's equation 10 as it is printed: L_G = E[log(1 − σ(D(G(z))))].

    Its gradient vanishes where the discriminator is sure of a fake (Goodfellow et al. 2014).
    """

    def generator(self, fake_N: Tensor, real_N: Tensor | None) -> Tensor:
        """Mean of −softplus(D(G(z)))."""
        return -F.softplus(fake_N).mean()


class WassersteinGP:
    """Wasserstein distance with a gradient penalty (Gulrajani et al. 2017) of weight λ.

    L_D = E[D(G(z))] − E[D(x)] + λ E[(‖∇D(x̂)‖ − 1)²], x̂ at random between a real and a fake image;
    L_G = −E[D(G(z))]. The paper trains D five times as often as G.
    """

    relativistic = False

    def __init__(self, weight: float = 10.0) -> None:
        self.weight = weight

    def generator(self, fake_N: Tensor, real_N: Tensor | None) -> Tensor:
        """Mean of −D(G(z))."""
        return -fake_N.mean()

    def discriminator(self, real_N: Tensor, fake_N: Tensor) -> Tensor:
        """Mean of D(G(z)) less that of D(x)."""
        return fake_N.mean() - real_N.mean()

    def penalty(self, critic: Critic, real_NCHW: Tensor, fake_NCHW: Tensor) -> Tensor:
        """How far the norms of the gradient between real and fake are from 1."""
        share = torch.rand(len(real_NCHW), 1, 1, 1, dtype=real_NCHW.dtype, device=real_NCHW.device)
        between = torch.lerp(fake_NCHW, real_NCHW, share)
        norms_N = _gradients(critic, between).flatten(1).norm(dim=1)
        penalty: Tensor = self.weight * (norms_N - 1).square().mean()
        return penalty


class RelativisticPairing:
    """R3GAN (Huang et al. 2024): a pairing loss with zero-centred penalties R1 and R2 of weight γ.

    L_D = E[softplus(−(D(x) − D(G(z))))] + γ/2 E[‖∇D(x)‖²] + γ/2 E[‖∇D(G(z))‖²] and
    L_G = E[softplus(D(x) − D(G(z)))].
    """

    relativistic = True

    def __init__(self, gamma: float = 1.0) -> None:
        self.gamma = gamma

    def generator(self, fake_N: Tensor, real_N: Tensor | None) -> Tensor:
        """Mean of softplus(D(x) − D(G(z)))."""
        assert real_N is not None
        return F.softplus(real_N - fake_N).mean()

    def discriminator(self, real_N: Tensor, fake_N: Tensor) -> Tensor:
        """Mean of softplus(D(G(z)) − D(x))."""
        return F.softplus(fake_N - real_N).mean()

    def penalty(self, critic: Critic, real_NCHW: Tensor, fake_NCHW: Tensor) -> Tensor:
        """R1 on real and R2 on fake images."""
        squares = [
            _gradients(critic, images).flatten(1).square().sum(dim=1).mean()
            for images in (real_NCHW, fake_NCHW)
        ]
        return self.gamma / 2 * (squares[0] + squares[1])


LOSSES: dict[str, Callable[..., AdversarialLoss]] = {
    "non_saturating": NonSaturating,
    "minimax": Minimax,
    "wgan_gp": WassersteinGP,
    "r3gan": RelativisticPairing,
}
"""The built-in losses, each called with its options (`assay.config.losses`)."""


def own_loss(plugin: Plugin) -> AdversarialLoss:
    """The loss that `plugin` makes, called with its options alone.

    Raises:
        PluginError: if it cannot be loaded or made, or does not give scalar, finite losses that
            depend on the logits.
    """
    target, loss = plugin.target, plugin.make()
    try:
        missing = [part for part in (*_PARTS, "relativistic") if not hasattr(loss, part)]
        if missing:
            raise PluginError(f"{target} has no {missing[0]!r}, which an adversarial loss needs")
        with prints_to_stderr():
            _check(loss, target)
    except PluginError:
        raise
    except FAULTS as error:
        raise PluginError(f"{target} failed on logits: {told(error)}") from error
    found: AdversarialLoss = loss
    return found


def _check(loss: AdversarialLoss, target: str) -> None:
    real = torch.tensor([0.5, -0.3, 0.1], requires_grad=True)
    fake = torch.tensor([-0.2, 0.4, -0.6], requires_grad=True)
    found = {
        "generator": loss.generator(fake, real if loss.relativistic else None),
        "discriminator": loss.discriminator(real, fake),
    }
    for part, value in found.items():
        if not isinstance(value, Tensor) or value.shape != () or not bool(value.isfinite()):
            raise PluginError(f"{target}.{part} gave {value!r}, and should give one finite number")
        if not value.requires_grad:
            raise PluginError(f"{target}.{part} does not depend on the logits, and should")


def _gradients(critic: Critic, images_NCHW: Tensor) -> Tensor:
    """∇D at each image, (N, C, H, W), itself differentiable by D's weights."""
    images = images_NCHW.detach().requires_grad_(True)
    (found,) = torch.autograd.grad(critic(images).sum(), images, create_graph=True)
    return found
