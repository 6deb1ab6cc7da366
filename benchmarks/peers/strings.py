"""The palindromes that every peer trains on, in whole batches."""

import numpy as np
import torch
from numpy.typing import NDArray
from report_way import BATCH_SIZE, Palindromes
from torch import Tensor

BATCHES = 20
SHORT_BATCHES = 6  # there are no more than 1,000 strings of 5 digits


def training_strings(length: int, batch_size: int = BATCH_SIZE) -> int:
    """How many strings of so many digits train."""
    return batch_size * (BATCHES if length > 5 else SHORT_BATCHES)


def strings(length: int) -> Palindromes:
    return Palindromes(length, training_strings(length), seed=0)


def tensors(length: int) -> tuple[Tensor, Tensor]:
    """All strings at once: digits (N, T - 1, 1) and labels (N,)."""
    found = strings(length)
    inputs, labels = zip(*(found[index] for index in range(len(found))), strict=True)
    return torch.stack(inputs), torch.tensor(labels)


class Arrays:
    """The same as NumPy arrays, a batch at a time in an order that is drawn anew each epoch."""

    def __init__(self, length: int) -> None:
        self._inputs, self._labels = (found.numpy() for found in tensors(length))
        self._rng = np.random.default_rng(0)
        self._order: list[NDArray[np.int64]] = []

    def batch(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The next batch."""
        if not self._order:
            order = self._rng.permutation(len(self._labels))
            self._order = np.split(order, len(order) // BATCH_SIZE)
        rows = self._order.pop()
        return self._inputs[rows], self._labels[rows]
