"""The answer of a trained network to one string of digits."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from assay.config import MemoryConfig
from assay.errors import ConfigError
from assay.models import SequenceModel
from assay.tasks.encoding import encode


@dataclass(frozen=True)
class Prediction:
    """A predicted last digit.

    Attributes:
        digit: the most probable class.
        probabilities: of each class, in order.
        expected: the digit that completes the palindrome which the input begins; None if it begins
            none, or the run's task is another.
    """

    digit: int
    probabilities: list[float]
    expected: int | None


def predict(
    network: SequenceModel, config: MemoryConfig, symbols: int | None, steps: int, digits: str
) -> Prediction:
    """Feed the digits to the network and read its answer at the last step.

    `symbols` is how many symbols the run's sequences are made of, and `steps` how many of them the
    network was trained to read.

    Raises:
        ConfigError: if the input is not `steps` digits that the run's task has, or the run's task
            has no digits or no classes.
    """
    if symbols is None or config.task == "adding":
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
    probabilities = F.softmax(logits[0], dim=0)
    expected = palindrome_end(digits) if config.task == "palindrome" else None
    return Prediction(int(probabilities.argmax()), probabilities.tolist(), expected)


def palindrome_end(digits: str) -> int | None:
    """The last digit of the palindrome of one digit more that begins so, or None."""
    return int(digits[0]) if digits[1:] == digits[:0:-1] else None
