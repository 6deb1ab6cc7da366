"""What the loop computes and records, held against a plain loop written here in float64."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

from assay.config import MemoryConfig
from assay.kinds.memory import KIND
from assay.kinds.memory.data import dataset
from assay.models import LSTM
from assay.store import RunFolder
from assay.store.log import Diverged
from assay.training import Phase, double_softmax, take_step

Train = Callable[[MemoryConfig], RunFolder]


class _Reference:
    """RNN on palindromes by nn.RNNCell, clipping and RMSprop written out, all in float64."""

    def __init__(self, config: MemoryConfig) -> None:
        job = KIND.build(config)
        self.schedule = job.schedule
        weights = {
            name: value.double()
            for name, value in job.objective.modules["network"].state_dict().items()
        }
        self.cell = nn.RNNCell(1, config.hidden_size).double()
        self.readout = nn.Linear(config.hidden_size, 10).double()
        with torch.no_grad():
            self.cell.weight_ih.copy_(weights["cell.W_x"])
            self.cell.weight_hh.copy_(weights["cell.W_h"])
            self.cell.bias_ih.copy_(weights["cell.b"])
            self.cell.bias_hh.zero_()
            self.readout.weight.copy_(weights["readout.weight"])
            self.readout.bias.copy_(weights["readout.bias"])
        self.cell.bias_hh.requires_grad_(False)
        self.parameters = [
            p for m in (self.cell, self.readout) for p in m.parameters() if p.requires_grad
        ]
        self.square = [torch.zeros_like(p) for p in self.parameters]
        self.config = config
        split = dataset(config)
        self.inputs = torch.from_numpy(split.train.inputs).double()
        self.targets = torch.from_numpy(split.train.targets).long()

    def update(self, number: int) -> dict[str, float]:
        batch = self.schedule.batch(number)
        state = torch.zeros(len(batch), self.config.hidden_size, dtype=torch.float64)
        for step in range(self.inputs.shape[1]):
            state = self.cell(self.inputs[batch, step, None], state)
        log_p = self.readout(state).log_softmax(1)
        loss = -log_p[torch.arange(len(batch)), self.targets[batch]].mean()
        gradients = torch.autograd.grad(loss, self.parameters)
        norm = math.sqrt(sum(float((g**2).sum()) for g in gradients))
        scale = min(1.0, self.config.max_norm / (norm + 1e-6))
        moved = 0.0
        with torch.no_grad():
            for p, g, v in zip(self.parameters, gradients, self.square, strict=True):
                v.mul_(0.99).add_(0.01 * (g * scale) ** 2)
                change = -self.config.learning_rate * g * scale / (v.sqrt() + 1e-8)
                p.add_(change)
                moved += float((change**2).sum())
        right = (log_p.argmax(1) == self.targets[batch]).double().mean()
        return {
            "loss": float(loss.detach()),
            "accuracy": float(right),
            "gradient_norm": norm,
            "clipped": float(norm > self.config.max_norm),
            "update_norm": math.sqrt(moved),
        }


def test_an_epoch_agrees_with_a_float64_reference(small: MemoryConfig, train_here: Train) -> None:
    config = small.replace(cell="rnn", max_norm=0.3, epochs=1, learning_rate=3e-3)
    reference = _Reference(config)
    updates = [reference.update(i) for i in range(reference.schedule.updates)]
    sizes = [len(reference.schedule.batch(i)) for i in range(len(updates))]
    expected = {key: np.average([u[key] for u in updates], weights=sizes) for key in updates[0]}
    line = train_here(config).metrics().epochs[0]
    assert 0 < expected["clipped"] <= 1
    for key, value in expected.items():
        assert line.training[key] == pytest.approx(value, rel=2e-4), key


def test_validation_is_over_all_and_checks_over_the_first_2000(train_here: Train) -> None:
    config = MemoryConfig(length=20, data_size=11_000, batch_size=400, hidden_size=4, epochs=2)
    folder = train_here(config)
    checks, ends = (folder.metrics().points(f"{of}.accuracy") for of in ("check", "validation"))
    assert [update for update, _ in checks] == [25, 44]
    assert [update for update, _ in ends] == [22, 44]
    assert (checks[-1][1] * 2000) % 1 == pytest.approx(0, abs=1e-6)
    assert (ends[-1][1] * 2200) % 1 == pytest.approx(0, abs=1e-6)


def test_a_run_that_blows_up_is_recorded_as_diverged(
    small: MemoryConfig, train_here: Train
) -> None:
    config = small.replace(task="adding", length=6, learning_rate=1e30, max_norm=1e30)
    folder = train_here(config)
    record = folder.record()
    assert record is not None
    assert record.status == "diverged"
    assert "not finite at update" in record.message
    assert folder.metrics().lines[-1] == Diverged(record.updates)


def test_the_record_names_path_versions_and_machine(small: MemoryConfig, train_here: Train) -> None:
    record = train_here(small).record()
    assert record is not None
    assert record.compute_path["kernel"] == LSTM(1, 1).kernel
    assert record.compute_path["threads"] == 1
    assert record.compute_path["torch"] == str(torch.__version__)
    assert record.versions["assay"]
    assert record.machine["cores"]
    assert record.updates == 24


def test_double_softmax_is_cross_entropy_of_probabilities() -> None:
    logits = torch.randn(50, 10, dtype=torch.float64)
    targets = torch.arange(50) % 10
    p = np.exp(logits.numpy())
    p /= p.sum(1, keepdims=True)
    expected = [
        np.log(np.exp(row).sum()) - row[target] for row, target in zip(p, targets, strict=True)
    ]
    np.testing.assert_allclose(double_softmax(logits, targets).numpy(), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("max_norm", "clipped", "moved"), [(0.5, 1.0, 0.05), (1.9, 1.0, 0.19), (2.1, 0.0, 0.2)]
)
def test_what_is_clipped_is_counted(max_norm: float, clipped: float, moved: float) -> None:
    weight = nn.Parameter(torch.tensor([1.0]))

    def loss(batch: torch.Tensor) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        return 2 * weight.sum(), {}

    phase = Phase([weight], torch.optim.SGD([weight], lr=0.1), loss, max_norm=max_norm)
    recorded = take_step(phase, torch.arange(1))
    assert float(recorded["gradient_norm"]) == 2.0
    assert float(recorded["clipped"]) == clipped
    assert float(recorded["update_norm"]) == pytest.approx(moved, rel=1e-4)


def test_frozen_and_unused_weights_stay_as_they_are() -> None:
    torch.manual_seed(0)
    network = nn.ModuleDict(
        {"used": nn.Linear(3, 1), "frozen": nn.Linear(3, 1), "idle": nn.Linear(1, 1)}
    )
    network["frozen"].requires_grad_(False)
    before = {key: value.clone() for key, value in network.state_dict().items()}
    x = torch.randn(5, 3)

    def loss(batch: torch.Tensor) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        return (network["used"](x) + network["frozen"](x)).square().mean(), {}

    parameters = list(network.parameters())
    phase = Phase(parameters, torch.optim.SGD(parameters, lr=0.1), loss, max_norm=1.0)
    recorded = take_step(phase, torch.arange(5))
    changed = {
        key for key, value in network.state_dict().items() if not torch.equal(value, before[key])
    }
    assert changed == {"used.weight", "used.bias"}
    moved = torch.cat(
        [
            (network["used"].weight - before["used.weight"]).flatten(),
            network["used"].bias - before["used.bias"],
        ]
    )
    assert float(recorded["update_norm"]) == pytest.approx(float(moved.detach().norm()), rel=1e-5)
