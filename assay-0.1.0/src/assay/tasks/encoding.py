"""How sequences enter a network: batches of stored inputs as time-major float32 tensors.

T: time steps that enter the network (`SequenceData.length`), N: sequences of the batch, D: features
of a step.
"""

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from assay.errors import ConfigError
from assay.tasks.base import SequenceData


def encode(inputs: Tensor, encoding: str, symbols: int | None) -> Tensor:
    """A batch as the network reads it, contiguous and step after step.

    Args:
        inputs: (N, T) uint8 symbols, or (N, T, D) float32 continuous values.
        encoding: `scalar`, the symbol's number as one feature, or `one_hot`, a feature a symbol.
            Continuous inputs pass as they are under `scalar`.
        symbols: size of the alphabet; None for continuous inputs.

    Returns:
        x_TND float32, with D = 1 (scalar), `symbols` (one_hot) or that of continuous inputs.

    Raises:
        ConfigError: if `encoding` is unknown, or `one_hot` of continuous inputs.
    """
    _check(encoding, symbols)
    x_TN = inputs.transpose(0, 1)
    if symbols is None:
        return x_TN.contiguous()
    if encoding == "scalar":
        return x_TN.unsqueeze(2).to(torch.float32, memory_format=torch.contiguous_format)
    # Looking rows up in an identity matrix takes half the time of F.one_hot or scatter_.
    return F.embedding(x_TN.int(), _identity(symbols))


def input_size(data: SequenceData, encoding: str) -> int:
    """Features D of a step of `data` once encoded.

    Raises:
        ConfigError: as `encode`.
    """
    _check(encoding, data.symbols)
    if data.symbols is None:
        return int(data.inputs.shape[2])
    return 1 if encoding == "scalar" else data.symbols


def _check(encoding: str, symbols: int | None) -> None:
    if encoding not in ("scalar", "one_hot"):
        raise ConfigError(f"encoding = {encoding!r}: allowed are 'scalar' and 'one_hot'")
    if encoding == "one_hot" and symbols is None:
        raise ConfigError(
            "encoding = 'one_hot' is for symbols, and this task's inputs are continuous: "
            "allowed is 'scalar'"
        )


@cache
def _identity(symbols: int) -> Tensor:
    return torch.eye(symbols, dtype=torch.float32)
