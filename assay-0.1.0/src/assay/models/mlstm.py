"""The LSTM with a matrix memory and exponential gates (Beck et al. 2024, "xLSTM", section 2.3).

T: steps, N: batch, D: input features, H: hidden units, E: heads, K: units of a head, H / E,
U: D + 1.
"""

import math
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from assay.models.cell import State

ForgetGate = Literal["exponential", "sigmoid"]

FORGET_BIASES: dict[ForgetGate, tuple[float, float]] = {
    "exponential": (-1.0, 1.0),
    "sigmoid": (3.0, 6.0),
}
"""From the first head to the last: from one that forgets to one that keeps."""


class MLSTM(nn.Module):
    """Stores values under keys in a matrix a head, and reads by a query: equations 19 to 27.

        C_t = f C_{t-1} + i v kᵀ              n_t = f n_{t-1} + i k
        h_t = o ⊙ norm(C_t q / max(|n_tᵀ q|, 1))

    i is an exponential, and so is f, or a sigmoid: the paper has either. C / n is a weighted mean
    of what was stored, so what counts is the ratio of weights: with f above 1 the first inputs
    weigh more with every step, and are never forgotten, which no sigmoid can do. Both gates are
    those of a head. C and n are kept divided by exp(m), the largest weight so far, which changes no
    h (equations 15 to 17).

    Of the paper's block around it the normalisation over each head's units is kept, since what is
    read grows without bound where n_tᵀ q passes zero. Left out are the projections up and down, the
    short convolution and the skip connection. Gates begin with weights of 0; forget biases begin
    evenly spread over the heads, for a sigmoid from 3 to 6 as the authors', for an exponential from
    −1, a head that forgets, to 1, a head that keeps the first inputs.

    Args:
        input_size: D.
        hidden_size: H, a multiple of `heads`.
        heads: E.
        forget_gate: `exponential` or `sigmoid`.
    """

    kernel = "assay.memory"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        heads: int = 4,
        forget_gate: ForgetGate = "exponential",
    ) -> None:
        super().__init__()
        self.heads, self.units, self.forget_gate = heads, hidden_size // heads, forget_gate
        self.keys_values = nn.Linear(input_size, 2 * hidden_size)
        self.query_output = nn.Linear(input_size, 2 * hidden_size)
        self.gates = nn.Linear(input_size, 2 * heads)
        with torch.no_grad():
            self.gates.weight.zero_()
            self.gates.bias.zero_()
            log_f_E = torch.linspace(*FORGET_BIASES[forget_gate], heads)
            self.gates.bias[heads:] = log_f_E

    def initial_state(self, batch_size: int) -> State:
        """Zero h (N, H), C (N, E, K, K), n (N, E, K) and m (N, E)."""
        E, K = self.heads, self.units
        zeros = self.gates.bias.new_zeros
        shapes = (E * K,), (E, K, K), (E, K), (E,)
        return tuple(zeros(batch_size, *shape) for shape in shapes)

    def forward(self, x_ND: Tensor, state: State) -> State:
        """One step, (h, C, n, m) to the same."""
        _, C_NEKK, n_NEK, m_NE = state
        k_NEK, v_NEK = self.keys_values(x_ND).unflatten(1, (2, self.heads, self.units)).unbind(1)
        k_NEK = k_NEK / math.sqrt(self.units)
        log_i_NE, log_f_NE = self._log_gates(x_ND)

        after_m = torch.maximum(log_f_NE + m_NE, log_i_NE)
        f_NE1 = torch.exp(log_f_NE + m_NE - after_m)[..., None]
        i_NE1 = torch.exp(log_i_NE - after_m)[..., None]
        after_C = f_NE1[..., None] * C_NEKK + (i_NE1 * v_NEK)[..., None] * k_NEK[..., None, :]
        after_n = f_NE1 * n_NEK + i_NE1 * k_NEK
        return self._read(x_ND, after_C, after_n, after_m), after_C, after_n, after_m

    def unroll(self, x_TND: Tensor, state: State) -> tuple[None, State]:
        """The last state alone: each input with the weight that the later forget gates leave it.

        Keys and values are linear in u = [x, 1], so all that is stored of x is Σ_t w_t u uᵀ.
        """
        _, C_NEKK, n_NEK, m_NE = state
        log_i_TNE, log_f_TNE = self._log_gates(x_TND)

        # From each step to the last: Σ of log f over the steps after it
        total_TNE = log_f_TNE.flip(0).cumsum(0).flip(0)
        log_w_TNE = log_i_TNE + total_TNE - log_f_TNE
        log_w_NE = m_NE + total_TNE[0]
        last_m = torch.maximum(log_w_TNE.amax(0), log_w_NE)
        w_TNE, w_NE1 = torch.exp(log_w_TNE - last_m), torch.exp(log_w_NE - last_m)[..., None]

        u_TNU = torch.cat([x_TND, torch.ones_like(x_TND[..., :1])], dim=-1)
        moments_NEUU = torch.einsum("tne,tnu,tnv->neuv", w_TNE, u_TNU, u_TNU)
        W_HU = torch.cat([self.keys_values.weight, self.keys_values.bias[:, None]], dim=1)
        k_EKU, v_EKU = W_HU.view(2, self.heads, self.units, -1)
        k_EKU = k_EKU / math.sqrt(self.units)
        stored_NEKU = v_EKU @ moments_NEUU
        last_C = w_NE1[..., None] * C_NEKK + stored_NEKU @ k_EKU.mT
        last_n = w_NE1 * n_NEK + torch.einsum("eku,neu->nek", k_EKU, moments_NEUU[..., -1])
        return None, (self._read(x_TND[-1], last_C, last_n, last_m), last_C, last_n, last_m)

    def _log_gates(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Both gates as logarithms, (..., E)."""
        log_i, log_f = self.gates(x).chunk(2, dim=-1)
        return log_i, F.logsigmoid(log_f) if self.forget_gate == "sigmoid" else log_f

    def _read(self, x_ND: Tensor, C_NEKK: Tensor, n_NEK: Tensor, m_NE: Tensor) -> Tensor:
        """What the query finds, through the output gate: h (N, H)."""
        q_NH, o_NH = self.query_output(x_ND).chunk(2, dim=1)
        q_NEK = q_NH.unflatten(1, (self.heads, self.units))
        weight_NE = torch.maximum((n_NEK * q_NEK).sum(-1).abs(), torch.exp(-m_NE))
        found_NEK = (C_NEKK @ q_NEK[..., None]).squeeze(-1) / weight_NE[..., None]
        normed_NEK = F.layer_norm(found_NEK, (self.units,))
        return torch.sigmoid(o_NH) * normed_NEK.flatten(1)
