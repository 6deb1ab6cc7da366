"""Forward and backward of an LSTM's kernel alone, on one thread: torch.lstm's, or assay's."""

from typing import Any

import torch
from report_way import BATCH_SIZE
from torch import nn

from assay import models
from assay.config import load_config
from assay.kinds.job import prepare_process
from peers.serve import serve


class Kernel:
    """All steps of a sequence and back from its last state; there is no loss."""

    def __init__(self, cell: nn.Module, path: str, length: int, hidden_size: int) -> None:
        self._cell, self.path = cell, path
        self.parameters = sum(weights.numel() for weights in cell.parameters())
        self._x_TND = torch.rand(length - 1, BATCH_SIZE, 1)
        self._state = tuple(torch.zeros(BATCH_SIZE, hidden_size) for _ in range(2))
        self._gradient_NH = torch.rand(BATCH_SIZE, hidden_size)

    def train(self, updates: int) -> list[float]:
        """Go there and back; weights stay as they are."""
        for _ in range(updates):
            for weights in self._cell.parameters():
                weights.grad = None
            if isinstance(self._cell, nn.LSTM):
                _, (h_1NH, _) = self._cell(self._x_TND)
                h_1NH[0].backward(self._gradient_NH)
            else:
                _, (h_NH, _) = self._cell.unroll(self._x_TND, self._state)
                h_NH.backward(self._gradient_NH)
        return []


def build(setup: dict[str, Any]) -> Kernel:
    prepare_process()
    torch.manual_seed(0)
    length, hidden_size = setup["length"], setup["hidden_size"]
    if setup["kernel"] == "torch":
        return Kernel(nn.LSTM(1, hidden_size), "torch.lstm", length, hidden_size)
    config = load_config(setup["config"], "the benchmark")
    network = models.build(config, input_size=1, outputs=10)
    return Kernel(network.cell, models.kernel_name(network), length, hidden_size)


if __name__ == "__main__":
    serve(build)
