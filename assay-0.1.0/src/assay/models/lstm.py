"""The long short-term memory of the report, equations 1 to 6.

T: steps, N: batch, D: input features, H: hidden units.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from assay.errors import ConfigError
from assay.models import bptt, native, native_lstm
from assay.models.cell import StackedCell, State


class LSTM(StackedCell):
    """Gates i, f, g, o and a memory c that is added to, not overwritten.

    Parameters: W_x (4H, D), W_h (4H, H), b (4H), the gates stacked in PyTorch's order.

    Args:
        input_size: D.
        hidden_size: H.
        form: equation 6 as `standard`, h = o tanh(c) (Gers et al. 2000, and `torch.nn.LSTM`), or
            `as_reported`, h = tanh(c o).
        precision: of the operands of products, `float32` or `bfloat16`, which the native kernel
            alone has.

    Raises:
        ConfigError: if `precision` is bfloat16 and the native kernel is not there.
    """

    gates = ("i", "f", "g", "o")
    zero_bias: Tensor

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        form: native.Form = "standard",
        precision: native.Precision = "float32",
    ) -> None:
        super().__init__(input_size, hidden_size)
        self.form, self.precision = form, precision
        if native.available():
            self.kernel = native.kernel(precision)
        elif precision == "bfloat16":
            raise ConfigError(
                f"precision = 'bfloat16' needs the native kernel, and {native.why_not()}"
            )
        else:
            self.kernel = "torch.lstm" if form == "standard" else bptt.kernel()
        # torch.lstm wants two biases. Trained, the second would double the first one's updates.
        self.register_buffer("zero_bias", torch.zeros(4 * hidden_size), persistent=False)

    def initial_state(self, batch_size: int) -> State:
        """Zero h and c, each (N, H)."""
        zeros_NH = self.b.new_zeros(batch_size, self.hidden_size)
        return zeros_NH, zeros_NH

    def forward(self, x_ND: Tensor, state: State) -> State:
        """One step, (h, c) to (h, c)."""
        h_NH, c_NH = state
        gates = torch.addmm(F.linear(x_ND, self.W_x, self.b), h_NH, self.W_h.T)
        i_NH, f_NH, g_NH, o_NH = gates.chunk(4, dim=1)

        g_NH = torch.tanh(g_NH)  # (1)
        i_NH = torch.sigmoid(i_NH)  # (2)
        f_NH = torch.sigmoid(f_NH)  # (3)
        o_NH = torch.sigmoid(o_NH)  # (4)
        c_NH = g_NH * i_NH + c_NH * f_NH  # (5)
        if self.form == "as_reported":
            return torch.tanh(c_NH * o_NH), c_NH  # (6) as printed
        return o_NH * torch.tanh(c_NH), c_NH  # (6)

    def unroll(self, x_TND: Tensor, state: State) -> tuple[Tensor, State]:
        """All steps at once: h_TNH after every step, and the last state.

        By the native kernel, where it is there and takes these tensors. Otherwise the standard
        form takes the kernel of `torch.nn.LSTM`, which is oneDNN's on a CPU.
        """
        weights = self.W_x, self.W_h, self.b
        if native_lstm.fits(x_TND, state, *weights):
            return native_lstm.unroll_lstm(x_TND, state, *weights, self.form, self.precision)
        if self.form == "as_reported":
            return bptt.unroll_reported_lstm(x_TND, state, *weights)
        h_TNH, h_1NH, c_1NH = torch.lstm(
            x_TND,
            [part_NH.unsqueeze(0) for part_NH in state],
            [*weights, self.zero_bias],
            has_biases=True,
            num_layers=1,
            dropout=0.0,
            train=torch.is_grad_enabled(),
            bidirectional=False,
            batch_first=False,
        )
        return h_TNH, (h_1NH[0], c_1NH[0])
