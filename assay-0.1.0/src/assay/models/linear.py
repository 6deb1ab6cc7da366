"""The product inside a recurrent step, by the quickest routine that PyTorch has on this machine.

N: batch, I: inputs of the product, O: outputs.
"""

from collections.abc import Callable
from functools import cache
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

Activation = Literal["none", "tanh", "sigmoid"]

_ACTIVATIONS: dict[Activation, Callable[[Tensor], Tensor]] = {
    "none": lambda y: y,
    "tanh": torch.tanh_,
    "sigmoid": torch.sigmoid_,
}


def product(x_NI: Tensor, W_OI: Tensor, activation: Activation = "none") -> Tensor:
    """activation(x Wᵀ), (N, O), a new tensor without a gradient.

    float32 goes through oneDNN where it can, everything else through BLAS.
    """
    if x_NI.dtype == torch.float32 and x_NI.is_cpu and onednn():
        return _onednn_product(x_NI, W_OI, activation)
    return _blas_product(x_NI, W_OI, activation)


def routine() -> str:
    """Which of the two float32 takes, for a run's record: `onednn` or `blas`."""
    return "onednn" if onednn() else "blas"


@cache
def onednn() -> bool:
    """Whether oneDNN's product exists in this PyTorch and gives what BLAS gives; tried once."""
    x_NI, W_OI = torch.linspace(-1, 1, 6).view(2, 3), torch.linspace(-2, 1, 12).view(4, 3)
    W_OI[0, 0] = torch.nan  # which must come through, for a run that diverges to be seen
    try:
        return all(
            torch.allclose(
                _onednn_product(x_NI, W_OI, name),
                _blas_product(x_NI, W_OI, name),
                atol=1e-5,
                equal_nan=True,
            )
            for name in _ACTIVATIONS
        )
    except Exception:  # a private operator may be absent, renamed or fail in any way
        return False


def _onednn_product(x_NI: Tensor, W_OI: Tensor, activation: Activation) -> Tensor:
    # Private, but what torch.compile emits on a CPU: twice as fast as torch.mm, activation fused.
    y_NO: Tensor = torch.ops.mkldnn._linear_pointwise(x_NI, W_OI, None, activation, [], "")
    return y_NO


def _blas_product(x_NI: Tensor, W_OI: Tensor, activation: Activation) -> Tensor:
    return _ACTIVATIONS[activation](F.linear(x_NI, W_OI))
