"""The gated recurrent unit (Cho et al. 2014), in the variant of PyTorch and cuDNN.

N: batch, D: input features, H: hidden units.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from assay.models.cell import StackedCell, State


class GRU(StackedCell):
    """Gates reset r and update z, candidate n; reset applies after the recurrent product.

    Parameters: W_x (3H, D), W_h (3H, H), b (3H), stacked as r, z, n, and b_n (H). b_n is the
    candidate's recurrent bias: r multiplies it, so it cannot merge into b as those of r and z do.
    """

    gates = ("r", "z", "n")

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size)
        self.b_n = self.drawn(hidden_size)

    def forward(self, x_ND: Tensor, state: State) -> State:
        """One step, (h,) to (h,); z near 1 keeps h."""
        (h_NH,) = state
        xr_NH, xz_NH, xn_NH = F.linear(x_ND, self.W_x, self.b).chunk(3, dim=1)
        hr_NH, hz_NH, hn_NH = (h_NH @ self.W_h.T).chunk(3, dim=1)

        r_NH = torch.sigmoid(xr_NH + hr_NH)
        z_NH = torch.sigmoid(xz_NH + hz_NH)
        n_NH = torch.tanh(xn_NH + r_NH * (hn_NH + self.b_n))
        return ((1 - z_NH) * n_NH + z_NH * h_NH,)
