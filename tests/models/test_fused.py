"""The fused float32 paths of the cells do what the written-out cells do in float64."""

import copy
from collections.abc import Iterable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from assay.config import MemoryConfig
from assay.models import SequenceModel, build, kernel_name, linear, native

# float32 rounds at 6e-8; a sum over up to 128 units and 29 steps loses one to two digits of that.
TOLERANCE = 1e-5
# 50 updates of 1e-3 move the weights by about 1e-1 of their norm. Either float32 path ends within
# 2e-7 of float64, and a second trained bias ends over 1e-2 away (last test).
TRAINED_TOLERANCE = 1e-5


CELLS = {
    "standard": {},
    "as_reported": {"lstm_form": "as_reported"},
    "rnn": {"cell": "rnn"},
}


@pytest.fixture(
    params=[
        "standard",
        "as_reported",
        "rnn",
        "standard without native",
        "as_reported without native",
        "as_reported without native on blas",
        "rnn on blas",
    ]
)
def name(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A cell with a fused path, and each path that it takes where a quicker one cannot be had."""
    if "without native" in request.param:
        monkeypatch.setattr(native, "available", lambda: False)
    if "on blas" in request.param:
        monkeypatch.setattr(linear, "onednn", lambda: False)
    return str(request.param.split()[0])


class WrittenOut(nn.Module):
    """The same cell with its fused path out of sight."""

    def __init__(self, cell: nn.Module) -> None:
        super().__init__()
        self.cell = cell

    def initial_state(self, batch_size: int) -> tuple[Tensor, ...]:
        return self.cell.initial_state(batch_size)  # type: ignore[operator, no-any-return]

    def forward(self, x_ND: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return self.cell(x_ND, state)  # type: ignore[no-any-return]


def pair(
    name: str, hidden: int, input_size: int, scheme: str = "linear"
) -> tuple[SequenceModel, ...]:
    """The fused model in float32, and its written-out twin with the same weights in float64."""
    values = {"hidden_size": hidden, "initialisation": scheme, **CELLS[name]}
    fused = build(MemoryConfig.parse(values, "test"), input_size, 10, steps=20)
    assert kernel_name(fused) != "unrolled"
    twin = copy.deepcopy(fused).double()
    twin.cell = WrittenOut(twin.cell)
    return fused, twin


def batch(T: int, N: int, D: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Digits as the report feeds them, 0 to 9, or one-hot; labels 0 to 9."""
    source = torch.Generator().manual_seed(seed)
    digits = torch.randint(0, 10, (T, N), generator=source)
    x_TND = digits.unsqueeze(2).float() if D == 1 else F.one_hot(digits, D).float()
    return x_TND, digits[0]


def difference(found: Iterable[Tensor], wanted: Iterable[Tensor]) -> float:
    """‖found - wanted‖ / ‖wanted‖ over all elements of all tensors; both zero is no difference."""
    a = torch.cat([tensor.detach().double().flatten() for tensor in found])
    b = torch.cat([tensor.detach().double().flatten() for tensor in wanted])
    return float((a - b).norm() / (b.norm() or 1.0))


def gradients(model: SequenceModel, x: Tensor, targets: Tensor) -> list[Tensor]:
    loss = F.cross_entropy(model(x), targets)
    return list(torch.autograd.grad(loss, list(model.parameters())))


@pytest.mark.parametrize("scheme", ["linear", "pytorch", "orthogonal"])
@pytest.mark.parametrize(
    "sizes", [(1, 1, 1, 1), (4, 7, 10, 5), (19, 32, 1, 128), (29, 5, 10, 33)], ids=str
)
def test_outputs_and_gradients_agree(
    name: str, sizes: tuple[int, int, int, int], scheme: str
) -> None:
    agree(name, sizes, scheme)


@pytest.mark.parametrize("form", ["standard", "as_reported"])
def test_they_agree_with_a_long_memory(form: str) -> None:
    agree(form, (29, 5, 10, 33), "chrono")


def agree(name: str, sizes: tuple[int, int, int, int], scheme: str) -> None:
    T, N, D, H = sizes
    fused, twin = pair(name, H, D, scheme)
    x, targets = batch(T, N, D)
    assert difference([fused(x)], [twin(x.double())]) <= TOLERANCE
    found, wanted = gradients(fused, x, targets), gradients(twin, x.double(), targets)
    assert difference(found, wanted) <= TOLERANCE
    for one, other in zip(found, wanted, strict=True):
        assert difference([one], [other]) <= 10 * TOLERANCE  # a parameter alone may be tiny


def test_every_state_of_the_sequence_agrees(name: str) -> None:
    fused, twin = pair(name, 17, 1)
    x, _ = batch(12, 6, 1)
    h_TNH, last = fused.cell.unroll(x, fused.initial_state(6))
    state = twin.initial_state(6)
    for h_NH, x_ND in zip(h_TNH, x.double(), strict=True):
        state = twin.cell(x_ND, state)
        assert difference([h_NH], [state[0]]) <= TOLERANCE
    assert difference(last, state) <= TOLERANCE


def test_it_continues_from_any_state(name: str) -> None:
    cell = pair(name, 5, 2)[0].cell.double()
    x = torch.randn(7, 3, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    whole, end = cell.unroll(x, cell.initial_state(3))
    first, middle = cell.unroll(x[:4], cell.initial_state(3))
    second, last = cell.unroll(x[4:], middle)
    torch.testing.assert_close(torch.cat([first, second]), whole)
    torch.testing.assert_close(last, end)


def test_evaluation_without_gradients_gives_the_same(name: str) -> None:
    fused, _ = pair(name, 64, 1)
    x, _ = batch(19, 50, 1)
    with torch.no_grad():
        assert difference([fused(x)], [fused.train()(x)]) <= TOLERANCE
        without = fused.eval()(x)
    assert difference([without], [fused(x)]) <= TOLERANCE


def train(
    model: SequenceModel, optimizer: str, dtype: torch.dtype, updates: int = 50
) -> tuple[list[float], int]:
    """Train with clipping; gradient norms before it, and how many were over the limit."""
    kind = {"rmsprop": torch.optim.RMSprop, "adam": torch.optim.Adam}[optimizer]
    step = kind(model.parameters(), lr=1e-3)
    norms = []
    for update in range(updates):
        x, targets = batch(9, 32, 1, seed=update)
        step.zero_grad()
        F.cross_entropy(model(x.to(dtype)), targets).backward()
        norms.append(float(nn.utils.clip_grad_norm_(model.parameters(), max_norm=0.05)))
        step.step()
    return norms, sum(norm > 0.05 for norm in norms)


@pytest.mark.parametrize("optimizer", ["rmsprop", "adam"])
def test_fifty_clipped_updates_agree(name: str, optimizer: str) -> None:
    fused, twin = pair(name, 32, 1)
    start = [weight.clone() for weight in fused.parameters()]
    norms, clipped = train(fused, optimizer, torch.float32)
    twin_norms, _ = train(twin, optimizer, torch.float64)
    assert clipped >= 45
    assert norms == pytest.approx(twin_norms, rel=1e-4)
    assert difference(fused.parameters(), twin.parameters()) <= TRAINED_TOLERANCE
    assert difference(fused.parameters(), start) > 100 * TRAINED_TOLERANCE


def test_parameters_and_clipping_norm_are_those_of_the_written_out_cell(name: str) -> None:
    fused, twin = pair(name, 8, 10)
    names = [name for name, _ in fused.named_parameters()]
    assert names == ["cell.W_x", "cell.W_h", "cell.b", "readout.weight", "readout.bias"]
    gates = 1 if name == "rnn" else 4
    assert sum(weight.numel() for weight in fused.cell.parameters()) == gates * 8 * (10 + 8 + 1)
    assert list(fused.state_dict()) == names
    x, targets = batch(5, 6, 10)
    F.cross_entropy(fused(x), targets).backward()
    F.cross_entropy(twin(x.double()), targets).backward()
    norm = float(nn.utils.clip_grad_norm_(fused.parameters(), 1e9))
    assert norm == pytest.approx(float(nn.utils.clip_grad_norm_(twin.parameters(), 1e9)), rel=1e-5)


def test_a_second_trained_bias_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of the mistake that the tolerances above must catch."""
    monkeypatch.setattr(native, "available", lambda: False)
    fused, _ = pair("standard", 32, 1)
    mistaken = copy.deepcopy(fused)
    mistaken.cell.zero_bias = nn.Parameter(torch.zeros(4 * 32))
    train(fused, "rmsprop", torch.float32)
    train(mistaken, "rmsprop", torch.float32)
    merged = [
        weight + mistaken.cell.zero_bias if name == "cell.b" else weight
        for name, weight in mistaken.named_parameters()
        if name != "cell.zero_bias"
    ]
    assert difference(fused.parameters(), merged) > 100 * TRAINED_TOLERANCE
