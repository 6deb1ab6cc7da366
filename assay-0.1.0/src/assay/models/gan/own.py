"""An own pair of networks, tried on a batch before any run starts.

N: batch, Z: latent dimensions, C, H, W: an image.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from assay.errors import PluginError
from assay.models.gan.mlp import ImageShape
from assay.plugins import FAULTS, Plugin, prints_to_stderr, told

_BATCH = 4


@dataclass(frozen=True)
class Pair:
    """A generator and a discriminator.

    `generator(z_NZ, labels_N)` gives images (N, C, H, W) in [-1, 1], and
    `discriminator(images_NCHW, labels_N)` logits (N,), positive for real. The labels are None where
    the training is not conditional.
    """

    generator: nn.Module
    discriminator: nn.Module


def own_pair(plugin: Plugin, latent_dim: int, image_shape: ImageShape, classes: int) -> Pair:
    """The networks that `plugin` makes.

    It is called as `make(latent_dim=..., image_shape=..., classes=..., **options)` and returns a
    generator and a discriminator.

    Raises:
        PluginError: if it cannot be loaded or called, or the networks do not fit together.
        ConfigError: if an option has the name of one of the arguments above.
    """
    target = plugin.target
    made = plugin.make(latent_dim=latent_dim, image_shape=image_shape, classes=classes)
    if not (isinstance(made, tuple) and [isinstance(m, nn.Module) for m in made] == [True, True]):
        raise PluginError(f"{target} should return two nn.Modules: generator, discriminator")
    pair = Pair(*made)
    check_pair(pair, target, latent_dim, image_shape, classes)
    return pair


def check_pair(
    pair: Pair, target: str, latent_dim: int, image_shape: ImageShape, classes: int
) -> None:
    """Make four images, judge them, and hold the outcome against the contract of a pair.

    Raises:
        PluginError: naming `target`, what it gave and what is expected.
    """
    z_NZ = torch.linspace(-2, 2, _BATCH * latent_dim).view(_BATCH, latent_dim)
    labels_N = torch.arange(_BATCH) % classes if classes else None
    buffers = [buffer.clone() for buffer in _buffers(pair)]
    try:
        with prints_to_stderr():
            images: Any = pair.generator(z_NZ, labels_N)
        _expect(images, (_BATCH, *image_shape), f"{target}: the generator")
        if float(images.detach().abs().max()) > 1:
            raise PluginError(f"{target}: the generator's images leave the range from -1 to 1")
        with prints_to_stderr():
            logits: Any = pair.discriminator(images, labels_N)
        _expect(logits, (_BATCH,), f"{target}: the discriminator")
        _learns(pair.generator, logits, f"{target}: the generator")
        _learns(pair.discriminator, logits, f"{target}: the discriminator")
    except PluginError:
        raise
    except FAULTS as error:
        raise PluginError(
            f"{target} failed on noise of shape {tuple(z_NZ.shape)}: {told(error)}"
        ) from error
    for buffer, before in zip(_buffers(pair), buffers, strict=True):
        buffer.copy_(before)


def _buffers(pair: Pair) -> list[Tensor]:
    return [*pair.generator.buffers(), *pair.discriminator.buffers()]


def _expect(value: Any, shape: tuple[int, ...], who: str) -> None:
    if not isinstance(value, Tensor):
        raise PluginError(f"{who} gave a {type(value).__name__}, and should give a tensor")
    if tuple(value.shape) != shape:
        raise PluginError(f"{who} gave shape {tuple(value.shape)}, and should give {shape}")
    if not bool(value.isfinite().all()):
        raise PluginError(f"{who} gave values that are not finite")


def _learns(network: nn.Module, logits_N: Tensor, who: str) -> None:
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    found: tuple[Tensor | None, ...] = ()
    if weights and logits_N.requires_grad:
        found = torch.autograd.grad(logits_N.sum(), weights, retain_graph=True, allow_unused=True)
    if not any(gradient is not None for gradient in found):
        raise PluginError(f"{who} has no weight that a gradient reaches, and should have one")
