"""Recurrent networks: cells of one step each, unrolled over a sequence and read out at its end."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from assay import streams
from assay.config import MemoryConfig
from assay.config.cells import CELL_OPTIONS, options_of_cell
from assay.models.cell import StackedCell, State
from assay.models.gru import GRU
from assay.models.initialisation import initialise, initialise_readout
from assay.models.lru import LRU
from assay.models.lstm import LSTM
from assay.models.mingru import MinGRU
from assay.models.mlstm import MLSTM
from assay.models.own import check_cell, own_cell
from assay.models.rnn import RNN
from assay.models.sequence import SequenceModel, kernel_name

__all__ = [
    "CELLS",
    "GRU",
    "LRU",
    "LSTM",
    "MLSTM",
    "RNN",
    "MinGRU",
    "SequenceModel",
    "State",
    "build",
    "check_cell",
    "kernel_name",
]

CELLS: dict[str, Callable[..., nn.Module]] = {
    "rnn": RNN,
    "lstm": LSTM,
    "gru": GRU,
    "mingru": MinGRU,
    "lru": LRU,
    "mlstm": MLSTM,
}
"""The built-in cells, each called as `Cell(input_size, hidden_size, **options)`."""


def build(
    config: MemoryConfig, input_size: int, outputs: int, steps: int | None = None
) -> SequenceModel:
    """The initialised network of a configuration; the global generator is left as it was.

    Args:
        config: names cell, sizes, initialisation and seed.
        input_size: features D of a step.
        outputs: classes K, or 1 for a number.
        steps: steps that enter the network, for `chrono`; `config.length` - 1 if not given, which
            holds for palindromes.

    Raises:
        PluginError: if an own cell cannot be loaded or built, or does not fit the contract.
        ConfigError: if its options have names that are taken, or `precision` is bfloat16 and the
            native kernel is not there.
    """
    generator = torch.Generator().manual_seed(streams.torch_seed(config.seed, "initialisation"))
    with torch.random.fork_rng(devices=[]):
        # Own constructors draw from the global generator, and from a stream of their own: with that
        # of `generator`, cell and readout would hold the same numbers.
        torch.manual_seed(streams.torch_seed(config.seed, "initialisation", 1))
        cell = _cell(config, input_size, steps or config.length - 1, generator)
        model = SequenceModel(cell, config.hidden_size, outputs)
    initialise_readout(model.readout, generator)
    return model


def _cell(
    config: MemoryConfig, input_size: int, steps: int, generator: torch.Generator
) -> nn.Module:
    if config.cell not in CELLS:
        return own_cell(config, input_size)
    options: dict[str, Any] = {}
    if config.cell == "lstm":
        options = {"form": config.lstm_form, "precision": config.precision}
    if config.cell in CELL_OPTIONS:
        given = config.cell_options, config.hidden_size
        options = options_of_cell(config.cell, *given).model_dump()
    cell = CELLS[config.cell](input_size, config.hidden_size, **options)
    if isinstance(cell, StackedCell):
        initialise(cell, config.initialisation, steps, generator)
    return cell
