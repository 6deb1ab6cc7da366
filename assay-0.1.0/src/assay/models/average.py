"""A running average of a network's weights."""

import torch
from torch import Tensor, nn


def average_into(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move every weight and buffer of `average` towards those of `network`: a ← d a + (1 − d) n.

    Buffers that count are copied. The average of a training ends near where its last weights
    wander, and is less noisy than any of them (Polyak and Juditsky 1992).
    """
    with torch.no_grad():
        mean: list[Tensor] = list(average.parameters())
        latest: list[Tensor] = list(network.parameters())
        for into, buffer in zip(average.buffers(), network.buffers(), strict=True):
            if buffer.is_floating_point():
                mean.append(into)
                latest.append(buffer)
            else:
                into.copy_(buffer)
        torch._foreach_lerp_(mean, latest, 1 - decay)
