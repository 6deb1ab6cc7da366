"""How the gradient of the loss travels back through time.

T: steps, N: batch, D: input features, K: outputs, P: parts of the state.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from assay.models.cell import State
from assay.models.sequence import SequenceModel


@dataclass(frozen=True)
class StateGradient:
    """Mean natural logarithms of gradient norms at the steps t = 1 to T, float64.

    Attributes:
        whole: (T,) of the whole state.
        parts: (T,) of each part of the state alone: (h,), or (h, c) of an LSTM.
    """

    whole: Tensor
    parts: tuple[Tensor, ...]


def state_gradient_log_norms(
    model: SequenceModel, x_TND: Tensor, loss_sum: Callable[[Tensor], Tensor]
) -> StateGradient:
    """Log-norm of the total derivative of each sample's loss by the state after each step.

    Total: by every path to the loss that leads over the later states. The parts of a state count as
    independent inputs of the next step and of the readout, so an LSTM's c does not act through the
    h of its own step, and its c after the last step acts on nothing.

    The derivative is carried back one written-out step at a time, the chain rule of
    backpropagation through time, and each sample's is brought to norm 1 before each step with the
    logarithm kept aside. So nothing under- or overflows, however much it vanishes or explodes.
    Samples must not act on each other; the model is in evaluation mode meanwhile.

    Args:
        model: any sequence model. Its parameters' `.grad` are not touched.
        x_TND: at least one step.
        loss_sum: from outputs (N, K) to the sum (not the mean) of the samples' losses.

    Returns:
        The mean over those samples whose norm is neither zero nor infinite; NaN where there is
        none, as for the last c.
    """
    training = model.training
    model.eval()
    try:
        with torch.enable_grad():
            return _mean_log_norms(model, x_TND, loss_sum)
    finally:
        model.train(training)


def _mean_log_norms(
    model: SequenceModel, x_TND: Tensor, loss_sum: Callable[[Tensor], Tensor]
) -> StateGradient:
    # Each step starts from leaves, so that its graph is its own.
    state = model.initial_state(x_TND.shape[1])
    reached: list[State] = []
    leaves: list[State] = []
    for x_ND in x_TND.unbind(0):
        reached.append(model.cell(x_ND, state))
        state = tuple(part.detach().requires_grad_() for part in reached[-1])
        leaves.append(state)

    loss = loss_sum(model.readout(state[0]))
    gradient = _pull_back((loss,), (torch.ones_like(loss),), state)
    log_scale_N = torch.zeros(x_TND.shape[1], dtype=torch.float64)
    rows = []
    for t in reversed(range(len(leaves))):
        norms_PN = torch.stack([part.double().flatten(1).norm(dim=1) for part in gradient])
        whole_N = norms_PN.norm(dim=0)
        rows.append(torch.stack([whole_N, *norms_PN]).log() + log_scale_N)
        if t > 0:
            scale_N = torch.where(whole_N > 0, whole_N, 1.0)
            log_scale_N = log_scale_N + scale_N.log()
            gradient = _pull_back(reached[t], _divided(gradient, scale_N), leaves[t - 1])

    logs_TRN = torch.stack(rows[::-1])  # R: the whole, then each part
    finite_TRN = logs_TRN.where(logs_TRN.isfinite(), math.nan)
    whole_T, *parts_T = finite_TRN.nanmean(dim=2).unbind(1)
    return StateGradient(whole_T, tuple(parts_T))


def _divided(gradient: State, scale_N: Tensor) -> State:
    """Each sample's gradient over its scale, in float64: the scale may be below float32's range."""
    return tuple(
        (part.double() / scale_N.view(-1, *[1] * (part.dim() - 1))).to(part.dtype)
        for part in gradient
    )


def _pull_back(outputs: State, gradient: State, inputs: State) -> State:
    """The gradient by `inputs`, given that by `outputs`; zero by an input that nothing uses."""
    used = [(out, grad) for out, grad in zip(outputs, gradient, strict=True) if out.requires_grad]
    if not used:
        return tuple(torch.zeros_like(part) for part in inputs)
    outs, grads = zip(*used, strict=True)
    return torch.autograd.grad(outs, inputs, grads, materialize_grads=True)
