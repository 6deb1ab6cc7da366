"""Pixel values: bytes as they are stored, and the range [-1, 1] that networks work in."""

from math import prod

import torch
from torch import Tensor

_MOST_AT_ONCE = 250
_VALUES_AT_ONCE = 250 * 3 * 32 * 32


def to_network(images: Tensor) -> Tensor:
    """From uint8 to the range [-1, 1] of a generator's tanh."""
    return images.float().div_(127.5).sub_(1)


def to_bytes(images: Tensor) -> Tensor:
    """From the range [-1, 1] to uint8, rounded."""
    return images.detach().add(1).mul_(127.5).round_().clamp_(0, 255).to(torch.uint8)


def at_once(shape: tuple[int, ...]) -> int:
    """How many images (C, H, W) are held at once: 250 small ones, of larger ones as many values.

    A batch of 250 digits stays in the cache; 250 photographs of 512 pixels would take gigabytes
    within a convolution.
    """
    return max(1, min(_MOST_AT_ONCE, _VALUES_AT_ONCE // prod(shape)))
