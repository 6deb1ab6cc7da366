"""The plain recurrent network (Elman 1990), which the report compares with.

T: steps, N: batch, D: input features, H: hidden units.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from assay.models import bptt
from assay.models.cell import StackedCell, State


class RNN(StackedCell):
    """h = tanh(W_x x + W_h h + b), as `torch.nn.RNN` with its two biases as one.

    Parameters: W_x (H, D), W_h (H, H), b (H).
    """

    gates = ("h",)

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size)
        self.kernel = bptt.kernel()

    def forward(self, x_ND: Tensor, state: State) -> State:
        """One step, (h,) to (h,)."""
        (h_NH,) = state
        return (torch.tanh(torch.addmm(F.linear(x_ND, self.W_x, self.b), h_NH, self.W_h.T)),)

    def unroll(self, x_TND: Tensor, state: State) -> tuple[Tensor, State]:
        """All steps at once: h_TNH after every step, and the last state."""
        return bptt.unroll_rnn(x_TND, state, self.W_x, self.W_h, self.b)
