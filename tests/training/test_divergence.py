"""A divergence is told at the update at which it was, whenever it is looked for."""

from collections.abc import Mapping, Sequence

import pytest
import torch
from torch import Tensor, nn

from assay.config import MemoryConfig
from assay.store import Store
from assay.store.log import Diverged
from assay.training import Phase, Schedule, train
from assay.training.objective import Measures

CHECK_EVERY = 5
EXAMPLES, BATCH = 32, 4
UPDATES = 16


class Failing:
    """An objective whose loss is not a number at one update, counted from 1."""

    compute_path = "none"
    over = ""

    def __init__(self, at: int) -> None:
        self.at, self.made = at, 0
        self.weight = nn.Linear(1, 1)
        optimizer = torch.optim.SGD(self.weight.parameters(), lr=0.0)
        self.phases: Sequence[Phase] = [Phase([*self.weight.parameters()], optimizer, self.loss)]
        self.modules: Mapping[str, nn.Module] = {"weight": self.weight}
        self.data: Sequence[Tensor] = []

    def loss(self, batch: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        value = self.weight(torch.ones(1, 1)).sum()
        if self.made + 1 == self.at:
            value = value * float("nan")
        return value, {}

    def after_update(self) -> None:
        self.made += 1

    def check(self) -> Measures:
        return {"accuracy": 0.0}

    def alarms(self) -> Sequence[str]:
        return ()

    def evaluate(self) -> Measures:
        return {"accuracy": 0.0}


@pytest.mark.parametrize("at", [1, 2, 4, 5, 6, 7, 8, 9, 15, 16])
def test_it_is_told_at_its_update(store: Store, at: int) -> None:
    """Looked for at checks, each 5 updates, and at the ends of epochs, each 8."""
    store.prepare()
    folder = store.create(MemoryConfig(updates=UPDATES))
    schedule = Schedule(EXAMPLES, BATCH, UPDATES, 0, CHECK_EVERY)
    ending = train(Failing(at), schedule, folder, [], lambda at: None, lambda: False, 1e9)
    assert (ending.status, ending.updates) == ("diverged", at)
    assert f"not finite at update {at}" in ending.message
    log = folder.metrics()
    assert log.lines[-1] == Diverged(at)
    assert log.diverged == at
