"""Each cell against the equations, written out again in plain Python, and against PyTorch's own."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from assay.models import GRU, LSTM, RNN, State
from assay.models.cell import StackedCell
from tests.models.reference_cells import Array, Weights, lstm_gradients, unroll

MAKE: dict[str, Callable[[int, int], StackedCell]] = {
    "rnn": RNN,
    "gru": GRU,
    "standard": LSTM,
    "as_reported": lambda D, H: LSTM(D, H, form="as_reported"),
}
SIZES = [(1, 1, 1, 1), (5, 3, 1, 4), (12, 2, 3, 7), (4, 5, 10, 9)]


def drawn(name: str, D: int, H: int) -> StackedCell:
    """A float64 cell with weights large enough to reach the curved part of every gate."""
    cell = MAKE[name](D, H).double()
    source = torch.Generator().manual_seed(D * 100 + H)
    with torch.no_grad():
        for weight in cell.parameters():
            weight.normal_(0, 0.8, generator=source)
    return cell


def inputs(T: int, N: int, D: int) -> Tensor:
    return torch.randn(T, N, D, dtype=torch.float64, generator=torch.Generator().manual_seed(T))


def arrays(cell: nn.Module) -> Weights:
    return {name: weight.detach().numpy().copy() for name, weight in cell.named_parameters()}


def run(cell: StackedCell, x: Tensor) -> list[State]:
    states, state = [], cell.initial_state(x.shape[1])
    for x_ND in x:
        state = cell(x_ND, state)
        states.append(state)
    return states


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("name", MAKE)
def test_every_state_is_that_of_the_equations(name: str, sizes: tuple[int, int, int, int]) -> None:
    T, N, D, H = sizes
    cell, x = drawn(name, D, H), inputs(T, N, D)
    expected = unroll(name, arrays(cell), x.numpy(), H)
    for state, wanted in zip(run(cell, x), expected, strict=True):
        for part, wanted_part in zip(state, wanted, strict=True):
            np.testing.assert_allclose(part.detach().numpy(), wanted_part, rtol=0, atol=1e-12)


@pytest.mark.parametrize("form", ["standard", "as_reported"])
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_lstm_gradients_are_those_of_bptt_by_hand(
    form: str, sizes: tuple[int, int, int, int]
) -> None:
    T, N, D, H = sizes
    cell, x = drawn(form, D, H), inputs(T, N, D)
    direction = torch.linspace(-1, 2, N * H, dtype=torch.float64).view(N, H)
    (run(cell, x)[-1][0] * direction).sum().backward()
    expected = lstm_gradients(arrays(cell), x.numpy(), direction.numpy(), form)
    for name, weight in cell.named_parameters():
        assert weight.grad is not None
        np.testing.assert_allclose(weight.grad.numpy(), expected[name], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", MAKE)
def test_gradients_are_the_finite_differences_of_the_reference(name: str) -> None:
    T, N, D, H = 5, 2, 3, 4
    cell, x = drawn(name, D, H), inputs(T, N, D)
    run(cell, x)[-1][0].square().sum().backward()
    weights = arrays(cell)

    def loss(w: Weights) -> float:
        return float((unroll(name, w, x.numpy(), H)[-1][0] ** 2).sum())

    for key, weight in cell.named_parameters():
        assert weight.grad is not None
        for index in _some_indices(weights[key]):
            step = 1e-5
            values = []
            for sign in (1, -1):
                moved = {k: v.copy() for k, v in weights.items()}
                moved[key][index] += sign * step
                values.append(loss(moved))
            slope = (values[0] - values[1]) / (2 * step)
            assert float(weight.grad[index]) == pytest.approx(slope, rel=1e-6, abs=1e-8), key


def _some_indices(array: Array) -> list[tuple[int, ...]]:
    """Every fifth element: each gate of each parameter is among them."""
    return list(np.ndindex(array.shape))[::5]


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize(
    ("name", "twin_type"), [("rnn", nn.RNN), ("standard", nn.LSTM), ("gru", nn.GRU)]
)
def test_outputs_and_gradients_are_those_of_pytorch(
    name: str, twin_type: type[nn.RNNBase], sizes: tuple[int, int, int, int]
) -> None:
    T, N, D, H = sizes
    cell, x = drawn(name, D, H), inputs(T, N, D)
    twin = twin_type(D, H).double()
    with torch.no_grad():
        twin.weight_ih_l0.copy_(cell.W_x)
        twin.weight_hh_l0.copy_(cell.W_h)
        twin.bias_ih_l0.copy_(cell.b)
        twin.bias_hh_l0.zero_()
        if isinstance(cell, GRU):
            twin.bias_hh_l0[2 * H :] = cell.b_n

    h_TNH = torch.stack([state[0] for state in run(cell, x)])
    twin_TNH, last = twin(x)
    torch.testing.assert_close(h_TNH, twin_TNH, rtol=0, atol=1e-13)
    if isinstance(cell, LSTM):
        torch.testing.assert_close(run(cell, x)[-1][1], last[1][0], rtol=0, atol=1e-13)

    h_TNH.square().sum().backward()
    twin_TNH.square().sum().backward()
    torch.testing.assert_close(cell.W_x.grad, twin.weight_ih_l0.grad)
    torch.testing.assert_close(cell.W_h.grad, twin.weight_hh_l0.grad)
    torch.testing.assert_close(cell.b.grad, twin.bias_ih_l0.grad)
    if isinstance(cell, GRU):
        torch.testing.assert_close(cell.b_n.grad, twin.bias_hh_l0.grad[2 * H :])


def test_the_two_forms_differ_only_in_h() -> None:
    x = inputs(1, 3, 2)
    standard, reported = drawn("standard", 2, 5), drawn("as_reported", 2, 5)
    (h, c), (h_reported, c_reported) = run(standard, x)[0], run(reported, x)[0]
    assert torch.equal(c, c_reported)
    assert not torch.allclose(h, h_reported, atol=1e-3)


@pytest.mark.parametrize("name", MAKE)
def test_a_new_cell_has_weights_like_pytorchs(name: str) -> None:
    torch.manual_seed(0)
    for key, weight in MAKE[name](3, 16).named_parameters():
        assert weight.abs().max() <= 0.25, key
        assert weight.std() > 0.1, key  # 0.144 for U(±1/4)
