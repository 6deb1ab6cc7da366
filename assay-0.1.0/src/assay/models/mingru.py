"""The minimal gated recurrent unit (Feng et al. 2024, "Were RNNs all we needed?", section 3.1).

T: steps, N: batch, D: input features, H: hidden units.
"""

import torch
from torch import Tensor, nn

from assay.models.cell import State
from assay.models.scan import linear_scan


class MinGRU(nn.Module):
    """A GRU whose gate z and candidate are functions of the input alone, so linear in its state.

    Weights are drawn as `nn.Linear` draws them. One layer cannot tell an input by what came before
    it; from the second on the gate sees the layer below, which can (the paper's table 1).

    Args:
        input_size: D.
        hidden_size: H.
        layers: how many are stacked; each takes the h of the one below as its input.
    """

    kernel = "assay.scan"

    def __init__(self, input_size: int, hidden_size: int, layers: int = 1) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        widths = [input_size, *[hidden_size] * (layers - 1)]
        self.layers = nn.ModuleList(nn.Linear(width, 2 * hidden_size) for width in widths)

    def initial_state(self, batch_size: int) -> State:
        """A zero h (N, H) a layer, the topmost first, which is read out."""
        like: Tensor = next(self.parameters())
        return (like.new_zeros(batch_size, self.hidden_size),) * len(self.layers)

    def forward(self, x_ND: Tensor, state: State) -> State:
        """One step, an h a layer to an h a layer."""
        after: list[Tensor] = []
        for layer, h_NH in zip(self.layers, reversed(state), strict=True):
            z_NH, candidate_NH = layer(x_ND).chunk(2, dim=1)
            z_NH = torch.sigmoid(z_NH)
            x_ND = (1 - z_NH) * h_NH + z_NH * candidate_NH
            after.append(x_ND)
        return tuple(reversed(after))

    def unroll(self, x_TND: Tensor, state: State) -> tuple[Tensor, State]:
        """All steps at once, layer by layer: h_TNH of the topmost, and the last state."""
        last: list[Tensor] = []
        for layer, h_NH in zip(self.layers, reversed(state), strict=True):
            z_TNH, candidate_TNH = layer(x_TND).chunk(2, dim=2)
            z_TNH = torch.sigmoid(z_TNH)
            x_TND = linear_scan(1 - z_TNH, z_TNH * candidate_TNH, h_NH)
            last.append(x_TND[-1])
        return x_TND, tuple(reversed(last))
