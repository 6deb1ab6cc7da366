"""A cell over a whole sequence, and the readout at its end.

T: steps, N: batch, D: input features, H: hidden units, K: outputs (classes, or 1).
"""

from torch import Tensor, nn

from assay.models.cell import State, initial_state


class SequenceModel(nn.Module):
    """Reads a sequence and answers once, after the last step.

    Args:
        cell: any cell (see `assay.models.cell`).
        hidden_size: H, the width of the cell's h.
        outputs: K.
    """

    def __init__(self, cell: nn.Module, hidden_size: int, outputs: int) -> None:
        super().__init__()
        self.cell = cell
        self.readout = nn.Linear(hidden_size, outputs)

    def initial_state(self, batch_size: int) -> State:
        """The cell's state before the first step, for a batch of N."""
        return initial_state(self.cell, batch_size, self.readout.in_features)

    def forward(self, x_TND: Tensor) -> Tensor:
        """Unroll the cell and read out: p = W_ph h + b_p of the last step (equation 7), (N, K)."""
        state = self.initial_state(x_TND.shape[1])
        if getattr(self.cell, "kernel", None) is not None:
            _, state = self.cell.unroll(x_TND, state)  # type: ignore[operator]
        else:
            # unbind, because indexing x_TND[t] would make backward quadratic in T
            for x_ND in x_TND.unbind(0):
                state = self.cell(x_ND, state)
        logits_NK: Tensor = self.readout(state[0])
        return logits_NK


def kernel_name(model: SequenceModel) -> str:
    """How the model goes through a sequence: its cell's `kernel`, or `unrolled` step by step."""
    kernel: str | None = getattr(model.cell, "kernel", None)
    return kernel or "unrolled"
