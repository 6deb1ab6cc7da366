"""Backpropagation through time by hand: every gradient, what is kept, which product is taken."""

import copy
import weakref
from collections.abc import Callable

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from assay.models import LSTM, RNN, bptt, linear, native
from assay.models.cell import StackedCell, State
from tests.models.paths import assert_close, parts_and_gradients

MAKE: dict[str, Callable[[int, int], StackedCell]] = {
    "rnn": RNN,
    "as_reported": lambda D, H: LSTM(D, H, form="as_reported"),
}
# As for the other fused path: float32 rounds at 6e-8, and sums lose one to two digits of that.
TOLERANCE = 1e-5
every_cell = pytest.mark.parametrize("name", MAKE)


@pytest.fixture(autouse=True)
def without_native(monkeypatch: pytest.MonkeyPatch) -> None:
    """The LSTM takes the path that is tested here where the native kernel is not there."""
    monkeypatch.setattr(native, "available", lambda: False)


def drawn(name: str, T: int, N: int, D: int, H: int) -> tuple[StackedCell, list[Tensor]]:
    """A float64 cell with weights of float32, and likewise x and a state that require gradients.

    Small enough that no unit saturates: there 1 − h² of float32 has few digits, on any path.
    """
    source = torch.Generator().manual_seed(T + 10 * N + 100 * D + 1000 * H)
    cell = MAKE[name](D, H)
    with torch.no_grad():
        for weight in cell.parameters():
            weight.uniform_(-(H**-0.5), H**-0.5, generator=source)
    shapes = [(T, N, D), *(part.shape for part in cell.initial_state(N))]
    leaves = [torch.rand(shape, generator=source) * 2 - 1 for shape in shapes]
    leaves[0] /= D
    return cell.double(), [leaf.double().requires_grad_() for leaf in leaves]


def step_by_step(cell: nn.Module, x_TND: Tensor, state: State) -> tuple[Tensor, State]:
    h_T = []
    for x_ND in x_TND:
        state = cell(x_ND, state)
        h_T.append(state[0])
    return torch.stack(h_T), state


def outputs(path: Callable[[Tensor, State], tuple[Tensor, State]]) -> Callable[..., list[Tensor]]:
    """h_TNH with the last state, in one list."""

    def parts(x_TND: Tensor, state: State) -> list[Tensor]:
        h_TNH, last = path(x_TND, state)
        return [h_TNH, *last]

    return parts


@every_cell
@given(
    T=st.integers(1, 30), N=st.integers(1, 17), D=st.sampled_from([1, 2, 10]), H=st.integers(1, 40)
)
@example(T=1, N=1, D=1, H=1)
@example(T=1, N=16, D=10, H=16)
@example(T=9, N=1, D=1, H=33)
@settings(deadline=None)
def test_it_is_the_step_taken_t_times(name: str, T: int, N: int, D: int, H: int) -> None:
    cell, leaves = drawn(name, T, N, D, H)
    wanted = parts_and_gradients(outputs(lambda x, s: step_by_step(cell, x, s)), cell, leaves)
    assert_close(parts_and_gradients(outputs(cell.unroll), cell, leaves), wanted, 1e-12)
    single = copy.deepcopy(cell).float()
    inputs = [leaf.detach().float().requires_grad_() for leaf in leaves]
    assert_close(parts_and_gradients(outputs(single.unroll), single, inputs), wanted, TOLERANCE)


@every_cell
@pytest.mark.parametrize("sizes", [(1, 1, 1, 1), (4, 2, 3, 5), (3, 3, 1, 2)], ids=str)
def test_the_gradients_are_finite_differences(name: str, sizes: tuple[int, int, int, int]) -> None:
    cell, leaves = drawn(name, *sizes)
    unroll = bptt.unroll_rnn if name == "rnn" else bptt.unroll_reported_lstm

    def outputs(W_x: Tensor, W_h: Tensor, b: Tensor, x: Tensor, *state: Tensor) -> State:
        h_TNH, last = unroll(x, state, W_x, W_h, b)
        return h_TNH, *last

    # Also tries gradients of single outputs, the others undefined
    assert torch.autograd.gradcheck(outputs, (*cell.parameters(), *leaves))


@every_cell
def test_only_what_requires_a_gradient_has_one(name: str) -> None:
    cell, (x, *state) = drawn(name, 3, 2, 4, 5)
    for leaf in (x, *state):
        leaf.requires_grad_(False)
    cell.unroll(x, tuple(state))[1][0].sum().backward()
    assert all(leaf.grad is None for leaf in (x, *state))
    assert all(weight.grad is not None for weight in cell.parameters())


@every_cell
def test_going_back_twice_gives_the_same_bits(name: str) -> None:
    cell, leaves = drawn(name, 5, 4, 3, 6)
    h_TNH, last = cell.unroll(leaves[0], tuple(leaves[1:]))
    gradients = [torch.ones_like(part) for part in (h_TNH, *last)]
    first, second = (
        torch.autograd.grad(
            (h_TNH, *last), [*leaves, *cell.parameters()], gradients, retain_graph=True
        )
        for _ in range(2)
    )
    assert all(torch.equal(one, other) for one, other in zip(first, second, strict=True))
    assert all(bool((gradient == 1).all()) for gradient in gradients)


@every_cell
def test_a_second_derivative_is_refused(name: str) -> None:
    cell, (x, *state) = drawn(name, 2, 2, 1, 3)
    loss = cell.unroll(x, tuple(state))[1][0].square().sum()
    (gradient,) = torch.autograd.grad(loss, [cell.W_h], create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        gradient.sum().backward()


@every_cell
def test_changing_the_states_before_going_back_is_refused(name: str) -> None:
    cell, (x, *state) = drawn(name, 3, 2, 1, 3)
    h_TNH, last = cell.unroll(x, tuple(state))
    h_TNH.detach().mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        last[0].sum().backward()


@every_cell
@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_without_gradients_no_step_is_kept(
    name: str, mode: Callable[[], torch.no_grad], monkeypatch: pytest.MonkeyPatch
) -> None:
    cell, (x, *state) = drawn(name, 8, 3, 2, 4)
    wanted, wanted_last = cell.unroll(x, tuple(state))
    made: list[weakref.ref[Tensor]] = []
    alive = []

    def product(*args: Tensor) -> Tensor:
        alive.append(sum(ref() is not None for ref in made))
        result = linear.product(*args)  # type: ignore[arg-type]
        made.append(weakref.ref(result))
        return result

    monkeypatch.setattr(bptt, "product", product)
    with mode():
        h_TNH, last = cell.unroll(x, tuple(state))
    assert len(alive) == 8
    assert max(alive) <= 1  # the one before, until it is replaced
    assert not h_TNH.requires_grad
    assert torch.equal(h_TNH, wanted)
    assert all(torch.equal(one, other) for one, other in zip(last, wanted_last, strict=True))


@pytest.fixture
def untried() -> object:
    """oneDNN is tried anew, in the test and after it."""
    linear.onednn.cache_clear()
    yield
    linear.onednn.cache_clear()


@every_cell
def test_the_kernel_is_named_after_the_product_that_is_taken(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = set()
    for routine in ("onednn", "blas"):
        function = getattr(linear, f"_{routine}_product")
        monkeypatch.setattr(
            linear,
            f"_{routine}_product",
            lambda *args, routine=routine, function=function: taken.add(routine) or function(*args),
        )
    for available in (linear.onednn(), False):
        monkeypatch.setattr(linear, "onednn", lambda available=available: available)
        cell = MAKE[name](2, 3)
        taken.clear()
        cell.unroll(torch.ones(2, 2, 2), cell.initial_state(2))[0].sum().backward()
        assert taken == {"onednn" if available else "blas"}
        assert cell.kernel == f"assay.bptt+{taken.pop()}"


def broken(*args: object) -> Tensor:
    raise RuntimeError("no such operator")


def wrong(x: Tensor, W: Tensor, activation: str) -> Tensor:
    return linear._blas_product(x, W, "none")


def hiding(x: Tensor, W: Tensor, activation: str) -> Tensor:
    return linear._blas_product(x, W, activation).nan_to_num()


@pytest.mark.parametrize("operator", [broken, wrong, hiding])
def test_without_a_sound_onednn_it_is_blas(
    operator: Callable[..., Tensor], untried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linear, "_onednn_product", operator)
    assert bptt.kernel() == "assay.bptt+blas"
    x, W = torch.randn(3, 4), torch.randn(5, 4)
    torch.testing.assert_close(linear.product(x, W, "tanh"), torch.tanh(x @ W.T))


def test_trying_onednn_draws_no_numbers(untried: None) -> None:
    before = torch.get_rng_state()
    linear.onednn()
    assert torch.equal(torch.get_rng_state(), before)


@every_cell
@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
def test_what_is_not_finite_comes_through(name: str, bad: float) -> None:
    cell, x = MAKE[name](1, 20), torch.ones(3, 18, 1)
    with torch.no_grad():
        cell.W_h[0, 0] = bad
    _, last = cell.unroll(x, cell.initial_state(18))
    _, wanted = step_by_step(cell, x, cell.initial_state(18))
    for one, other in zip(last, wanted, strict=True):
        torch.testing.assert_close(one, other, equal_nan=True, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("activation", ["none", "tanh", "sigmoid"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_product(activation: linear.Activation, dtype: torch.dtype) -> None:
    source = torch.Generator().manual_seed(0)
    x, W = (torch.randn(n, 33, generator=source).to(dtype) for n in (7, 20))
    wanted = {"none": lambda y: y, "tanh": torch.tanh, "sigmoid": torch.sigmoid}[activation](
        x @ W.T
    )
    torch.testing.assert_close(linear.product(x, W, activation), wanted)
    torch.testing.assert_close(
        linear.product(x.T.contiguous().T, W.T.contiguous().T, activation), wanted
    )
