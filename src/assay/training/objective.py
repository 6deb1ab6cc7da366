"""What the loop trains: an objective of one or more phases.

A supervised objective has one phase. An adversarial one has two, each with its own loss, backward
pass and optimizer. The loop knows neither tasks nor models.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn

Measures = dict[str, float | None]


@dataclass(frozen=True)
class Phase:
    """One backward pass of an update.

    Attributes:
        loss: from the indices of a batch, the scalar loss to minimise and diagnostics to record,
            0-d tensors that are means over the batch.
        max_norm: the gradient norm is clipped at this between backward and step; None: never.
        prefix: put before the names of what the phase records.
    """

    parameters: Sequence[nn.Parameter]
    optimizer: torch.optim.Optimizer
    loss: Callable[[Tensor], tuple[Tensor, dict[str, Tensor]]]
    max_norm: float | None = None
    prefix: str = ""


class Objective(Protocol):
    """Built networks, data and losses, ready to be trained."""

    @property
    def phases(self) -> Sequence[Phase]:
        """The phases of an update, in order."""

    @property
    def modules(self) -> Mapping[str, nn.Module]:
        """Everything with weights or buffers, by the name it has in a checkpoint."""

    @property
    def compute_path(self) -> str:
        """The kernel that does the work, as the run's record names it."""

    def check(self) -> Measures:
        """A quick look between epochs."""

    def evaluate(self) -> Measures:
        """The whole validation set."""


@dataclass(frozen=True)
class Probe:
    """A measurement at stated updates, which must leave weights and random streams as they were."""

    name: str
    updates: frozenset[int]
    measure: Callable[[], dict[str, Any]]
