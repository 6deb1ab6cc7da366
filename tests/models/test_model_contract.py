"""What holds for every registered cell, in each of its forms and initialisations."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from assay.config import MemoryConfig
from assay.config.cells import CELL_OPTIONS
from assay.config.memory import BUILT_IN_CELLS
from assay.models import CELLS, SequenceModel, bptt, build, check_cell, kernel_name, native

FORMS = [(name, "standard") for name in CELLS] + [("lstm", "as_reported")]
LACKS = {("rnn", "chrono"), ("rnn", "forget_bias"), ("gru", "forget_bias")}
CASES = [
    (name, form, scheme)
    for name, form in FORMS
    for scheme in ("linear", "pytorch", "forget_bias", "orthogonal", "chrono")
    if (name, scheme) not in LACKS and (name not in CELL_OPTIONS or scheme == "linear")
]
every_case = pytest.mark.parametrize(("name", "form", "scheme"), CASES)


def model(name: str, form: str, scheme: str, D: int = 3, H: int = 8, K: int = 4) -> SequenceModel:
    values = {"cell": name, "lstm_form": form, "initialisation": scheme, "hidden_size": H}
    return build(MemoryConfig.parse(values, "test"), D, K)


def inputs(T: int, N: int, D: int = 3) -> Tensor:
    return torch.randn(T, N, D, generator=torch.Generator().manual_seed(T * N))


def stepwise(network: SequenceModel, x: Tensor) -> Tensor:
    state = network.initial_state(x.shape[1])
    for x_ND in x:
        state = network.cell(x_ND, state)
    return network.readout(state[0])  # type: ignore[no-any-return]


def test_the_registry_holds_the_built_in_cells() -> None:
    assert tuple(CELLS) == BUILT_IN_CELLS


@every_case
def test_the_contract_of_a_cell(name: str, form: str, scheme: str) -> None:
    check_cell(model(name, form, scheme).cell, name, input_size=3, hidden_size=8)


@every_case
@pytest.mark.parametrize(("T", "N"), [(1, 1), (1, 6), (9, 1), (5, 6)])
def test_shapes(name: str, form: str, scheme: str, T: int, N: int) -> None:
    network = model(name, form, scheme)
    state = network.initial_state(N)
    after = network.cell(inputs(1, N)[0], state)
    assert [part.shape for part in after] == [part.shape for part in state]
    assert state[0].shape == (N, 8)
    assert all(len(part) == N and not part.any() for part in state)
    logits = network(inputs(T, N))
    assert logits.shape == (N, 4)
    assert logits.isfinite().all()


@every_case
@pytest.mark.parametrize(("T", "N"), [(1, 1), (8, 5)])
def test_unrolling_is_taking_the_steps(name: str, form: str, scheme: str, T: int, N: int) -> None:
    network, x = model(name, form, scheme), inputs(T, N)
    torch.testing.assert_close(network(x), stepwise(network, x), rtol=1e-5, atol=1e-6)


@every_case
def test_samples_do_not_act_on_each_other(name: str, form: str, scheme: str) -> None:
    network, x = model(name, form, scheme), inputs(6, 8)
    order = torch.randperm(8, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(network(x[:, order]), network(x)[order], rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(network(x[:, :3]), network(x)[:3], rtol=1e-5, atol=1e-6)


@every_case
def test_every_parameter_learns(name: str, form: str, scheme: str) -> None:
    network = model(name, form, scheme)
    F.cross_entropy(network(inputs(5, 6)), torch.arange(6) % 4).backward()
    for key, weight in network.named_parameters():
        assert weight.grad is not None, key
        assert weight.grad.isfinite().all(), key
        assert weight.grad.any(), key


@every_case
def test_it_follows_to_another_dtype(name: str, form: str, scheme: str) -> None:
    network = model(name, form, scheme).double()
    assert all(part.dtype == torch.float64 for part in network.initial_state(2))
    x = inputs(4, 2).double()
    torch.testing.assert_close(network(x), stepwise(network, x))


@every_case
def test_the_same_input_gives_the_same_bits(name: str, form: str, scheme: str) -> None:
    network, x = model(name, form, scheme), inputs(5, 6)
    assert torch.equal(network(x), network(x))
    other = model(name, form, scheme)
    other.load_state_dict(network.state_dict())
    assert torch.equal(network(x), other(x))


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(("name", "form"), FORMS)
def test_the_record_names_the_path_that_is_taken(
    name: str, form: str, compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not compiled:
        monkeypatch.setattr(native, "available", lambda: False)
    network = model(name, form, "linear")
    steps = []
    forward = type(network.cell).forward
    monkeypatch.setattr(
        type(network.cell), "forward", lambda *args: steps.append(1) or forward(*args)
    )
    network(inputs(5, 2))
    paths = {
        "rnn": bptt.kernel(),
        "lstm": "torch.lstm" if form == "standard" else bptt.kernel(),
        "gru": "unrolled",
        "mingru": "assay.scan",
        "lru": "assay.powers",
        "mlstm": "assay.memory",
    }
    wanted = native.kernel() if name == "lstm" and compiled else paths[name]
    assert kernel_name(network) == wanted
    assert len(steps) == (5 if name == "gru" else 0)
