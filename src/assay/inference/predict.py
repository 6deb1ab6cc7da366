"""The answer of a trained network to one string of digits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from assay.config import MemoryConfig
from assay.errors import ConfigError
from assay.tasks.encoding import encode


class Asked(Protocol):
    """What a network reads and answers, as its sequences have it (`assay.tasks.SequenceData`)."""

    @property
    def symbols(self) -> int | None:
        """Size of the alphabet; None for continuous inputs."""

    @property
    def length(self) -> int:
        """Steps."""

    @property
    def classes(self) -> int | None:
        """Number of classes; None for a number."""

    @property
    def names(self) -> tuple[str, ...]:
        """The classes' names; empty where they are the numbers."""


@dataclass(frozen=True)
class Prediction:
    """A predicted class, or number.

    Attributes:
        digit: the number of the most probable class, which is a digit where the task is of digits;
            None of a run that was trained on numbers.
        name: what that class is called.
        names: what each class is called, in order.
        probabilities: of each class, in order.
        value: the predicted number, of a run that was trained on numbers.
        expected: the digit that completes the palindrome which the input begins; None if it begins
            none, or the run's task is another.
    """

    digit: int | None
    name: str | None
    names: list[str]
    probabilities: list[float]
    value: float | None
    expected: int | None


def predict(
    network: Callable[[Tensor], Tensor], config: MemoryConfig, data: Asked, digits: str
) -> Prediction:
    """Feed the digits to the network and read its answer at the last step.

    `data` says what it reads and answers: the sequences that it was trained on, say.

    Raises:
        ConfigError: if the input is not as many digits as the run's task has, or the task has none.
    """
    symbols, steps = data.symbols, data.length
    if symbols is None:
        raise ConfigError(
            f"run {config.run_id} was trained on {config.task}: predict reads strings of digits"
        )
    highest = min(symbols, 10) - 1
    if not digits.isascii() or not digits.isdigit() or max(map(int, digits)) > highest:
        raise ConfigError(f"DIGITS = {digits!r}: should be digits from 0 to {highest} only")
    if len(digits) != steps:
        raise ConfigError(
            f"DIGITS = {digits!r} has {len(digits)} digits: run {config.run_id} reads {steps}"
            + (f", the first {steps} of {steps + 1}" if config.task == "palindrome" else "")
        )
    inputs = torch.tensor([[int(digit) for digit in digits]], dtype=torch.uint8)
    with torch.no_grad():
        logits: Tensor = network(encode(inputs, config.encoding, symbols))
    if data.classes is None:
        return Prediction(None, None, [], [], float(logits[0, 0]), None)
    probabilities = F.softmax(logits[0], dim=0)
    best = int(probabilities.argmax())
    names = list(data.names) or [str(number) for number in range(data.classes)]
    expected = palindrome_end(digits) if config.task == "palindrome" else None
    return Prediction(best, names[best], names, probabilities.tolist(), None, expected)


def palindrome_end(digits: str) -> int | None:
    """The last digit of the palindrome of one digit more that begins so, or None."""
    return int(digits[0]) if digits[1:] == digits[:0:-1] else None
