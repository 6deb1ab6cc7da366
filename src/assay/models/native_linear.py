"""Fully connected layers by the native kernel: the products forward and back, a call each.

N: batch, I: inputs, O: outputs.
"""

import ctypes
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

from assay.models import native
from assay.models.native import PRECISIONS, Precision, address, fields, library, workspace

_How = tuple[int, int]
"""Precision and level, by their numbers."""


class Linear(nn.Linear):
    """`nn.Linear`, through the kernel where `fits` allows it, with bfloat16 under autocast."""

    def forward(self, x_NI: Tensor) -> Tensor:
        """(N, O): x Wᵀ + b."""
        if not fits(x_NI, self.weight, self.bias):
            return super().forward(x_NI)
        return linear(x_NI, self.weight, self.bias, _precision() or "float32")


def kernel_name(networks: Iterable[nn.Module], precision: torch.dtype) -> str:
    """How networks multiply, for a run's record: by the kernel if one has a `Linear` that may."""
    layers = [layer for network in networks for layer in network.modules()]
    if not _usable() or not any(isinstance(layer, Linear) for layer in layers):
        return "torch"
    return native.kernel("bfloat16" if precision == torch.bfloat16 else "float32")


def fits(x_NI: Tensor, W_OI: Tensor, b_O: Tensor | None) -> bool:
    """Whether these go through the kernel: float32, contiguous, on the CPU, in a single thread."""
    tensors = [x_NI, W_OI] if b_O is None else [x_NI, W_OI, b_O]
    return (
        _usable()
        and _precision() is not None
        and x_NI.dim() == 2
        and x_NI.shape[1] == W_OI.shape[1]
        and all(
            tensor.dtype == torch.float32
            and tensor.is_cpu
            and tensor.is_contiguous()
            and tensor.numel() > 0
            for tensor in tensors
        )
    )


def linear(
    x_NI: Tensor,
    W_OI: Tensor,
    b_O: Tensor | None = None,
    precision: Precision = "float32",
    level: str | None = None,
) -> Tensor:
    """(N, O): x Wᵀ + b, of tensors that `fits` allows. Denormals are flushed to zero.

    It can be differentiated twice; the second time goes through PyTorch's operators.

    Args:
        x_NI: inputs.
        W_OI: weights.
        b_O: biases, or None.
        precision: of the operands of products; sums and results are float32.
        level: one of `native.levels()`; the best if not given.

    Raises:
        RuntimeError: if the kernel is not there.
        ValueError: if this processor does not have `level`.
    """
    how = (PRECISIONS.index(precision), native.level_number(level))
    if not torch.is_grad_enabled():
        return _forward(how, x_NI, W_OI, b_O)
    y_NO: Tensor = NativeLinear.apply(x_NI, W_OI, b_O, how)  # type: ignore[no-untyped-call]
    return y_NO


class NativeLinear(torch.autograd.Function):
    """The layer as a profiler names it."""

    @staticmethod
    def forward(ctx: Any, x_NI: Tensor, W_OI: Tensor, b_O: Tensor | None, how: _How) -> Tensor:
        """(N, O)."""
        ctx.save_for_backward(x_NI, W_OI)
        ctx.how = how
        return _forward(how, x_NI, W_OI, b_O)

    @staticmethod
    def backward(ctx: Any, dy_NO: Tensor) -> tuple[Tensor | None, ...]:
        """∂x = ∂y W, ∂W = ∂yᵀ x and ∂b = Σ ∂y, each if it is asked for."""
        x_NI, W_OI = ctx.saved_tensors
        dx, dW, db = _wanted(ctx)
        if torch.is_grad_enabled():  # a gradient that is to be differentiated in its turn
            return *_by_operators(ctx.how, x_NI, W_OI, dy_NO, dx, dW, db), None
        into = (
            torch.empty_like(x_NI) if dx else None,
            torch.empty_like(W_OI) if dW else None,
            dy_NO.new_empty(len(W_OI)) if db else None,
        )
        named = dict(zip(("dx", "dW", "db"), map(address, into), strict=True))
        dy_NO = dy_NO.contiguous()
        _run(library().assay_linear_backward, ctx.how, x_NI, W_OI, dy=dy_NO.data_ptr(), **named)
        return *into, None


class _Call(ctypes.Structure):
    """AssayLinear of native/linear.h."""

    _fields_ = fields("N I O precision level", "x W b y dy dx dW db workspace")


def _forward(how: _How, x_NI: Tensor, W_OI: Tensor, b_O: Tensor | None) -> Tensor:
    y_NO = x_NI.new_empty(len(x_NI), len(W_OI))
    into = {"b": address(b_O), "y": y_NO.data_ptr()}
    _run(library().assay_linear_forward, how, x_NI, W_OI, **into)
    return y_NO


def _run(
    function: Callable[..., None], how: _How, x_NI: Tensor, W_OI: Tensor, **others: int | None
) -> None:
    """A call with the other arrays by their names in native/linear.h."""
    (N, I), O = x_NI.shape, len(W_OI)  # noqa: E741
    call = _Call(N, I, O, *how, x_NI.data_ptr(), W_OI.data_ptr(), **others)
    call.workspace = workspace(library().assay_linear_workspace_bytes(ctypes.byref(call)))
    function(ctypes.byref(call))


def _by_operators(
    how: _How, x_NI: Tensor, W_OI: Tensor, dy_NO: Tensor, dx: bool, dW: bool, db: bool
) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
    dtype = getattr(torch, PRECISIONS[how[0]])
    x, W, dy = (tensor.to(dtype) for tensor in (x_NI, W_OI, dy_NO))
    return (
        (dy @ W).float() if dx else None,
        (dy.T @ x).float() if dW else None,
        dy_NO.sum(0) if db else None,
    )


def _wanted(ctx: Any) -> list[bool]:
    """Whether x, W and b are asked for in this backward pass.

    `needs_input_grad` says what may be: it is set in the forward pass, before anyone names the
    weights that a backward pass is for.
    """
    nodes = [node for node, _ in ctx.next_functions]
    wanted = [
        needed and _executes(node)
        for needed, node in zip(ctx.needs_input_grad, nodes, strict=False)
    ]
    return wanted if len(wanted) == 3 else [*wanted, False]


def _executes(node: Any) -> bool:
    try:
        found: bool = torch._C._will_engine_execute_node(node)
    except RuntimeError:  # it refuses to say for a leaf of `torch.autograd.grad`
        return True
    return found


def _usable() -> bool:
    return native.available() and torch.get_num_threads() == 1


def _precision() -> Precision | None:
    """Of products, as autocast has it at this moment; None if the kernel does not have it."""
    if not torch.is_autocast_enabled("cpu"):
        return "float32"
    return "bfloat16" if torch.get_autocast_dtype("cpu") == torch.bfloat16 else None
