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

PhaseLoss = Callable[[Tensor], tuple[Tensor, dict[str, Tensor]]]


@dataclass(frozen=True)
class Phase:
    """One backward pass of an update.

    Attributes:
        loss: from the indices of a batch, the scalar loss to minimise and diagnostics to record,
            0-d tensors that are means over the batch.
        max_norm: the gradient norm is clipped at this between backward and step; None: never.
        prefix: put before the names of what the phase records.
        measure_update: whether to record the norm of the update, which costs a copy of the weights.
        keep_graph: whether a later phase of the update goes back through this one's forward pass.
    """

    parameters: Sequence[nn.Parameter]
    optimizer: torch.optim.Optimizer
    loss: PhaseLoss
    max_norm: float | None = None
    prefix: str = ""
    measure_update: bool = True
    keep_graph: bool = False


class Objective(Protocol):
    """Built networks, data and losses, ready to be trained."""

    @property
    def phases(self) -> Sequence[Phase]:
        """The phases of an update, in order."""

    @property
    def modules(self) -> Mapping[str, nn.Module]:
        """Everything with weights or buffers, by the name it has in a checkpoint."""

    @property
    def data(self) -> Sequence[Tensor]:
        """What it trains on and is judged by; a checkpoint holds their hash."""

    @property
    def compute_path(self) -> str:
        """The kernel that does the work, as the run's record names it."""

    def after_update(self) -> None:
        """What follows the last phase of an update."""

    def check(self) -> Measures:
        """A quick look between epochs."""

    def alarms(self) -> Sequence[str]:
        """What went wrong since the check before the latest, in a sentence each."""

    @property
    def over(self) -> str:
        """Why the training is over before the schedule's last update; empty while it is not."""

    def evaluate(self) -> Measures:
        """The whole validation set."""


@dataclass(frozen=True)
class Probe:
    """A measurement at stated updates, which must leave weights and random streams as they were."""

    name: str
    updates: frozenset[int]
    measure: Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class Artifact:
    """A file at stated updates, kept in the run's folder as `name/UPDATE.suffix`.

    Its content must follow from the run's configuration alone; making it must leave weights and
    random streams as they were.
    """

    name: str
    updates: frozenset[int]
    suffix: str
    content: Callable[[], bytes]
