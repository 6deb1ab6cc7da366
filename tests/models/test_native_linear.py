"""Fully connected layers by the native kernel, at every SIMD level, beside float64."""

import copy
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from assay.models import native, native_linear
from assay.models.gan import NETWORKS
from assay.models.native import Activation, Precision
from assay.models.native_linear import Layers, Linear, fits, kernel_name, linear

ACTIVATIONS: list[Activation] = ["identity", "leaky_relu", "tanh"]
PRECISIONS: list[Precision] = ["float32", "bfloat16"]
TOLERANCE = 1e-5
SLOPE = 0.2

every_level = pytest.mark.parametrize("level", native.levels())
every_precision = pytest.mark.parametrize("precision", PRECISIONS)


def drawn(N: int, I: int, O: int) -> list[Tensor]:  # noqa: E741
    """x, W, b, which require gradients, and dy."""
    source = torch.Generator().manual_seed(N + 1000 * I + 1000_000 * O)
    shapes = [(N, I), (O, I), (O,), (N, O)]
    *leaves, dy = (torch.randn(shape, generator=source) for shape in shapes)
    return [*(leaf.requires_grad_() for leaf in leaves), dy]


def solve(
    level: str,
    precision: Precision,
    x: Tensor,
    W: Tensor,
    b: Tensor,
    dy: Tensor,
    activation: Activation = "identity",
) -> list[Tensor]:
    """y, dx, dW and db by the kernel."""
    y = linear(x, W, b, precision, activation, SLOPE, level)
    return [y.detach(), *torch.autograd.grad(y, (x, W, b), dy)]


def exact(
    precision: Precision,
    x: Tensor,
    W: Tensor,
    b: Tensor,
    dy: Tensor,
    activation: Activation = "identity",
    y: Tensor | None = None,
) -> list[Tensor]:
    """The same in float64 of operands that are rounded as `precision` rounds them.

    `y` is what the kernel found: at the kink of an activation, a rounding decides its slope.
    """
    dtype = getattr(torch, precision)
    x, W = (operand.detach().to(dtype).double() for operand in (x, W))
    a = x @ W.T + b.detach()
    if activation == "identity":
        f, slope = a, torch.ones(())
    elif activation == "tanh":
        f, slope = a.tanh(), 1 - (a.tanh() if y is None else y) ** 2
    else:
        f, slope = F.leaky_relu(a, SLOPE), torch.where((a if y is None else y) > 0, 1.0, SLOPE)
    da = (dy * slope).float()
    rounded = da.to(dtype).double()
    return [f, rounded @ W, rounded.T @ x, da.double().sum(0)]


def sizes(x: Tensor, W: Tensor, b: Tensor, dy: Tensor) -> list[Tensor]:
    """Each result's norm if its terms had random signs: sums that cancel have no digits left."""
    x, W, b, dy = (tensor.detach().double().square() for tensor in (x, W, b, dy))
    return [part.sum().sqrt() for part in (x @ W.T + b, dy @ W, dy.T @ x, dy)]


@every_precision
@pytest.mark.parametrize("activation", ACTIVATIONS)
@given(N=st.integers(1, 140), I=st.integers(1, 140), O=st.integers(1, 140))
@example(N=1, I=1, O=1)
@example(N=64, I=100, O=128)
@example(N=64, I=784, O=33)
@example(N=32, I=513, O=7)
@example(N=250, I=31, O=1)
@settings(deadline=None, max_examples=20)
def test_products_are_those_of_float64(
    activation: Activation,
    precision: Precision,
    N: int,
    I: int,  # noqa: E741
    O: int,  # noqa: E741
) -> None:
    tensors = drawn(N, I, O)
    scale = sizes(*tensors)
    # The last bit of tanh's slope decides how some ∂a are rounded to bfloat16.
    tolerance = 1e-3 if (activation, precision) == ("tanh", "bfloat16") else TOLERANCE
    for level in native.levels():
        found = solve(level, precision, *tensors, activation)
        wanted = exact(precision, *tensors, activation, found[0].double())
        for one, other, size in zip(found, wanted, scale, strict=True):
            assert (one - other).norm() <= tolerance * size, level


@every_level
@every_precision
@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
@pytest.mark.parametrize("place", range(4))
def test_what_is_not_finite_goes_where_it_should(
    place: int, bad: float, precision: Precision, level: str
) -> None:
    tensors = drawn(37, 21, 19)
    with torch.no_grad():
        tensors[place].view(-1)[3] = bad
    found = solve(level, precision, *tensors)
    for one, other in zip(found, exact(precision, *tensors), strict=True):
        assert torch.allclose(one.double(), other, atol=1e-3, rtol=1e-3, equal_nan=True)


@every_level
@every_precision
def test_the_same_call_gives_the_same_bits(level: str, precision: Precision) -> None:
    tensors = drawn(65, 70, 50)
    once = solve(level, precision, *tensors)
    with ThreadPoolExecutor(2) as pool:  # at the same time, in memory of each thread's own
        for other in pool.map(lambda _: solve(level, precision, *tensors), range(6)):
            assert all(map(torch.equal, other, once))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The gradients that each call of the kernel is asked for."""
    seen: list[set[str]] = []
    run = native_linear._run

    def watched(function: str, how: Any, x: Tensor, W: Tensor, **others: int | None) -> None:
        if "dy" in others:
            seen.append({name for name in ("dx", "dW", "db") if others[name] is not None})
        run(function, how, x, W, **others)

    monkeypatch.setattr(native_linear, "_run", watched)
    return seen


def test_a_backward_pass_computes_what_it_is_for(asked: list[set[str]]) -> None:
    x, W, b, dy = drawn(8, 5, 3)
    before = Linear(5, 5)
    y = linear(before(x), W, b)
    y.backward(dy, inputs=list(before.parameters()), retain_graph=True)
    y.backward(dy, inputs=[W, b])
    assert asked == [{"dx"}, {"dW", "db"}, {"dW", "db"}]
    assert W.grad is not None
    assert torch.allclose(W.grad, dy.T @ before(x), atol=1e-5)


def test_an_input_without_gradient_costs_none(asked: list[set[str]]) -> None:
    x, W, b, dy = drawn(8, 5, 3)
    linear(x.detach(), W, b).backward(dy)
    linear(x, W.detach(), None).backward(dy)
    assert asked == [{"dW", "db"}, {"dx"}]


@every_precision
def test_a_gradient_penalty_is_that_of_float64(precision: Precision) -> None:
    """‖∂D/∂x‖ through three layers, and its gradient by the weights, as WGAN-GP has it."""
    torch.manual_seed(1)
    network = Layers(Linear(20, 30), nn.LeakyReLU(SLOPE), Linear(30, 9), nn.Tanh(), Linear(9, 1))
    reference = copy.deepcopy(network).double()
    x = torch.randn(9, 20)

    def penalty(critic: nn.Module, x: Tensor) -> list[Tensor]:
        x = x.detach().requires_grad_()
        (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
        weights = list(critic.parameters())[:-1]  # the last bias has none
        return list(torch.autograd.grad(slope.norm(dim=1).mean(), weights))

    with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
        found = penalty(network, x)
    for one, other in zip(found, penalty(reference, x.double()), strict=True):
        apart = (one.double() - other).norm() / other.norm()
        assert apart <= (1e-5 if precision == "float32" else 5e-2)


def test_autocast_chooses_the_operands() -> None:
    x, W, b, _ = (tensor.detach() for tensor in drawn(8, 40, 6))
    layer = Linear(40, 6)
    layer.load_state_dict({"weight": W, "bias": b})
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        coarse = layer(x)
    assert coarse.dtype == torch.float32
    assert torch.equal(coarse, linear(x, W, b, "bfloat16"))
    assert not torch.equal(coarse, layer(x))


@every_precision
def test_layers_and_their_activations_are_those_of_a_plain_sequence(precision: Precision) -> None:
    torch.manual_seed(2)
    ours = Layers(
        Linear(30, 20), nn.LeakyReLU(SLOPE, inplace=True), Linear(20, 12), nn.BatchNorm1d(12),
        nn.LeakyReLU(SLOPE), Linear(12, 9), nn.ReLU(), Linear(9, 5), nn.Tanh(),
    )  # fmt: skip
    plain = nn.Sequential(*copy.deepcopy(ours))
    x = torch.randn(16, 30)
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
        found, wanted = ours(x), plain(x)
    assert (found - wanted).norm() <= 1e-6 * wanted.norm()
    gradients = [torch.autograd.grad(y.sum(), [*net.parameters()]) for y, net in
                 ((found, ours), (wanted, plain))]  # fmt: skip
    for one, other in zip(*gradients, strict=True):
        assert (one - other).norm() <= 1e-4 * other.norm() + 1e-5


def test_weights_and_their_names_are_those_of_a_torch_layer() -> None:
    torch.manual_seed(3)
    ours = Linear(7, 5)
    torch.manual_seed(3)
    plain = nn.Linear(7, 5)
    assert ours.state_dict().keys() == plain.state_dict().keys()
    assert all(map(torch.equal, ours.parameters(), plain.parameters()))


def test_what_does_not_fit_takes_the_other_path() -> None:
    x, W, b, _ = drawn(6, 4, 3)
    assert fits(x, W, b)
    assert fits(x, W, None)
    assert not fits(x.double(), W, b)
    assert not fits(x[:0], W, b)
    assert not fits(x[:, :3], W, b)
    assert not fits(x.T[:4].T, W.T[:4].T.contiguous().T, b)
    assert not fits(x.view(2, 3, 4), W, b)
    with torch.autocast("cpu", torch.float16):
        assert not fits(x, W, b)
    layer = Linear(4, 3).double()
    assert layer(x.double()).dtype == torch.float64
    assert Linear(4, 3)(x.view(2, 3, 4)).shape == (2, 3, 3)
    torch.set_num_threads(2)
    assert not fits(x, W, b)


def test_an_unknown_level_is_refused() -> None:
    x, W, *_ = drawn(1, 1, 1)
    with pytest.raises(ValueError, match="level = 'sse9': this processor has portable"):
        linear(x, W, level="sse9")


def test_the_record_names_the_path() -> None:
    pairs = {name: make(6, (1, 8, 8), 0) for name, make in NETWORKS.items()}
    networks = {name: (pair.generator, pair.discriminator) for name, pair in pairs.items()}
    assert kernel_name(networks["mlp"], torch.float32) == f"assay.native.{native.simd()}"
    assert kernel_name(networks["mlp"], torch.bfloat16) == f"assay.native.{native.simd()}.bf16"
    assert kernel_name(networks["dcgan"], torch.float32) == "torch"
    torch.set_num_threads(2)
    assert kernel_name(networks["mlp"], torch.float32) == "torch"


def test_without_the_library_a_layer_is_that_of_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "_library", lambda: "it was not built: install a compiler")
    x, W, b, _ = drawn(9, 8, 7)
    layer = Linear(8, 7)
    layer.load_state_dict({"weight": W, "bias": b})
    assert torch.equal(layer(x), F.linear(x, W, b))
    with torch.autocast("cpu", torch.bfloat16):
        assert layer(x).dtype == torch.bfloat16
    assert kernel_name([layer], torch.float32) == "torch"
