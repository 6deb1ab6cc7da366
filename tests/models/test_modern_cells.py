"""minGRU, LRU and mLSTM against their equations, and their fused paths against the step."""

import copy
import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from torch import Tensor, nn

from assay.config import MemoryConfig
from assay.errors import ConfigError
from assay.models import LRU, MLSTM, MinGRU, State, build
from assay.models.scan import linear_scan
from tests.models import reference_modern_cells as reference
from tests.models.paths import assert_close, parts_and_gradients
from tests.models.reference_modern_cells import Array, Weights

MAKE: dict[str, Callable[[int, int], nn.Module]] = {
    "mingru": MinGRU,
    "mingru of 3 layers": lambda D, H: MinGRU(D, H, layers=3),
    "lru": LRU,
    "lru of half a ring": lambda D, H: LRU(D, H, r_min=0.2, r_max=0.7, max_phase=1.0),
    "mlstm": lambda D, H: MLSTM(D, H, heads=2),
    "mlstm of a sigmoid": lambda D, H: MLSTM(D, H, heads=1, forget_gate="sigmoid"),
}
WANTED: dict[str, Callable[[Weights, Array], list[list[float]]]] = {
    "mingru": lambda w, x: reference.mingru(w, x, 1),
    "mingru of 3 layers": lambda w, x: reference.mingru(w, x, 3),
    "lru": reference.lru,
    "lru of half a ring": reference.lru,
    "mlstm": lambda w, x: reference.mlstm(w, x, 2, "exponential"),
    "mlstm of a sigmoid": lambda w, x: reference.mlstm(w, x, 1, "sigmoid"),
}
every_cell = pytest.mark.parametrize("name", MAKE)


def drawn(name: str, D: int, H: int) -> nn.Module:
    """A float64 cell, its own draws moved so that no weight is zero and every gate is curved."""
    source = torch.Generator().manual_seed(D * 100 + H)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(D * 100 + H)
        cell = MAKE[name](D, H).double()
    with torch.no_grad():
        for weight in cell.parameters():
            weight += 0.4 * torch.randn(weight.shape, generator=source, dtype=torch.float64)
    return cell


def inputs(T: int, N: int, D: int) -> Tensor:
    return torch.randn(T, N, D, dtype=torch.float64, generator=torch.Generator().manual_seed(T))


def arrays(cell: nn.Module) -> Weights:
    return {name: weight.detach().numpy().copy() for name, weight in cell.named_parameters()}


def steps(cell: nn.Module, x: Tensor, state: State) -> list[State]:
    states = []
    for x_ND in x:
        state = cell(x_ND, state)
        states.append(state)
    return states


@every_cell
@pytest.mark.parametrize("sizes", [(1, 1, 1, 2), (6, 2, 1, 4), (9, 3, 5, 6)], ids=str)
def test_every_h_is_that_of_the_equations(name: str, sizes: tuple[int, int, int, int]) -> None:
    T, N, D, H = sizes
    cell, x = drawn(name, D, H), inputs(T, N, D)
    found = torch.stack([state[0] for state in steps(cell, x, cell.initial_state(N))])
    for n in range(N):
        wanted = WANTED[name](arrays(cell), x[:, n].numpy())
        np.testing.assert_allclose(found[:, n].detach().numpy(), wanted, rtol=1e-9, atol=1e-12)


@every_cell
def test_gradients_are_the_finite_differences_of_the_reference(name: str) -> None:
    T, D, H = 5, 2, 4
    cell, x = drawn(name, D, H), inputs(T, 1, D)
    steps(cell, x, cell.initial_state(1))[-1][0].square().sum().backward()
    weights = arrays(cell)

    def loss(w: Weights) -> float:
        return float(np.square(WANTED[name](w, x[:, 0].numpy())[-1]).sum())

    for key, weight in cell.named_parameters():
        assert weight.grad is not None
        for index in list(np.ndindex(weights[key].shape))[::3]:
            values = []
            for sign in (1, -1):
                moved = {k: v.copy() for k, v in weights.items()}
                moved[key][index] += sign * 1e-5
                values.append(loss(moved))
            slope = (values[0] - values[1]) / 2e-5
            assert float(weight.grad[index]) == pytest.approx(slope, rel=1e-5, abs=1e-8), key


def unrolled(cell: nn.Module) -> Callable[[Tensor, State], State]:
    """The last state by the path over all steps."""
    return lambda x, state: cell.unroll(x, state)[1]


@every_cell
@given(
    T=st.integers(1, 30), N=st.integers(1, 5), D=st.sampled_from([1, 2, 10]), K=st.integers(1, 8)
)
@settings(deadline=None, max_examples=25)
def test_unrolling_is_the_step_taken_t_times(name: str, T: int, N: int, D: int, K: int) -> None:
    """From any state, as autograd goes back through the steps; in float32 to its precision."""
    cell = drawn(name, D, 2 * K)
    source = torch.Generator().manual_seed(T + 10 * N)
    leaves = [
        torch.rand(shape, generator=source, dtype=torch.float64).requires_grad_()
        for shape in [(T, N, D), *(part.shape for part in cell.initial_state(N))]
    ]
    wanted = parts_and_gradients(lambda x, s: steps(cell, x, s)[-1], cell, leaves)
    assert_close(parts_and_gradients(unrolled(cell), cell, leaves), wanted, 1e-10)
    single = copy.deepcopy(cell).float()
    again = [leaf.detach().float().requires_grad_() for leaf in leaves]
    assert_close(parts_and_gradients(unrolled(single), single, again), wanted, 2e-3)


def test_the_scan_has_the_gradients_of_finite_differences() -> None:
    source = torch.Generator().manual_seed(0)
    a, b, h = (
        torch.randn(shape, generator=source, dtype=torch.float64, requires_grad=True)
        for shape in [(4, 2, 3), (4, 2, 3), (2, 3)]
    )
    assert torch.autograd.gradcheck(linear_scan, (a, b, h))
    after = h
    for t, found in enumerate(linear_scan(a, b, h)):
        after = a[t] * after + b[t]
        torch.testing.assert_close(found, after)


def test_lru_starts_on_its_ring_with_memories_of_one_size() -> None:
    torch.manual_seed(0)
    cell = LRU(1, 4000, r_min=0.5, r_max=0.9, max_phase=2.0)
    radius = torch.exp(-torch.exp(cell.log_nu)).detach().double()
    assert 0.5 <= radius.min() < 0.52
    assert 0.88 < radius.max() <= 0.9
    by_area = stats.uniform(0.25, 0.81 - 0.25)
    assert stats.kstest(radius.square().numpy(), by_area.cdf).pvalue > 1e-3
    phase = torch.exp(cell.log_theta).detach().double().numpy()
    assert stats.kstest(phase, stats.uniform(0, 2.0).cdf).pvalue > 1e-3
    # Fed with white noise, every memory has the variance of γ² / (1 − |λ|²) = 1.
    gamma = torch.exp(cell.log_gamma).detach().double()
    torch.testing.assert_close(gamma.square(), 1 - radius.square(), rtol=1e-3, atol=1e-6)


def test_exponential_gates_do_not_overflow() -> None:
    """exp(3) a step over 2,000 steps is exp(6000), far beyond any number."""
    cell = MLSTM(1, 8)
    for forget in (3.0, -3.0):
        with torch.no_grad():
            cell.gates.bias[4:] = forget
        x = torch.rand(2000, 3, 1, generator=torch.Generator().manual_seed(1))
        _, last = cell.unroll(x, cell.initial_state(3))
        last[0].sum().backward()
        assert all(bool(part.isfinite().all()) for part in last)
        assert all(bool(weight.grad.isfinite().all()) for weight in cell.parameters())


def test_forget_gates_above_1_keep_the_first_input_for_ever() -> None:
    torch.manual_seed(3)
    cell, same = MLSTM(1, 16, heads=2).double(), torch.rand(400, 1, 1, dtype=torch.float64)
    with torch.no_grad():
        cell.gates.bias[2:] = 4.0
        cell.keys_values.weight[:16] = 0  # one key for all
    x = same.repeat(1, 2, 1)
    x[0, 1] += 1
    _, (h, *_) = cell.unroll(x, cell.initial_state(2))
    x[200] += 1
    _, (moved, *_) = cell.unroll(x, cell.initial_state(2))
    assert (h[0] - h[1]).abs().max() > 0.01
    torch.testing.assert_close(moved, h)


@pytest.mark.parametrize(
    ("cell", "options", "message"),
    [
        ("mingru", {"layers": 0}, "cell_options of mingru: layers = 0: should be greater"),
        ("mingru", {"layer": 2}, "unknown key 'layer': did you mean 'layers'?"),
        ("lru", {"r_max": 1.0}, "cell_options of lru: r_max = 1.0: should be less than 1"),
        ("lru", {"r_min": 0.9, "r_max": 0.5}, "r_min = 0.9 should be below r_max = 0.5"),
        ("mlstm", {"heads": 3}, "heads = 3: hidden_size = 128 should be a multiple of it"),
        ("mlstm", {"forget_gate": "tanh"}, "should be 'exponential' or 'sigmoid'"),
    ],
)
def test_wrong_options_are_told_in_one_sentence(
    cell: str, options: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigError, match=r"^study\.toml: ") as error:
        MemoryConfig.parse({"cell": cell, "cell_options": options}, "study.toml")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_an_initialisation_of_other_cells_is_refused() -> None:
    with pytest.raises(ConfigError, match="is for rnn, lstm and gru; lru has its own"):
        MemoryConfig.parse({"cell": "lru", "initialisation": "chrono"}, "study.toml")


def test_options_reach_the_cell_also_as_text_from_a_command() -> None:
    config = MemoryConfig.parse({"cell": "mingru", "cell_options": {"layers": "3"}}, "command")
    cell = build(config, 1, 10).cell
    assert isinstance(cell, MinGRU)
    assert len(cell.layers) == 3
    config = MemoryConfig.parse({"cell": "lru", "cell_options": {"r_min": 0.99}}, "command")
    cell = build(config, 1, 10).cell
    assert isinstance(cell, LRU)
    assert math.exp(-math.exp(cell.log_nu.max().item())) >= 0.99 - 1e-6


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("mingru", {"layers.0.weight": 0.4475297928, "layers.0.bias": 0.9595283270}),
        (
            "lru",
            {
                "log_nu": -3.3832194805,
                "log_theta": 0.5513741374,
                "log_gamma": -1.3619091511,
                "B_CHD": -0.0376255587,
                "C_CHH": -0.1044159606,
                "D_HD": -0.4248542488,
                "gated.weight": 0.2271924913,
                "gated.bias": 0.0141819511,
            },
        ),
        (
            "mlstm",
            {
                "keys_values.weight": 0.4475297928,
                "keys_values.bias": 0.9595283270,
                "query_output.weight": 0.6462358236,
                "query_output.bias": 0.0044800043,
                "gates.weight": 0.0,
                "gates.bias": 1.0,
            },
        ),
    ],
)
def test_the_draws_of_a_seed_stay_as_they_are(cell: str, wanted: dict[str, float]) -> None:
    """Changing these numbers changes what every stored run was: it needs a new schema version."""
    model = build(MemoryConfig.parse({"cell": cell, "hidden_size": 8}, "test"), 1, 10)
    last = {name: weight.flatten()[-1].item() for name, weight in model.cell.named_parameters()}
    assert last == pytest.approx(wanted, abs=1e-6)
