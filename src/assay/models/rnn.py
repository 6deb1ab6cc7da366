"""The plain recurrent network (Elman 1990), which the report compares with.

N: batch, D: input features, H: hidden units.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from assay.models.cell import StackedCell, State


class RNN(StackedCell):
    """h = tanh(W_x x + W_h h + b), as `torch.nn.RNN` with its two biases as one.

    Parameters: W_x (H, D), W_h (H, H), b (H).
    """

    gates = ("h",)

    def forward(self, x_ND: Tensor, state: State) -> State:
        """One step, (h,) to (h,)."""
        (h_NH,) = state
        return (torch.tanh(torch.addmm(F.linear(x_ND, self.W_x, self.b), h_NH, self.W_h.T)),)
