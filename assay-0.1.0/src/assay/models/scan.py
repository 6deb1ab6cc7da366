"""A recurrence that is linear in its state, over all steps: h_t = a_t h_{t-1} + b_t, by element.

All that costs much, the products that make a and b, is done for all steps at once before. What is
left is one multiply-add a step: on a CPU the loop over it is quicker than a parallel prefix sum,
which does log T times the work, and it needs no logarithms to be exact.

T: steps, N: batch, H: hidden units.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable


def linear_scan(a_TNH: Tensor, b_TNH: Tensor, h_NH: Tensor) -> Tensor:
    """h_TNH after each step, from h before the first."""
    h_TNH: Tensor = _Scan.apply(a_TNH, b_TNH, h_NH)  # type: ignore[no-untyped-call]
    return h_TNH


class _Scan(torch.autograd.Function):
    """With g_t = ∂L/∂h_t by every path:  g_t = ∂L/∂h_t directly + a_{t+1} g_{t+1}.

    ∂L/∂b_t = g_t       ∂L/∂a_t = g_t h_{t-1}       ∂L/∂h_0 = a_1 g_1
    """

    @staticmethod
    def forward(ctx: Any, a_TNH: Tensor, b_TNH: Tensor, h_NH: Tensor) -> Tensor:
        h_TNH, h = torch.empty_like(b_TNH), h_NH
        for a, b, after in zip(a_TNH.unbind(), b_TNH.unbind(), h_TNH.unbind(), strict=True):
            h = torch.addcmul(b, a, h, out=after)
        ctx.save_for_backward(a_TNH, h_NH, h_TNH)
        return h_TNH

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dh_TNH: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        a_TNH, h_NH, h_TNH = ctx.saved_tensors
        g_TNH = torch.empty_like(h_TNH)
        carried = torch.zeros_like(h_NH)
        steps = zip(dh_TNH.unbind(), a_TNH.unbind(), g_TNH.unbind(), strict=True)
        for dh, a, g in reversed(list(steps)):
            torch.add(dh, carried, out=g)
            carried = g * a
        before_TNH = torch.cat([h_NH.unsqueeze(0), h_TNH[:-1]])
        return g_TNH * before_TNH, g_TNH, carried
