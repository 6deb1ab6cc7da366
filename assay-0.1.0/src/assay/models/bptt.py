"""Whole sequences through the RNN and the report's LSTM, with backpropagation through time by hand.

`forward` of the cells defines one step, which autograd can go back through. Here are the same steps
quicker: autograd sees one operation for all of them, and the weights' gradients are one product.

The input and a 1 stand beside h, so that weights and bias act together:

    u_t = [h_{t-1}, x_t, 1]         W = [W_h, W_x, b]         a_t = W u_t

    ∂L/∂W = Σ_t ∂L/∂a_t u_tᵀ        ∂L/∂u_t = Wᵀ ∂L/∂a_t

T: steps, S: T + 1 (the state before each step, and after the last), N: batch, D: input features,
H: hidden units, K: H + D + 1, A: pre-activations of a step, H in the RNN and 4H in the LSTM.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from assay.models.cell import State
from assay.models.linear import product, routine

Gradients = tuple[Tensor | None, ...]

# ∂L/∂a from ∂L/∂y and y, for y = tanh(a) and y = σ(a)
_through_tanh = torch.ops.aten.tanh_backward
_through_sigmoid = torch.ops.aten.sigmoid_backward
_ZERO, _MINUS_ONE = torch.tensor(0.0), torch.tensor(-1.0)


def kernel() -> str:
    """The name of these paths in a run's record."""
    return f"assay.bptt+{routine()}"


def unroll_rnn(
    x_TND: Tensor, state: State, W_x: Tensor, W_h: Tensor, b: Tensor
) -> tuple[Tensor, State]:
    """`RNN.forward` over all steps: h_TNH after each, and the last state."""
    if torch.is_grad_enabled():
        h_TNH, *last = _RNN.apply(x_TND, *state, W_x, W_h, b)  # type: ignore[no-untyped-call]
    else:
        (h_NH,) = state
        h_TNH, *last = _rnn_steps(*_join(x_TND, h_NH, W_x, W_h, b))
    return h_TNH, tuple(last)


def unroll_reported_lstm(
    x_TND: Tensor, state: State, W_x: Tensor, W_h: Tensor, b: Tensor
) -> tuple[Tensor, State]:
    """`LSTM.forward` of the form `as_reported` over all steps: h_TNH, and the last state."""
    if torch.is_grad_enabled():
        h_TNH, *last = _ReportedLSTM.apply(x_TND, *state, W_x, W_h, b)  # type: ignore[no-untyped-call]
    else:
        h_NH, c_NH = state
        u_SNK, W_AK = _join(x_TND, h_NH, W_x, W_h, b)
        h_TNH, *last = _lstm_steps(u_SNK, c_NH, _double_g(W_AK))
    return h_TNH, tuple(last)


def _rnn_steps(u_SNK: Tensor, W_AK: Tensor) -> State:
    """h_t = tanh(a_t), each put into u; returns h_TNH and the last h_NH."""
    h_SNH = u_SNK[:, :, : len(W_AK)]
    for u_NK, h_NH in zip(u_SNK[:-1].unbind(), h_SNH[1:].unbind(), strict=True):
        h_NH.copy_(product(u_NK, W_AK, "tanh"))
    return h_SNH[1:], h_SNH[-1].clone()


class _RNN(torch.autograd.Function):
    """∂L/∂a_t = ∂L/∂h_t (1 − h_t²)."""

    @staticmethod
    def forward(
        ctx: Any, x_TND: Tensor, h_NH: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor
    ) -> State:
        u_SNK, W_AK = _join(x_TND, h_NH, W_x, W_h, b)
        outputs = _rnn_steps(u_SNK, W_AK)
        ctx.save_for_backward(u_SNK, W_AK)
        ctx.set_materialize_grads(False)
        return outputs

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dh_TNH: Tensor | None, last_dh_NH: Tensor | None) -> Gradients:
        u_SNK, W_AK = ctx.saved_tensors
        needs_x, needs_h, *_ = ctx.needs_input_grad
        T, N, H = len(u_SNK) - 1, u_SNK.shape[1], len(W_AK)
        h_T, W_HA = u_SNK[1:, :, :H].unbind(), _recurrent(W_AK, H)
        da_TNA = u_SNK.new_empty(T, N, H)

        dh_NH = u_SNK.new_zeros(N, H) if last_dh_NH is None else last_dh_NH
        for t, da_NA in reversed(list(enumerate(da_TNA.unbind()))):
            if dh_TNH is not None:
                dh_NH = dh_NH + dh_TNH[t]
            _through_tanh.grad_input(dh_NH, h_T[t], grad_input=da_NA)
            if t > 0 or needs_h:
                dh_NH = product(da_NA, W_HA)

        dx_TND = _input_gradient(da_TNA, W_AK, H) if needs_x else None
        return dx_TND, dh_NH if needs_h else None, *_split(_weight_gradient(da_TNA, u_SNK), H)


def _lstm_steps(
    u_SNK: Tensor, c_NH: Tensor, W_AK: Tensor, kept: list[State] | None = None
) -> State:
    """Equations 1 to 6 as reported, each h put into u; returns h_TNH and the last h_NH and c_NH.

    `kept` receives of each step the gates' sigmoids s_NA, and c_NH.
    """
    h_SNH = u_SNK[:, :, : c_NH.shape[1]]
    for u_NK, h_NH in zip(u_SNK[:-1].unbind(), h_SNH[1:].unbind(), strict=True):
        s_NA = product(u_NK, W_AK, "sigmoid")
        i_NH, f_NH, sg_NH, o_NH = s_NA.chunk(4, dim=1)
        c_NH = torch.addcmul(_tanh(sg_NH) * i_NH, c_NH, f_NH)
        _tanh((c_NH * o_NH).mul_(2).sigmoid_(), out=h_NH)
        if kept is not None:
            kept.append((s_NA, c_NH))
    return h_SNH[1:], h_SNH[-1].clone(), c_NH


class _ReportedLSTM(torch.autograd.Function):
    """From h_t = tanh(c_t o_t), by way of q = ∂L/∂(c_t o_t), and c_t = g_t i_t + c_{t-1} f_t.

        q = ∂L/∂h_t (1 − h_t²)      ∂L/∂o_t = q c_t      ∂L/∂c_t = q o_t + ∂L/∂c_{t+1} f_{t+1}

        ∂L/∂g_t = ∂L/∂c_t i_t       ∂L/∂i_t = ∂L/∂c_t g_t         ∂L/∂f_t = ∂L/∂c_t c_{t-1}

    and for each gate ∂L/∂a = ∂L/∂s s (1 − s), where s = σ(a) is i, f and o themselves. With g's
    rows of W doubled, s of g is σ(2 a_g), so that g = 2s − 1 and ∂L/∂s = 2 ∂L/∂g.
    """

    @staticmethod
    def forward(
        ctx: Any,
        x_TND: Tensor,
        h_NH: Tensor,
        c_NH: Tensor,
        W_x: Tensor,
        W_h: Tensor,
        b: Tensor,
    ) -> State:
        u_SNK, W_AK = _join(x_TND, h_NH, W_x, W_h, b)
        kept: list[State] = []
        outputs = _lstm_steps(u_SNK, c_NH, _double_g(W_AK), kept)
        s_T, c_T = zip(*kept, strict=True)
        ctx.save_for_backward(u_SNK, W_AK, *s_T, c_NH, *c_T)
        ctx.set_materialize_grads(False)
        return outputs

    @staticmethod
    @once_differentiable
    def backward(
        ctx: Any, dh_TNH: Tensor | None, last_dh_NH: Tensor | None, last_dc_NH: Tensor | None
    ) -> Gradients:
        u_SNK, W_AK, *kept = ctx.saved_tensors
        needs_x, needs_h, *_ = ctx.needs_input_grad
        T, N, A = len(u_SNK) - 1, u_SNK.shape[1], len(W_AK)
        H = A // 4
        s_T, c_S = kept[:T], kept[T:]
        h_T, W_HA = u_SNK[1:, :, :H].unbind(), _recurrent(W_AK, H)
        da_TNA = u_SNK.new_empty(T, N, A)

        dh_NH = u_SNK.new_zeros(N, H) if last_dh_NH is None else last_dh_NH
        dc_NH = u_SNK.new_zeros(N, H) if last_dc_NH is None else last_dc_NH
        for t, da_NA in reversed(list(enumerate(da_TNA.unbind()))):
            if dh_TNH is not None:
                dh_NH = dh_NH + dh_TNH[t]
            i_NH, f_NH, sg_NH, o_NH = s_T[t].chunk(4, dim=1)
            di_NH, df_NH, dsg_NH, do_NH = da_NA.chunk(4, dim=1)
            q_NH = _through_tanh(dh_NH, h_T[t])
            dc_NH = torch.addcmul(dc_NH, q_NH, o_NH)
            torch.mul(q_NH, c_S[t + 1], out=do_NH)
            torch.mul(dc_NH, _tanh(sg_NH), out=di_NH)
            torch.mul(dc_NH, c_S[t], out=df_NH)
            torch.addcmul(_ZERO, dc_NH, i_NH, value=2, out=dsg_NH)
            _through_sigmoid.grad_input(da_NA, s_T[t], grad_input=da_NA)
            dc_NH = dc_NH * f_NH
            if t > 0 or needs_h:
                dh_NH = product(da_NA, W_HA)

        dx_TND = _input_gradient(da_TNA, W_AK, H) if needs_x else None
        dW_AK = _double_g(_weight_gradient(da_TNA, u_SNK))
        return dx_TND, dh_NH if needs_h else None, dc_NH, *_split(dW_AK, H)


def _join(
    x_TND: Tensor, h_NH: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor
) -> tuple[Tensor, Tensor]:
    """u_SNK, complete for the first step and without h for the others, and W_AK."""
    (T, N, D), H = x_TND.shape, h_NH.shape[1]
    u_SNK = x_TND.new_empty(T + 1, N, H + D + 1)
    u_SNK[0, :, :H] = h_NH
    u_SNK[:-1, :, H:-1] = x_TND
    u_SNK[:, :, -1] = 1
    return u_SNK, torch.cat([W_h, W_x, b.unsqueeze(1)], dim=1)


def _split(dW_AK: Tensor, H: int) -> State:
    """The gradients of W_x, W_h and b."""
    return dW_AK[:, H:-1], dW_AK[:, :H], dW_AK[:, -1]


def _recurrent(W_AK: Tensor, H: int) -> Tensor:
    """W_hᵀ, (H, A), by which `product` takes ∂L/∂a_t to ∂L/∂h_{t-1}."""
    return W_AK[:, :H].t().contiguous()


def _weight_gradient(da_TNA: Tensor, u_SNK: Tensor) -> Tensor:
    """∂L/∂W, (A, K), over all steps and samples in one product, quicker as its transpose."""
    return product(u_SNK[:-1].flatten(0, 1).t(), da_TNA.flatten(0, 1).t()).t()


def _input_gradient(da_TNA: Tensor, W_AK: Tensor, H: int) -> Tensor:
    """∂L/∂x, (T, N, D)."""
    T, N, _ = da_TNA.shape
    return product(da_TNA.flatten(0, 1), W_AK[:, H:-1].t()).view(T, N, -1)


def _double_g(W_AK: Tensor) -> Tensor:
    """W_AK with the rows of the LSTM's gate g doubled, in place."""
    W_AK.chunk(4)[2].mul_(2)
    return W_AK


def _tanh(s_NH: Tensor, out: Tensor | None = None) -> Tensor:
    """tanh(a) = 2s − 1 from s = σ(2a), within 1e-7: torch.tanh takes three times as long."""
    return torch.add(_MINUS_ONE, s_NH, alpha=2, out=out)
