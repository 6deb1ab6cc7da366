"""The supervised objective: one network, one loss, one phase."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from assay.config.training import CHECK_EXAMPLES
from assay.models.average import average_into
from assay.training.goal import Goal
from assay.training.objective import Measures, Phase

# Larger batches fall out of the cache: 250 at a time evaluate a third faster than 2,000.
EVALUATION_BATCH = 250

OptimizerName = Literal["rmsprop", "adam"]


@dataclass(frozen=True)
class Loss:
    """A per-sample loss (N,) and the share of samples that count as right, from outputs (N, K)."""

    per_sample: Callable[[Tensor, Tensor], Tensor]
    right: Callable[[Tensor, Tensor], Tensor]


def cross_entropy(logits_NK: Tensor, targets_N: Tensor) -> Tensor:
    """Softmax cross-entropy, the report's equations 8 and 9: (N,) in nats."""
    return F.cross_entropy(logits_NK, targets_N, reduction="none")


def double_softmax(logits_NK: Tensor, targets_N: Tensor) -> Tensor:
    """Softmax outputs fed to a loss that applies softmax again: (N,), never below about 1.46."""
    return F.cross_entropy(F.softmax(logits_NK, dim=1), targets_N, reduction="none")


def squared_error(outputs_N1: Tensor, targets_N: Tensor) -> Tensor:
    """Squared error of a single output: (N,)."""
    return (outputs_N1.squeeze(1) - targets_N) ** 2


@dataclass(frozen=True)
class Examples:
    """Inputs as they are stored, (N, L) symbols or (N, L, D) numbers, and targets (N,)."""

    inputs: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)


@dataclass(frozen=True)
class Average:
    """A copy of a network that follows it as a running average of this decay."""

    network: nn.Module
    decay: float


class Supervised:
    """Minimise the mean loss of a network over the training examples.

    Args:
        encode: from stored inputs to what the network takes.
        loss: per-sample loss and criterion of a right answer.
        average: if given, what is evaluated, and what comes out of the training.
        goal: if given, the training is over once a check has reached it.
    """

    def __init__(
        self,
        network: nn.Module,
        training: Examples,
        validation: Examples,
        encode: Callable[[Tensor], Tensor],
        loss: Loss,
        optimizer: OptimizerName,
        learning_rate: float,
        max_norm: float | None,
        compute_path: str,
        average: Average | None = None,
        goal: Goal | None = None,
    ) -> None:
        self._network, self._loss, self._encode = network, loss, encode
        self._average, self._goal = average, goal
        self._training, self._validation = training, validation
        self._compute_path = compute_path
        parameters = list(network.parameters())
        self._phase = Phase(
            parameters,
            make_optimizer(optimizer, parameters, learning_rate),
            self.batch_loss,
            max_norm,
        )

    @property
    def phases(self) -> Sequence[Phase]:
        """The one phase."""
        return (self._phase,)

    @property
    def modules(self) -> Mapping[str, nn.Module]:
        """The network, and its average and the goal if there are any."""
        average = {} if self._average is None else {"average": self._average.network}
        goal = {} if self._goal is None else {"goal": self._goal}
        return {"network": self._network, **average, **goal}

    @property
    def data(self) -> Sequence[Tensor]:
        """Training and validation examples."""
        parts = (self._training, self._validation)
        return [tensor for part in parts for tensor in (part.inputs, part.targets)]

    @property
    def compute_path(self) -> str:
        """The network's kernel."""
        return self._compute_path

    def batch_loss(self, batch: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """Mean loss over the training examples at the indices `batch`, and the share right."""
        targets = self._training.targets[batch]
        outputs = self._network(self._encode(self._training.inputs[batch]))
        loss = self._loss.per_sample(outputs, targets).mean()
        right = self._loss.right(outputs.detach(), targets).float().mean()
        return loss, {"accuracy": right}

    def after_update(self) -> None:
        """Move the running average."""
        if self._average is not None:
            average_into(self._average.network, self._network, self._average.decay)

    def check(self) -> Measures:
        """Accuracy on the first 2,000 validation examples."""
        accuracy = self._measured(CHECK_EXAMPLES)["accuracy"]
        if self._goal is not None:
            self._goal.see(accuracy)
        return {"accuracy": accuracy}

    def alarms(self) -> Sequence[str]:
        """None."""
        return ()

    @property
    def over(self) -> str:
        """Whether the goal is reached."""
        return "" if self._goal is None else self._goal.reached

    def evaluate(self) -> Measures:
        """Loss and accuracy on all validation examples."""
        return self._measured(len(self._validation))

    def _measured(self, count: int) -> Measures:
        examples = self._validation
        count = min(count, len(examples))
        total = torch.zeros(2, dtype=torch.float64)
        network = self._network if self._average is None else self._average.network
        network.eval()
        with torch.no_grad():
            for start in range(0, count, EVALUATION_BATCH):
                part = slice(start, min(start + EVALUATION_BATCH, count))
                targets = examples.targets[part]
                outputs = network(self._encode(examples.inputs[part]))
                losses = self._loss.per_sample(outputs, targets).double().sum()
                total += torch.stack([losses, self._loss.right(outputs, targets).sum().double()])
        network.train(network is self._network)
        loss, right = (total / count).tolist()
        return {"loss": loss if math.isfinite(loss) else None, "accuracy": right}


def make_optimizer(
    name: OptimizerName, parameters: list[nn.Parameter], learning_rate: float
) -> torch.optim.Optimizer:
    """RMSprop or Adam with PyTorch's defaults beside the learning rate."""
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=learning_rate, foreach=True)
    return torch.optim.Adam(parameters, lr=learning_rate, fused=True)
