"""The LSTM by the native kernel: the whole sequence, forward and back, in one call a thread.

T: steps, N: batch, D: input features, H: hidden units.
"""

import ctypes
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from assay.models import native
from assay.models.cell import State
from assay.models.native import (
    FORMS,
    PRECISIONS,
    Form,
    Precision,
    address,
    fields,
    library,
    workspace,
)

# Fewer samples than this are not worth a thread of their own.
_SAMPLES_A_THREAD = 16

_How = tuple[int, int, int]
"""Form, precision and level, by their numbers."""


class Call(ctypes.Structure):
    """AssayLstm of native/lstm.h."""

    _fields_ = fields(
        integers="T N D H first last form precision level",
        pointers="x h0 c0 W_x W_h b h last_c tape workspace "
        "dh last_dh last_dc dx dh0 dc0 dW_x dW_h db",
    )


def fits(x_TND: Tensor, state: State, W_x: Tensor, W_h: Tensor, b: Tensor) -> bool:
    """Whether these go through the kernel: float32 on the CPU, of matching shapes."""
    if not native.available() or x_TND.dim() != 3 or len(state) != 2:
        return False
    (_, N, D), H = x_TND.shape, W_h.shape[-1]
    shapes = [(N, H), (N, H), (4 * H, D), (4 * H, H), (4 * H,)]
    rest = [*state, W_x, W_h, b]
    return all(tensor.shape == shape for tensor, shape in zip(rest, shapes, strict=True)) and all(
        tensor.dtype == torch.float32 and tensor.is_cpu and tensor.numel() > 0
        for tensor in [x_TND, *rest]
    )


def unroll_lstm(
    x_TND: Tensor,
    state: State,
    W_x: Tensor,
    W_h: Tensor,
    b: Tensor,
    form: Form = "standard",
    precision: Precision = "float32",
    level: str | None = None,
) -> tuple[Tensor, State]:
    """`LSTM.forward` over all steps: h_TNH after each, and the last state.

    The batch is shared out over `torch.get_num_threads()` threads. Denormals are flushed to zero.

    Args:
        x_TND: inputs; these and all others as `fits` demands.
        state: h and c, each (N, H).
        W_x: (4H, D), the gates in the order i, f, g, o.
        W_h: (4H, H), likewise.
        b: (4H), likewise.
        form: of equation 6, as in `LSTM`.
        precision: of the operands of products; sums, states and activations are float32.
        level: one of `native.levels()`; the best if not given.

    Raises:
        RuntimeError: if the kernel is not there.
        ValueError: if this processor does not have `level`.
    """
    how = (FORMS.index(form), PRECISIONS.index(precision), native.level_number(level))
    tensors = [tensor.contiguous() for tensor in (x_TND, *state, W_x, W_h, b)]
    if torch.is_grad_enabled():
        h_TNH, *last = _LSTM.apply(*tensors, how)  # type: ignore[no-untyped-call]
    else:
        h_TNH, *last = _forward(how, False, *tensors)[0]
    return h_TNH, tuple(last)


def _forward(
    how: _How, keep: bool, x: Tensor, h0: Tensor, c0: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor
) -> tuple[State, Tensor | None]:
    """h_TNH and the last h and c; and, to `keep` for the way back, the tape."""
    h_TNH, last_c = x.new_empty(len(x), *h0.shape), torch.empty_like(c0)
    call = _call(how, x, h0, c0=c0, W_x=W_x, W_h=W_h, b=b, h=h_TNH, last_c=last_c)
    tape = x.new_empty(library().assay_tape_floats(ctypes.byref(call))) if keep else None
    call.tape = address(tape)
    _run(library().assay_lstm_forward, [_part(call, *rows) for rows in _shares(len(h0))])
    return (h_TNH, h_TNH[-1].clone(), last_c), tape


class _LSTM(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        x_TND: Tensor,
        h_NH: Tensor,
        c_NH: Tensor,
        W_x: Tensor,
        W_h: Tensor,
        b: Tensor,
        how: _How,
    ) -> State:
        outputs, tape = _forward(how, True, x_TND, h_NH, c_NH, W_x, W_h, b)
        ctx.save_for_backward(x_TND, h_NH, c_NH, W_x, W_h, b, outputs[0], tape)
        ctx.set_materialize_grads(False)
        ctx.how = how
        return outputs

    @staticmethod
    @once_differentiable
    def backward(
        ctx: Any, dh_TNH: Tensor | None, last_dh_NH: Tensor | None, last_dc_NH: Tensor | None
    ) -> tuple[Tensor | None, ...]:
        x, h0, c0, W_x, W_h, b, h, tape = ctx.saved_tensors
        tensors = {"c0": c0, "W_x": W_x, "W_h": W_h, "b": b, "h": h, "tape": tape}
        incoming = {"dh": dh_TNH, "last_dh": last_dh_NH, "last_dc": last_dc_NH}
        tensors |= {name: part.contiguous() for name, part in incoming.items() if part is not None}
        into = [
            torch.empty_like(part) if needed else None
            for part, needed in zip((x, h0, c0), ctx.needs_input_grad, strict=False)
        ]
        tensors |= dict(zip(("dx", "dh0", "dc0"), into, strict=True))
        calls, weights = [], []
        for rows in _shares(len(h0)):
            own = [torch.empty_like(weight) for weight in (W_x, W_h, b)]
            gradients = dict(zip(("dW_x", "dW_h", "db"), own, strict=True))
            calls.append(_part(_call(ctx.how, x, h0, **tensors, **gradients), *rows))
            weights.append(own)
        _run(library().assay_lstm_backward, calls)
        for others in weights[1:]:  # in a fixed order, for the same sums every time
            for total, other in zip(weights[0], others, strict=True):
                total += other
        return *into, *weights[0], None


def _call(how: _How, x: Tensor, h0: Tensor, **others: Tensor | None) -> Call:
    """A call for all samples, its arrays by their names in native/lstm.h."""
    form, precision, level = how
    (T, N, D), H = x.shape, h0.shape[1]
    addresses = {name: address(tensor) for name, tensor in others.items()}
    addresses |= {"x": x.data_ptr(), "h0": h0.data_ptr()}
    return Call(T=T, N=N, D=D, H=H, form=form, precision=precision, level=level, **addresses)


def _part(call: Call, first: int, last: int) -> Call:
    """A copy of the call for a range of samples."""
    part = Call.from_buffer_copy(call)
    part.first, part.last = first, last
    return part


def _shares(N: int) -> list[tuple[int, int]]:
    """The ranges of samples of each thread."""
    count = max(1, min(torch.get_num_threads(), N // _SAMPLES_A_THREAD))
    bounds = [N * index // count for index in range(count + 1)]
    return list(pairwise(bounds))


def _run(function: Callable[..., None], calls: list[Call]) -> None:
    """All calls at once, the first in this thread; ctypes lets go of Python's lock meanwhile."""
    others = [_threads(len(calls) - 1).submit(_run_one, function, call) for call in calls[1:]]
    _run_one(function, calls[0])
    for other in others:
        other.result()


def _run_one(function: Callable[..., None], call: Call) -> None:
    call.workspace = workspace(library().assay_workspace_bytes(ctypes.byref(call)))
    function(ctypes.byref(call))


@cache
def _threads(count: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count, thread_name_prefix="assay-native")


if hasattr(os, "register_at_fork"):  # a forked process has the pool but not its threads
    os.register_at_fork(after_in_child=_threads.cache_clear)
