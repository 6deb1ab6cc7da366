"""The gradient through time against finite differences, and against a case solved by hand."""

import copy
import math
from collections.abc import Callable
from unittest import mock

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from assay.config import MemoryConfig
from assay.metrics.gradients import state_gradient_log_norms
from assay.metrics.slope import slope
from assay.models import SequenceModel, State, build

CASES = [("rnn", "standard"), ("gru", "standard"), ("lstm", "standard"), ("lstm", "as_reported")]
CASES += [("mingru", "standard"), ("lru", "standard"), ("mlstm", "standard")]
PARTS = {"lstm": 2, "lru": 3, "mlstm": 4}
T, N, D, H, K = 6, 4, 2, 8, 3
TARGETS = torch.tensor([0, 2, 1, 0])


def model(name: str, form: str) -> SequenceModel:
    options = {"cell_options": {"heads": 2}} if name == "mlstm" else {}
    values = {"cell": name, "lstm_form": form, "hidden_size": H, **options}
    return build(MemoryConfig.parse(values, "test"), D, K).double()


def inputs() -> Tensor:
    return torch.randn(T, N, D, dtype=torch.float64, generator=torch.Generator().manual_seed(2))


def cross_entropy(logits: Tensor) -> Tensor:
    return F.cross_entropy(logits, TARGETS, reduction="sum")


def restart(network: SequenceModel, x: Tensor, state: State, t: int, n: int) -> float:
    """Loss of sample n when the recurrence goes on from `state` after step t (counted from 1)."""
    for x_ND in x[t:]:
        state = network.cell(x_ND, state)
    return float(F.cross_entropy(network.readout(state[0])[n : n + 1], TARGETS[n : n + 1]))


@torch.no_grad()
def differences(network: SequenceModel, x: Tensor) -> list[list[list[float]]]:
    """Norms by central differences: [t][n], the whole state's and then each part's."""
    table, state, eps = [], network.initial_state(N), 1e-5
    for t in range(1, T + 1):
        state = network.cell(x[t - 1], state)
        row = []
        for n in range(N):
            squares = []
            for p in range(len(state)):
                total = 0.0
                for unit in range(state[p][n].numel()):
                    losses = []
                    for sign in (1, -1):
                        moved = tuple(part.clone() for part in state)
                        moved[p][n].view(-1)[unit] += sign * eps
                        losses.append(restart(network, x, moved, t, n))
                    total += ((losses[0] - losses[1]) / (2 * eps)) ** 2
                squares.append(total)
            row.append([math.sqrt(sum(squares)), *map(math.sqrt, squares)])
        table.append(row)
    return table


@pytest.mark.parametrize(("name", "form"), CASES)
def test_norms_are_those_of_finite_differences(name: str, form: str) -> None:
    network, x = model(name, form), inputs()
    found = state_gradient_log_norms(network, x, cross_entropy)
    wanted = differences(network, x)
    assert len(found.parts) == PARTS.get(name, 1)
    for column, values in enumerate([found.whole, *found.parts]):
        assert values.shape == (T,)
        assert values.dtype == torch.float64
        for t, value in enumerate(values.tolist()):
            norms = [wanted[t][n][column] for n in range(N)]
            if max(norms) == 0:  # the last c reaches no loss, and no h of a memory but the last
                assert column > 0
                assert (column == 1) == (t < T - 1)
                assert math.isnan(value)
            else:
                assert value == pytest.approx(sum(map(math.log, norms)) / N, abs=1e-5)


@pytest.mark.parametrize(("name", "form"), CASES)
def test_float32_agrees_with_float64(name: str, form: str) -> None:
    network, x = model(name, form), inputs()
    wanted = state_gradient_log_norms(network, x, cross_entropy).whole
    found = state_gradient_log_norms(network.float(), x.float(), cross_entropy).whole
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-5)


def test_one_step_has_the_readouts_gradient() -> None:
    network, x = model("rnn", "standard"), inputs()[:1]
    found = state_gradient_log_norms(network, x, cross_entropy)
    error_NK = network(x).softmax(1) - F.one_hot(TARGETS, K)
    wanted = (error_NK @ network.readout.weight).norm(dim=1).log().mean()
    torch.testing.assert_close(found.whole, wanted.view(1))


class LinearCell(nn.Module):
    """h = x + W h."""

    def __init__(self, W: Tensor) -> None:
        super().__init__()
        self.W = nn.Parameter(W)

    def forward(self, x: Tensor, state: State) -> State:
        return (x + state[0] @ self.W.T,)


@pytest.mark.parametrize("gain", [1e-3, 0.9, 1.0, 1.7, 1e3])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_scaled_rotation_shrinks_by_its_gain_per_step(gain: float, dtype: torch.dtype) -> None:
    """Over 120 steps of gain 1e-3 the norm ends at 1e-357, below what a float64 can hold."""
    Q = torch.linalg.qr(torch.randn(4, 4, generator=torch.Generator().manual_seed(0)).double()).Q
    network = SequenceModel(LinearCell((gain * Q).to(dtype)), 4, 1).to(dtype)
    x = torch.zeros(120, 3, 4, dtype=dtype)
    found = state_gradient_log_norms(network, x, lambda outputs: outputs.sum())
    assert slope(found.whole) == pytest.approx(math.log(gain), abs=1e-5)
    last = network.readout.weight.detach().double().norm().log().item()
    assert found.whole[-1].item() == pytest.approx(last, abs=1e-6)
    assert found.whole[0].item() == pytest.approx(last + 119 * math.log(gain), abs=1e-3)


def test_samples_without_a_gradient_are_left_out_of_the_mean() -> None:
    network, x = model("lstm", "standard"), inputs()
    only = state_gradient_log_norms(network, x[:, :1], lambda out: out[:, 0].sum())
    some = state_gradient_log_norms(network, x, lambda out: out[0, 0])
    none = state_gradient_log_norms(network, x, lambda out: out.sum() * 0)
    torch.testing.assert_close(some.whole, only.whole)
    assert none.whole.isnan().all()


def test_an_unused_part_and_a_broken_chain_count_as_zero() -> None:
    class Counter(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.input = nn.Linear(D, H)

        def initial_state(self, batch_size: int) -> State:
            return torch.zeros(batch_size, H), torch.zeros(batch_size, 1)

        def forward(self, x: Tensor, state: State) -> State:
            return self.input(x), torch.ones(len(x), 1)

    found = state_gradient_log_norms(
        SequenceModel(Counter(), H, K), inputs().float(), cross_entropy
    )
    assert found.whole.isnan().tolist() == [True] * (T - 1) + [False]
    assert found.parts[1].isnan().all()


@pytest.mark.parametrize("freeze", [False, True])
@pytest.mark.parametrize("grad_mode", [torch.enable_grad, torch.no_grad])
def test_it_leaves_no_trace(freeze: bool, grad_mode: Callable[[], torch.no_grad]) -> None:
    network, x = model("lstm", "standard"), inputs()
    wanted = state_gradient_log_norms(network, x, cross_entropy).whole
    for weight in network.parameters():
        weight.requires_grad_(not freeze)
        weight.grad = torch.full_like(weight, 7)
    before, random = copy.deepcopy(network.state_dict()), torch.get_rng_state()
    with grad_mode():
        found = state_gradient_log_norms(network.train(), x, cross_entropy).whole
    assert torch.equal(found, wanted)
    assert not found.requires_grad
    assert network.training
    assert torch.equal(torch.get_rng_state(), random)
    assert all(torch.equal(value, before[key]) for key, value in network.state_dict().items())
    assert all((weight.grad == 7).all() for weight in network.parameters())


def test_dropout_is_off_meanwhile() -> None:
    class Noisy(LinearCell):
        def forward(self, x: Tensor, state: State) -> State:
            return super().forward(x, (F.dropout(state[0], 0.5, self.training),))

    W = torch.eye(4, dtype=torch.float64)
    quiet, noisy = (SequenceModel(kind(W), 4, 1).double() for kind in (LinearCell, Noisy))
    noisy.load_state_dict(quiet.state_dict())
    x, random = torch.zeros(9, 3, 4, dtype=torch.float64), torch.get_rng_state()
    found = state_gradient_log_norms(noisy.train(), x, lambda out: out.sum())
    assert torch.equal(found.whole, state_gradient_log_norms(quiet, x, lambda out: out.sum()).whole)
    assert noisy.training
    assert torch.equal(torch.get_rng_state(), random)


def test_it_never_takes_the_fused_path() -> None:
    network = model("lstm", "standard")
    with mock.patch("torch.lstm", side_effect=AssertionError):
        state_gradient_log_norms(network, inputs(), cross_entropy)


def test_slope_is_per_step_of_lag() -> None:
    # step:  1     2     3    4;  lag: 3 2 1 0
    assert slope(torch.tensor([-6.0, -4.0, -2.0, 0.0])) == pytest.approx(-2)
    assert slope([9.0, 6.0, 3.0, 0.0]) == pytest.approx(3)
    assert slope([-6.0, None, -2.0, float("nan")]) == pytest.approx(-2)
    assert math.isnan(slope([None, 1.0, None]))
    assert math.isnan(slope([]))
    # values off the line: least squares of (lag, y) = (0, 1), (1, 0), (2, 3)
    assert slope([3.0, 0.0, 1.0]) == pytest.approx(1)
