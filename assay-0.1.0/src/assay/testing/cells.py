"""What assay relies on in a recurrent cell."""

from collections.abc import Callable

import torch
from torch import nn

from assay.models import SequenceModel
from assay.models.own import check_cell as check_step

_BATCH, _STEPS = 4, 5


def check_cell(make: Callable[..., nn.Module], input_size: int = 3, hidden_size: int = 8) -> None:
    """Hold a cell against what assay relies on.

    Args:
        make: called as `make(input_size=…, hidden_size=…)`, gives the cell.
        input_size: features D of a step.
        hidden_size: hidden units H.

    Raises:
        PluginError: if one step does not fit the contract of a cell.
        AssertionError: naming what else does not hold.
    """
    cell = _made(make, input_size, hidden_size)
    check_step(cell, "the cell", input_size, hidden_size)
    count = _STEPS * _BATCH * input_size
    x_LND = torch.linspace(-1, 1, count).view(_STEPS, _BATCH, input_size)
    model = SequenceModel(cell, hidden_size, 2)
    first = model(x_LND)
    assert torch.equal(first, model(x_LND)), (
        "two passes over one input differ: its state has to be the state it is given, and its "
        "weights alone"
    )
    rows = torch.cat([model(x_LND[:, :2]), model(x_LND[:, 2:])])
    assert torch.allclose(first, rows, atol=1e-5), (
        "a sequence's answer depends on the others in its batch"
    )
    other = SequenceModel(_made(make, input_size, hidden_size), hidden_size, 2)
    other.load_state_dict({key: value.clone() for key, value in model.state_dict().items()})
    assert torch.equal(first, other(x_LND)), (
        "a new cell with its state_dict answers otherwise: something that it computes with is in "
        "no parameter and no buffer"
    )


def _made(make: Callable[..., nn.Module], input_size: int, hidden_size: int) -> nn.Module:
    cell = make(input_size=input_size, hidden_size=hidden_size)
    assert isinstance(cell, nn.Module), f"it gave a {type(cell).__name__}, and no nn.Module"
    return cell
