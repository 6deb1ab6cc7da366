"""How the weights of the built-in cells and of the readout are drawn.

Every draw comes from the generator that is passed in, and their order is part of every run's
identity: first the cell, each parameter whole with all its gates, in the order that each scheme
states; then the readout's weight, then its bias.

D: input features, H: hidden units.
"""

import math
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import init

from assay.models.cell import StackedCell
from assay.models.gru import GRU
from assay.models.lstm import LSTM

Scheme = Literal["linear", "pytorch", "forget_bias", "orthogonal", "chrono"]


def initialise(cell: StackedCell, scheme: Scheme, steps: int, generator: torch.Generator) -> None:
    """Draw the weights of a built-in cell in place.

    Args:
        cell: an RNN, LSTM or GRU.
        scheme: each described at the function of its name.
        steps: input steps that the cell will see; only `chrono` asks.
        generator: source of every draw.

    Raises:
        ValueError: for `chrono` of a cell without gates, and `forget_bias` of one without that.
    """
    with torch.no_grad():
        match scheme:
            case "linear":
                linear(cell, generator)
            case "pytorch":
                pytorch(cell, generator)
            case "forget_bias":
                forget_bias(cell, generator)
            case "orthogonal":
                orthogonal(cell, generator)
            case "chrono":
                chrono(cell, steps, generator)


def initialise_readout(readout: nn.Linear, generator: torch.Generator) -> None:
    """Draw weight, then bias, from U(±1/√H), as `nn.Linear` does by itself."""
    _uniform(readout.weight, readout.in_features, generator)
    _uniform(readout.bias, readout.in_features, generator)


def linear(cell: StackedCell, generator: torch.Generator) -> None:
    """The report (1.2.2): a gate's input part is an `nn.Linear(D, H)`, its recurrent part another.

    W_x and b (the input part has the bias) from U(±1/√D), W_h from U(±1/√H), drawn in the order
    W_x, b, W_h. The GRU's b_n, which that recipe has no place for, is 0.
    """
    _uniform(cell.W_x, cell.input_size, generator)
    _uniform(cell.b, cell.input_size, generator)
    _uniform(cell.W_h, cell.hidden_size, generator)
    if isinstance(cell, GRU):
        cell.b_n.zero_()


def pytorch(cell: StackedCell, generator: torch.Generator) -> None:
    """As `nn.RNN`, `nn.LSTM` and `nn.GRU`: everything from U(±1/√H).

    PyTorch has two biases, b_ih and b_hh, which only ever act by their sum. Here they are one
    parameter, so it is drawn as the sum of their two draws, with its triangular distribution.
    The exception is the GRU's candidate, whose two biases stay apart: b takes its b_ih, b_n its
    b_hh. The order is W_x, W_h, b_ih, b_hh: a generator with the seed of `torch.manual_seed` gives
    the very numbers of PyTorch's own cell.
    """
    _uniform(cell.W_x, cell.hidden_size, generator)
    _uniform(cell.W_h, cell.hidden_size, generator)
    recurrent = torch.empty_like(cell.b)
    _uniform(cell.b, cell.hidden_size, generator)
    _uniform(recurrent, cell.hidden_size, generator)
    if isinstance(cell, GRU):
        cell.b_n.copy_(_gate(cell, recurrent, "n"))
        _gate(cell, recurrent, "n").zero_()
    cell.b.add_(recurrent)


def forget_bias(cell: StackedCell, generator: torch.Generator) -> None:
    """`pytorch`, but for the LSTM's forget bias, which is 1 (Jozefowicz et al. 2015).

    Raises:
        ValueError: for a cell that is no LSTM.
    """
    if not isinstance(cell, LSTM):
        raise ValueError(f"{type(cell).__name__} has no forget bias")
    pytorch(cell, generator)
    _gate(cell, cell.b, "f").fill_(1.0)


def orthogonal(cell: StackedCell, generator: torch.Generator) -> None:
    """Each gate's W_h orthogonal (Saxe et al. 2014), its W_x Glorot uniform, biases 0.

    Glorot & Bengio 2010: W_x of a gate from U(±√(6 / (D + H))). The LSTM's forget bias is 1
    (Jozefowicz et al. 2015). The GRU's biases are all 0, as in Keras, whose default is this scheme
    for both cells. Drawn in the order W_x, W_h, gate by gate.
    """
    for name in cell.gates:
        init.xavier_uniform_(_gate(cell, cell.W_x, name), generator=generator)
    for name in cell.gates:
        init.orthogonal_(_gate(cell, cell.W_h, name), generator=generator)
    cell.b.zero_()
    if isinstance(cell, LSTM):
        _gate(cell, cell.b, "f").fill_(1.0)
    if isinstance(cell, GRU):
        cell.b_n.zero_()


def chrono(cell: StackedCell, steps: int, generator: torch.Generator) -> None:
    """`orthogonal` with biases that make units forget over 2 to T_max steps.

    Tallec & Ollivier 2018, "Can recurrent neural networks warp time?": b_f = log U(1, T_max - 1)
    and b_i = -b_f. The GRU keeps by its update gate, h = (1 - z) n + z h, so b_z = log
    U(1, T_max - 1). T_max is the number of input steps, and at least 3. The draw follows those of
    `orthogonal`.

    Raises:
        ValueError: for a cell without gates.
    """
    if not isinstance(cell, LSTM | GRU):
        raise ValueError(f"chrono sets gate biases, and {type(cell).__name__} has no gates")
    orthogonal(cell, generator)
    keep = _gate(cell, cell.b, "f" if isinstance(cell, LSTM) else "z")
    keep.uniform_(1.0, max(steps, 3) - 1.0, generator=generator).log_()
    if isinstance(cell, LSTM):
        _gate(cell, cell.b, "i").copy_(-keep)


def _uniform(tensor: Tensor, fan_in: int, generator: torch.Generator) -> None:
    bound = 1 / math.sqrt(fan_in)
    init.uniform_(tensor, -bound, bound, generator=generator)


def _gate(cell: StackedCell, stacked: Tensor, name: str) -> Tensor:
    """The rows of one gate, as a view."""
    return stacked.chunk(len(cell.gates))[cell.gates.index(name)]
