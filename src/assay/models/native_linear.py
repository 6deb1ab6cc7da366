"""Fully connected layers by the native kernel: the products forward and back, a call each.

N: batch, I: inputs, O: outputs.
"""

import ctypes
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from assay.models import native
from assay.models.native import (
    ACTIVATIONS,
    PRECISIONS,
    Activation,
    Precision,
    address,
    fields,
    library,
    workspace,
)


class Linear(nn.Linear):
    """`nn.Linear`, through the kernel where `fits` allows it, with bfloat16 under autocast."""

    def forward(self, x_NI: Tensor) -> Tensor:
        """(N, O): x Wᵀ + b."""
        if not fits(x_NI, self.weight, self.bias):
            return super().forward(x_NI)
        return self.activated(x_NI, "identity", 0.0)

    def activated(self, x_NI: Tensor, activation: Activation, slope: float) -> Tensor:
        """(N, O): f(x Wᵀ + b) by the kernel, of an input that fits."""
        precision = _precision() or "float32"
        return linear(x_NI, self.weight, self.bias, precision, activation, slope)


class Layers(nn.Sequential):
    """`nn.Sequential` where a `Linear` and the activation after it are one call, if they fit."""

    def forward(self, x: Tensor) -> Tensor:
        """Through all layers in order."""
        rest = list(self)
        while rest:
            layer = rest.pop(0)
            found = _activation(rest[0]) if rest else None
            if found and isinstance(layer, Linear) and fits(x, layer.weight, layer.bias):
                x = layer.activated(x, *found)
                rest.pop(0)
            else:
                x = layer(x)
        return x


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
        and not torch.compiler.is_exporting()  # a program cannot call the kernel
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
    activation: Activation = "identity",
    slope: float = 0.0,
    level: str | None = None,
) -> Tensor:
    """(N, O): f(x Wᵀ + b), of tensors that `fits` allows. Denormals are flushed to zero.

    It can be differentiated twice; the second time goes through PyTorch's operators.

    Args:
        x_NI: inputs.
        W_OI: weights.
        b_O: biases, or None.
        precision: of the operands of products; sums and results are float32.
        activation: f.
        slope: of `leaky_relu` below zero, positive.
        level: one of `native.levels()`; the best if not given.

    Raises:
        RuntimeError: if the kernel is not there.
        ValueError: if this processor does not have `level`.
    """
    numbers = PRECISIONS.index(precision), native.level_number(level), ACTIVATIONS.index(activation)
    how = (*numbers, slope)
    if not torch.is_grad_enabled():
        return _forward(how, x_NI, W_OI, b_O)
    y_NO: Tensor = NativeLinear.apply(x_NI, W_OI, b_O, how)  # type: ignore[no-untyped-call]
    return y_NO


_How = tuple[int, int, int, float]
"""Precision, level and activation, by their numbers, and the slope."""


class NativeLinear(torch.autograd.Function):
    """The layer as a profiler names it."""

    @staticmethod
    def forward(ctx: Any, x_NI: Tensor, W_OI: Tensor, b_O: Tensor | None, how: _How) -> Tensor:
        """(N, O)."""
        y_NO = _forward(how, x_NI, W_OI, b_O)
        ctx.save_for_backward(x_NI, W_OI, y_NO if _active(how) else None)
        ctx.how = how
        return y_NO

    @staticmethod
    def backward(ctx: Any, dy_NO: Tensor) -> tuple[Tensor | None, ...]:
        """∂x = ∂a W, ∂W = ∂aᵀ x and ∂b = Σ ∂a, each if it is asked for."""
        x_NI, W_OI, y_NO = ctx.saved_tensors
        wanted = _wanted(ctx)
        if torch.is_grad_enabled():  # a gradient that is to be differentiated in its turn
            return *_by_operators(ctx.how, x_NI, W_OI, y_NO, dy_NO, wanted), None
        dx, dW, db = wanted
        into = (
            torch.empty_like(x_NI) if dx else None,
            torch.empty_like(W_OI) if dW else None,
            dy_NO.new_empty(W_OI.shape[0]) if db else None,
        )
        named = dict(zip(("dx", "dW", "db"), map(address, into), strict=True))
        dy_NO = dy_NO.contiguous()
        named |= {"y": address(y_NO), "dy": dy_NO.data_ptr()}
        _run("assay_linear_backward", ctx.how, x_NI, W_OI, **named)
        return *into, None


class _Call(ctypes.Structure):
    """AssayLinear of native/linear.h."""

    _fields_ = fields(
        integers="N I O precision level activation",
        doubles="slope",
        pointers="x W b y dy dx dW db workspace",
    )


def _forward(how: _How, x_NI: Tensor, W_OI: Tensor, b_O: Tensor | None) -> Tensor:
    y_NO = x_NI.new_empty(x_NI.shape[0], W_OI.shape[0])
    _run("assay_linear_forward", how, x_NI, W_OI, b=address(b_O), y=y_NO.data_ptr())
    return y_NO


def _run(function: str, how: _How, x_NI: Tensor, W_OI: Tensor, **others: int | None) -> None:
    """A call with the other arrays by their names in native/linear.h."""
    found = library()
    (N, I), O = x_NI.shape, W_OI.shape[0]  # noqa: E741
    call = _Call(N, I, O, *how, x_NI.data_ptr(), W_OI.data_ptr(), **others)
    at = ctypes.byref(call)
    call.workspace = workspace(found.assay_linear_workspace_bytes(at))
    getattr(found, function)(at)


def _active(how: _How) -> bool:
    return ACTIVATIONS[how[2]] != "identity"


def _by_operators(
    how: _How, x: Tensor, W: Tensor, y: Tensor | None, dy: Tensor, wanted: list[bool]
) -> list[Tensor | None]:
    precision, _, activation, slope = how
    if y is not None:
        tanh = ACTIVATIONS[activation] == "tanh"
        dy = dy * (1 - y * y if tanh else torch.where(y > 0, 1.0, slope))
    dtype = getattr(torch, PRECISIONS[precision])
    x, W, da = (tensor.to(dtype) for tensor in (x, W, dy))
    dx, dW, db = wanted
    return [
        (da @ W).float() if dx else None,
        (da.T @ x).float() if dW else None,
        dy.sum(0) if db else None,
    ]


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


def _activation(layer: nn.Module) -> tuple[Activation, float] | None:
    """What the kernel has of an activation layer, and its slope; None if it is none, or another."""
    if type(layer) is nn.Tanh:
        return "tanh", 0.0
    if type(layer) is nn.LeakyReLU and layer.negative_slope > 0:
        return "leaky_relu", layer.negative_slope
    return None
