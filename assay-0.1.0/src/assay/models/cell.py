"""The contract of a recurrent cell: one step, from an input and a state to the next state.

T: steps, N: batch, D: input features, H: hidden units, G: gates.

Any `nn.Module` is a cell if it is built as `Cell(input_size, hidden_size, **options)` and its
`forward(x_ND, state)` returns the next state: a tuple of float32 tensors, each with the batch
first, of the shapes of the initial state. `state[0]` is h (N, H), which is read out. An own cell
needs no more than this::

    class Leaky(nn.Module):
        def __init__(self, input_size, hidden_size, keep=0.9):
            super().__init__()
            self.input = nn.Linear(input_size, hidden_size)
            self.recurrent = nn.Linear(hidden_size, hidden_size, bias=False)
            self.keep = keep

        def forward(self, x, state):
            (h,) = state
            new = torch.tanh(self.input(x) + self.recurrent(h))
            return (self.keep * h + (1 - self.keep) * new,)

A cell may also have

- `initial_state(batch_size)`, the state before the first step; without it that is one zero h (N, H)
- `unroll(x_TND, state)`, which takes all T steps at once and returns h_TNH and the last state, and
  `kernel`, the name under which this path goes into a run's record. They come together, and where
  `kernel` is None the cell is taken step by step. A cell that works out the last h alone has None
  in the place of h_TNH.
"""

import math
from typing import ClassVar

import torch
from torch import Tensor, nn

State = tuple[Tensor, ...]


def initial_state(cell: nn.Module, batch_size: int, hidden_size: int) -> State:
    """The state before the first step: the cell's own, or a zero h (N, H) if it defines none."""
    own = getattr(cell, "initial_state", None)
    if own is not None:
        state: State = own(batch_size)
        return state
    like = next(cell.parameters(), torch.empty(0))
    return (like.new_zeros(batch_size, hidden_size),)


class StackedCell(nn.Module):
    """Base of the built-in cells: the weights of all gates stacked, in the order of `gates`.

    Attributes:
        W_x: input weights, (G H, D).
        W_h: recurrent weights, (G H, H).
        b: bias, (G H).
    """

    gates: ClassVar[tuple[str, ...]]
    kernel: str | None = None

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        stacked = len(self.gates) * hidden_size
        self.W_x = self.drawn(stacked, input_size)
        self.W_h = self.drawn(stacked, hidden_size)
        self.b = self.drawn(stacked)

    def drawn(self, *shape: int) -> nn.Parameter:
        """A parameter from U(±1/√H), as PyTorch's cells have until `initialise` draws them anew."""
        bound = 1 / math.sqrt(self.hidden_size)
        return nn.Parameter(torch.empty(shape).uniform_(-bound, bound))

    def initial_state(self, batch_size: int) -> State:
        """One zero h (N, H)."""
        return (self.b.new_zeros(batch_size, self.hidden_size),)
