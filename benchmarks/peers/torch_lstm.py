"""nn.LSTM in the usual PyTorch loop, with a DataLoader.

With `prepared` it has what assay has beside its kernel: one thread, the allocator's settings, and
strings that are in memory as one tensor.
"""

from collections.abc import Iterator
from typing import Any

import report_way
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from assay.kinds.job import prepare_process
from peers.serve import serve
from peers.strings import strings, tensors

Batches = Iterator[tuple[Tensor, Tensor]]


class Network(nn.Module):
    """An LSTM and a readout of its last step."""

    def __init__(self, hidden_size: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(1, hidden_size, batch_first=True)
        self.readout = nn.Linear(hidden_size, report_way.CLASSES)

    def forward(self, x_NTD: Tensor) -> Tensor:
        """Logits of the last step."""
        h_NTH, _ = self.lstm(x_NTD)
        logits: Tensor = self.readout(h_NTH[:, -1])
        return logits


class Loop:
    """The usual loop: loss and accuracy of every batch are read as they come."""

    path = "torch"

    def __init__(self, network: nn.Module, batches: Batches) -> None:
        self._network, self._batches = network, batches
        self._criterion = nn.CrossEntropyLoss()
        self._optimizer = torch.optim.RMSprop(network.parameters(), lr=report_way.LEARNING_RATE)
        # nn.LSTM keeps each bias twice, as a sum of two.
        self.parameters = sum(
            weights.numel() for name, weights in network.named_parameters() if "bias_hh" not in name
        )

    def train(self, updates: int) -> list[float]:
        """Make updates."""
        losses = []
        for _ in range(updates):
            inputs, labels = next(self._batches)
            loss, _ = report_way.update(
                self._network, self._criterion, self._optimizer, inputs, labels
            )
            losses.append(loss)
        return losses


def loaded(length: int) -> Batches:
    """Batches of a DataLoader, without end."""
    loader = DataLoader(
        strings(length), batch_size=report_way.BATCH_SIZE, shuffle=True, drop_last=True
    )
    while True:
        yield from loader


def in_memory(length: int) -> Batches:
    """Batches of tensors, without end."""
    inputs, labels = tensors(length)
    while True:
        for rows in torch.randperm(len(labels)).split(report_way.BATCH_SIZE):
            yield inputs[rows], labels[rows]


def build(setup: dict[str, Any]) -> Loop:
    torch.manual_seed(0)
    network = Network(setup["hidden_size"])
    if not setup.get("prepared"):
        return Loop(network, loaded(setup["length"]))
    prepare_process()
    return Loop(network, in_memory(setup["length"]))


if __name__ == "__main__":
    serve(build)
