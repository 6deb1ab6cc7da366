"""Every scheme draws from the distribution that its source states, from the given generator."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from scipy import stats
from torch import Tensor, nn

from assay.config import MemoryConfig
from assay.config.cells import CELL_OPTIONS
from assay.models import GRU, LSTM, RNN, build
from assay.models.cell import StackedCell
from assay.models.initialisation import Scheme, initialise, initialise_readout

CELLS: dict[str, type[StackedCell]] = {"rnn": RNN, "lstm": LSTM, "gru": GRU}
SCHEMES: tuple[Scheme, ...] = ("linear", "pytorch", "forget_bias", "orthogonal", "chrono")
LACKS = {("rnn", "chrono"), ("rnn", "forget_bias"), ("gru", "forget_bias")}
PAIRS = [(name, s) for name in CELLS for s in SCHEMES if (name, s) not in LACKS]
# Some forty tests of fixed draws: a right law falls below once in 250 choices of the seeds, and
# uniform for triangular below 1e-9.
ALMOST_NEVER = 1e-4


def draw(name: str, scheme: Scheme, D: int, H: int, seed: int = 1, steps: int = 20) -> StackedCell:
    cell = CELLS[name](D, H)
    initialise(cell, scheme, steps, torch.Generator().manual_seed(seed))
    return cell


def gates(cell: StackedCell, stacked: Tensor) -> dict[str, Tensor]:
    return dict(zip(cell.gates, stacked.detach().chunk(len(cell.gates)), strict=True))


def assert_uniform(sample: Tensor, bound: float) -> None:
    assert 0.9 * bound < sample.abs().max() <= bound
    law = stats.uniform(-bound, 2 * bound)
    assert stats.kstest(sample.detach().double().flatten().numpy(), law.cdf).pvalue > ALMOST_NEVER


@pytest.mark.parametrize("D", [1, 10])
@pytest.mark.parametrize("name", CELLS)
def test_linear_is_a_linear_layer_per_part(name: str, D: int) -> None:
    cell = draw(name, "linear", D, 128)
    assert_uniform(cell.W_x, 1 / math.sqrt(D))
    assert_uniform(cell.b, 1 / math.sqrt(D))
    assert_uniform(cell.W_h, 1 / math.sqrt(128))
    if isinstance(cell, GRU):
        assert not cell.b_n.any()


@pytest.mark.parametrize("name", CELLS)
def test_pytorch_is_uniform_with_a_triangular_bias(name: str) -> None:
    cell = draw(name, "pytorch", 10, 900)
    bound = 1 / math.sqrt(900)
    assert_uniform(cell.W_x, bound)
    assert_uniform(cell.W_h[:, :50], bound)
    for gate, bias in gates(cell, cell.b).items():
        if isinstance(cell, GRU) and gate == "n":
            assert_uniform(bias, bound)
            assert_uniform(cell.b_n, bound)
            continue
        law = stats.triang(0.5, -2 * bound, 4 * bound)
        assert stats.kstest(bias.double().numpy(), law.cdf).pvalue > ALMOST_NEVER
        assert bias.double().var().item() == pytest.approx(2 * bound**2 / 3, rel=0.15)


@pytest.mark.parametrize(
    ("name", "twin_type"), [("rnn", nn.RNN), ("lstm", nn.LSTM), ("gru", nn.GRU)]
)
def test_pytorch_gives_the_very_numbers_of_pytorch(name: str, twin_type: type[nn.RNNBase]) -> None:
    H = 11
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        twin = twin_type(3, H)
    cell = draw(name, "pytorch", 3, H, seed=5)
    assert torch.equal(cell.W_x, twin.weight_ih_l0)
    assert torch.equal(cell.W_h, twin.weight_hh_l0)
    b = twin.bias_ih_l0 + twin.bias_hh_l0
    if isinstance(cell, GRU):
        assert torch.equal(cell.b[: 2 * H], b[: 2 * H])
        assert torch.equal(cell.b[2 * H :], twin.bias_ih_l0[2 * H :])
        assert torch.equal(cell.b_n, twin.bias_hh_l0[2 * H :])
    else:
        assert torch.equal(cell.b, b)


def test_a_forget_bias_of_1_changes_nothing_else() -> None:
    one, other = draw("lstm", "pytorch", 3, 8), draw("lstm", "forget_bias", 3, 8)
    assert torch.equal(one.W_x, other.W_x)
    assert torch.equal(one.W_h, other.W_h)
    before, after = gates(one, one.b), gates(other, other.b)
    assert torch.equal(after.pop("f"), torch.ones(8))
    assert all(torch.equal(after[gate], before[gate]) for gate in after)
    for name in ("rnn", "gru"):
        with pytest.raises(ValueError, match="has no forget bias"):
            draw(name, "forget_bias", 3, 8)


@pytest.mark.parametrize("scheme", ["orthogonal", "chrono"])
@pytest.mark.parametrize("name", CELLS)
def test_orthogonal_per_gate(name: str, scheme: Scheme) -> None:
    if (name, scheme) not in PAIRS:
        with pytest.raises(ValueError, match="RNN has no gates"):
            draw(name, scheme, 10, 96)
        return
    cell = draw(name, scheme, 10, 96)
    for W_h in gates(cell, cell.W_h).values():
        torch.testing.assert_close(W_h @ W_h.T, torch.eye(96), rtol=0, atol=1e-5)
    for W_x in gates(cell, cell.W_x).values():
        assert_uniform(W_x, math.sqrt(6 / (10 + 96)))


def test_biases_of_orthogonal() -> None:
    lstm, gru, rnn = (draw(name, "orthogonal", 2, 9) for name in ("lstm", "gru", "rnn"))
    for gate, bias in gates(lstm, lstm.b).items():
        assert torch.equal(bias, torch.full((9,), float(gate == "f")))
    assert isinstance(gru, GRU)
    assert not gru.b.any()
    assert not gru.b_n.any()
    assert not rnn.b.any()


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 19, 500])
def test_chrono_spans_the_steps(steps: int) -> None:
    highest = max(steps, 3) - 1
    lstm, gru = (
        draw("lstm", "chrono", 1, 500, steps=steps),
        draw("gru", "chrono", 1, 60, steps=steps),
    )
    bias = gates(lstm, lstm.b)
    law = stats.uniform(1, highest - 1)
    assert stats.kstest(np.exp(bias["f"].double().numpy()), law.cdf).pvalue > ALMOST_NEVER
    assert torch.equal(bias["i"], -bias["f"])
    assert not bias["g"].any()
    assert not bias["o"].any()
    of_gru = gates(gru, gru.b)
    assert of_gru["z"].min() >= 0
    assert of_gru["z"].max() <= math.log(highest) + 1e-6
    assert of_gru["z"].unique().numel() > 50
    assert not of_gru["r"].any()
    assert not of_gru["n"].any()


def test_chrono_is_orthogonal_but_for_its_biases() -> None:
    for name in ("lstm", "gru"):
        one, other = draw(name, "orthogonal", 3, 7), draw(name, "chrono", 3, 7)
        assert torch.equal(one.W_x, other.W_x)
        assert torch.equal(one.W_h, other.W_h)


def test_the_readout_is_a_linear_layer() -> None:
    readout = nn.Linear(100, 300)
    initialise_readout(readout, torch.Generator().manual_seed(3))
    assert_uniform(readout.weight, 0.1)
    assert_uniform(readout.bias, 0.1)


def weights(cell: nn.Module) -> Tensor:
    return torch.cat([weight.detach().flatten() for weight in cell.parameters()])


@pytest.mark.parametrize(("name", "scheme"), PAIRS)
def test_only_the_generator_decides(name: str, scheme: Scheme) -> None:
    torch.manual_seed(0)
    first = weights(draw(name, scheme, 3, 8))
    torch.manual_seed(1)
    cell = CELLS[name](3, 8)
    before = torch.get_rng_state()
    initialise(cell, scheme, 20, torch.Generator().manual_seed(1))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(weights(cell), first)
    if (name, scheme) in PAIRS:
        assert not torch.equal(weights(draw(name, scheme, 3, 8, seed=2)), first)


def config(name: str, scheme: str, **changes: object) -> MemoryConfig:
    values = {"cell": name, "initialisation": scheme, "hidden_size": 8, **changes}
    return MemoryConfig.parse(values, "test")


@pytest.mark.parametrize(("name", "scheme"), [*PAIRS, *((name, "linear") for name in CELL_OPTIONS)])
def test_a_network_depends_on_its_configuration_alone(name: str, scheme: str) -> None:
    torch.manual_seed(0)
    first = weights(build(config(name, scheme), 3, 10))
    torch.manual_seed(1)
    before = torch.get_rng_state()
    assert torch.equal(weights(build(config(name, scheme), 3, 10)), first)
    assert torch.equal(torch.get_rng_state(), before)
    assert not torch.equal(weights(build(config(name, scheme, seed=1), 3, 10)), first)


def first_draws(model: nn.Module) -> dict[str, float]:
    return {name: weight.flatten()[0].item() for name, weight in model.named_parameters()}


def test_the_draws_of_a_seed_stay_as_they_are() -> None:
    """Changing these numbers changes what every stored run was: it needs a new schema version."""
    lstm, gru = build(config("lstm", "linear"), 1, 10), build(config("gru", "pytorch"), 1, 10)
    assert first_draws(lstm) == pytest.approx(
        {
            "cell.W_x": -0.0719883442,
            "cell.W_h": -0.1893987954,
            "cell.b": -0.8311774731,
            "readout.weight": 0.1091346666,
            "readout.bias": 0.0124887014,
        },
        abs=1e-7,
    )
    assert first_draws(gru) == pytest.approx(
        {
            "cell.W_x": -0.0254517235,
            "cell.W_h": -0.1839020401,
            "cell.b": -0.2534674406,
            "cell.b_n": 0.2032787502,
            "readout.weight": 0.2615917921,
            "readout.bias": -0.2067949027,
        },
        abs=1e-7,
    )


def test_chrono_reads_the_steps_it_is_given() -> None:
    biases: Callable[[int | None], Tensor] = lambda steps: (  # noqa: E731
        build(config("lstm", "chrono", length=6), 1, 10, steps=steps).cell.b
    )
    assert torch.equal(biases(None), biases(5))
    assert biases(500).max() > math.log(5)


def test_the_forms_of_the_lstm_start_equal() -> None:
    standard = build(config("lstm", "linear"), 1, 10)
    reported = build(config("lstm", "linear", lstm_form="as_reported"), 1, 10)
    assert isinstance(reported.cell, LSTM)
    assert reported.cell.form == "as_reported"
    assert torch.equal(weights(standard), weights(reported))


def test_rnn_has_one_bias() -> None:
    assert [name for name, _ in RNN(1, 4).named_parameters()] == ["W_x", "W_h", "b"]
