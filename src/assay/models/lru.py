"""The linear recurrent unit (Orvieto et al. 2023, "Resurrecting recurrent neural networks").

T: steps, N: batch, D: input features, H: hidden units, C: real and imaginary part, 2.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from assay.models.cell import State


class LRU(nn.Module):
    """H complex memories that each turn and shrink by a factor of their own, and a gated readout.

        s_t = λ s_{t-1} + γ B x_t             λ = exp(−exp(ν) + i exp(θ))
        y_t = Re(C s_t) + D x_t               h_t = GLU(GELU(y_t))

    The exponentials keep |λ| below 1 (section 3.3); γ starts at √(1 − |λ|²), so that all memories
    are of one size (3.4), and λ uniformly on a ring of the complex plane (3.2.2). The recurrence is
    linear, and so is a sum over what it remembers; the paper gets its nonlinearity from the block
    around it. Here the block's own, GELU and a gated linear unit, stand between y and h. Its
    normalisation and skip connection are left out, since there is one layer.

    The state is h, Re s and Im s, and h acts on nothing later.

    Args:
        input_size: D.
        hidden_size: H.
        r_min: least |λ| to begin with.
        r_max: largest |λ| to begin with; 1 / (1 − r_max) steps are about how long it remembers.
        max_phase: λ starts with phases from 0 to this, in radians.
    """

    kernel = "assay.powers"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        r_min: float = 0.9,
        r_max: float = 0.999,
        max_phase: float = math.tau,
    ) -> None:
        super().__init__()
        D, H = input_size, hidden_size
        from_0_to_1 = 1 - torch.rand(2, H)  # no zero, whose logarithm is infinite
        # Uniform by area: the density of a radius r is proportional to r.
        squares_H = from_0_to_1[0] * (r_max**2 - r_min**2) + r_min**2
        self.log_nu = nn.Parameter(torch.log(-0.5 * torch.log(squares_H)))
        self.log_theta = nn.Parameter(torch.log(max_phase * from_0_to_1[1]))
        self.log_gamma = nn.Parameter(0.5 * torch.log1p(-squares_H))
        self.B_CHD = nn.Parameter(torch.randn(2, H, D) / math.sqrt(2 * D))
        self.C_CHH = nn.Parameter(torch.randn(2, H, H) / math.sqrt(H))
        self.D_HD = nn.Parameter(torch.randn(H, D) / math.sqrt(D))
        self.gated = nn.Linear(H, 2 * H)

    def initial_state(self, batch_size: int) -> State:
        """Zero h, Re s and Im s, each (N, H)."""
        return (self.log_nu.new_zeros(batch_size, len(self.log_nu)),) * 3

    def forward(self, x_ND: Tensor, state: State) -> State:
        """One step, (h, Re s, Im s) to the same."""
        _, re_NH, im_NH = state
        radius_H, theta_H = torch.exp(-torch.exp(self.log_nu)), torch.exp(self.log_theta)
        cos_H, sin_H = radius_H * torch.cos(theta_H), radius_H * torch.sin(theta_H)
        B_re, B_im = torch.exp(self.log_gamma)[:, None] * self.B_CHD

        after_re = cos_H * re_NH - sin_H * im_NH + F.linear(x_ND, B_re)
        after_im = cos_H * im_NH + sin_H * re_NH + F.linear(x_ND, B_im)
        return self._read(x_ND, after_re, after_im), after_re, after_im

    def unroll(self, x_TND: Tensor, state: State) -> tuple[None, State]:
        """The last state alone, s_T = λᵀ s_0 + Σ_t λ^(T−t) γ B x_t: one product over all steps."""
        T, (_, re_NH, im_NH) = len(x_TND), state
        lag_T1 = torch.arange(T, -1, -1, dtype=x_TND.dtype)[:, None]
        radius = torch.exp(-lag_T1 * torch.exp(self.log_nu))
        angle = lag_T1 * torch.exp(self.log_theta)
        (cos_H, *_), (sin_H, *_) = parts = radius * torch.cos(angle), radius * torch.sin(angle)
        cos_T1H, sin_T1H = (part[1:, None] for part in parts)
        B_re, B_im = (torch.exp(self.log_gamma)[:, None] * self.B_CHD).transpose(1, 2)

        x_NS = x_TND.transpose(0, 1).flatten(1)  # S: all features of all steps
        from_x_re = x_NS @ (cos_T1H * B_re - sin_T1H * B_im).flatten(0, 1)
        from_x_im = x_NS @ (cos_T1H * B_im + sin_T1H * B_re).flatten(0, 1)
        last_re = cos_H * re_NH - sin_H * im_NH + from_x_re
        last_im = cos_H * im_NH + sin_H * re_NH + from_x_im
        return None, (self._read(x_TND[-1], last_re, last_im), last_re, last_im)

    def _read(self, x_ND: Tensor, re_NH: Tensor, im_NH: Tensor) -> Tensor:
        """What the memories come to, h (N, H)."""
        y_NH = F.linear(re_NH, self.C_CHH[0]) - F.linear(im_NH, self.C_CHH[1])
        y_NH = y_NH + F.linear(x_ND, self.D_HD)
        h_NH: Tensor = F.glu(self.gated(F.gelu(y_NH)), dim=1)
        return h_NH
