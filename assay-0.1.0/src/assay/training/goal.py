"""When a training is over before its last update: once it is solved."""

import torch
from torch import Tensor, nn

PASSES = 2
"""A single check may pass by luck; consecutive ones are what "updates to 90 %" asks for too."""


class Goal(nn.Module):
    """An accuracy, reached once two consecutive checks are at it or above.

    It is a module so that the passes in a row so far are part of a checkpoint.

    Args:
        accuracy: on the fixed validation subset, in (0, 1].
    """

    passes: Tensor

    def __init__(self, accuracy: float) -> None:
        super().__init__()
        self._accuracy = accuracy
        self.register_buffer("passes", torch.zeros((), dtype=torch.int64))

    def see(self, accuracy: float | None) -> None:
        """Take in the accuracy of a check."""
        passed = accuracy is not None and accuracy >= self._accuracy
        self.passes.copy_(self.passes + 1 if passed else torch.zeros_like(self.passes))

    @property
    def reached(self) -> str:
        """In words that the goal is reached, or nothing while it is not."""
        if int(self.passes) < PASSES:
            return ""
        return f"solved: {PASSES} checks in a row at an accuracy of {self._accuracy:g} or more"
