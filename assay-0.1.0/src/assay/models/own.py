"""An own cell: an `nn.Module` of the user's, tried on one step before any run starts.

N: batch, D: input features, H: hidden units.
"""

from typing import Any

import torch
from torch import Tensor, nn

from assay.config import MemoryConfig
from assay.errors import PluginError
from assay.models.cell import State, initial_state
from assay.plugins import FAULTS, Plugin, prints_to_stderr, told

BATCH = 3


def own_cell(config: MemoryConfig, input_size: int) -> nn.Module:
    """Build and check the cell that `config.cell` names as `module:attribute`.

    It is called as `Cell(input_size=..., hidden_size=..., **cell_options)`.

    Raises:
        PluginError: if it cannot be loaded or built, or does not fit the contract of a cell.
        ConfigError: if an option has the name of one of the arguments above.
    """
    target, plugin = config.cell, Plugin.of(config, "cell")
    cell = plugin.make(input_size=input_size, hidden_size=config.hidden_size)
    if not isinstance(cell, nn.Module):
        raise PluginError(
            f"{target} gave an object of type {type(cell).__name__}, and should give an nn.Module"
        )
    check_cell(cell, target, input_size, config.hidden_size)
    return cell


def check_cell(cell: nn.Module, target: str, input_size: int, hidden_size: int) -> None:
    """Take one step on a batch of 3 and hold the outcome against the contract of a cell.

    Raises:
        PluginError: naming `target`, what it gave and what is expected.
    """
    x_ND = torch.linspace(-1, 1, BATCH * input_size).view(BATCH, input_size)
    try:
        with prints_to_stderr():
            start: Any = initial_state(cell, BATCH, hidden_size)
            _check_start(start, target, hidden_size)
            state: Any = cell(x_ND, start)
            _check_state(state, start, target)
            _check_gradients(cell, state, target)
            _check_unroll(cell, x_ND, start, state, target)
    except PluginError:
        raise
    except FAULTS as error:
        raise PluginError(
            f"{target} failed on one step of an input of shape {tuple(x_ND.shape)}: {told(error)}"
        ) from error


def _check_start(start: Any, target: str, hidden_size: int) -> None:
    wanted = ((BATCH, hidden_size), torch.float32)
    if (
        not _is_state(start)
        or _form(start)[0] != wanted
        or any(shape[:1] != (BATCH,) or dtype != torch.float32 for shape, dtype in _form(start))
    ):
        raise PluginError(
            f"{target}: initial_state({BATCH}) gave {_describe(start)}, and should give a tuple of "
            f"float32 tensors with the batch first, h of shape {(BATCH, hidden_size)} foremost"
        )


def _check_state(state: Any, start: State, target: str) -> None:
    if not _is_state(state) or _form(state) != _form(start):
        raise PluginError(
            f"{target}: one step gave {_describe(state)}, and should give a state of the form of "
            f"the initial one, {_describe(start)}"
        )


def _check_gradients(cell: nn.Module, state: State, target: str) -> None:
    parameters = [weight for weight in cell.parameters() if weight.requires_grad]
    total = torch.stack([part.sum() for part in state]).sum()
    found: tuple[Tensor | None, ...] = ()
    if parameters and total.requires_grad:
        found = torch.autograd.grad(total, parameters, allow_unused=True)
    gradients = [gradient for gradient in found if gradient is not None]
    if not gradients:
        raise PluginError(
            f"{target}: no gradient flows from the state after one step to any of its "
            f"{len(parameters)} trainable parameters, and at least one should learn"
        )
    if not all(bool(gradient.isfinite().all()) for gradient in gradients):
        raise PluginError(f"{target}: gradients of one step are not finite, and should be")


def _check_unroll(cell: nn.Module, x_ND: Tensor, start: State, state: State, target: str) -> None:
    """A fused path must do what the step does: the gradients through time come from the step."""
    kernel, unroll = getattr(cell, "kernel", None), getattr(cell, "unroll", None)
    unnamed = unroll is not None and not hasattr(cell, "kernel")
    if unnamed or (kernel is not None and unroll is None):
        raise PluginError(
            f"{target} has only one of `unroll` and `kernel`, and should have both, or neither"
        )
    if unroll is None or kernel is None:
        return
    after_two: State = cell(x_ND, state)
    _, last = unroll(torch.stack([x_ND, x_ND]), start)
    _check_state(last, start, f"{target}.unroll")
    pairs = zip(last, after_two, strict=True)
    if not all(torch.allclose(fused, single, rtol=1e-3, atol=1e-5) for fused, single in pairs):
        raise PluginError(
            f"{target}: unroll over two steps gave another state than two single steps, "
            "and should give the same, or set kernel = None"
        )


def _is_state(value: Any) -> bool:
    return isinstance(value, tuple) and value != () and all(isinstance(p, Tensor) for p in value)


def _form(state: State) -> list[tuple[tuple[int, ...], torch.dtype]]:
    return [(tuple(part.shape), part.dtype) for part in state]


def _describe(value: Any) -> str:
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}, not in a tuple"
    if not _is_state(value):
        return f"a {type(value).__name__}"
    parts = [f"{shape} {str(dtype).removeprefix('torch.')}" for shape, dtype in _form(value)]
    return f"a tuple of {', '.join(parts)}"
