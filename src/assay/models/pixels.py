"""Pixel values: bytes as they are stored, and the range [-1, 1] that networks work in."""

import torch
from torch import Tensor


def to_network(images: Tensor) -> Tensor:
    """From uint8 to the range [-1, 1] of a generator's tanh."""
    return images.float().div_(127.5).sub_(1)


def to_bytes(images: Tensor) -> Tensor:
    """From the range [-1, 1] to uint8, rounded."""
    return images.detach().add(1).mul_(127.5).round_().clamp_(0, 255).to(torch.uint8)
