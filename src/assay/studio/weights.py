"""The weights of a recurrent network, for a forward pass in the browser.

H: hidden units, D: input features, K: outputs, G: gates.
"""

import base64
from typing import Any

import numpy as np
from torch import Tensor

from assay.consent import require
from assay.errors import ConfigError
from assay.kinds.memory.trained import load_trained
from assay.models import SequenceModel
from assay.models.cell import StackedCell
from assay.models.lstm import LSTM
from assay.models.rnn import RNN
from assay.plugins import code_of
from assay.store import RunFolder

_MOST_NUMBERS = 4_000_000


def weights_of(folder: RunFolder) -> dict[str, Any]:
    """A network's shape, what it reads and answers, and its weights as base64 of float32.

    Raises:
        ConfigError: if the browser has no forward pass of it: a cell other than LSTM and RNN, own
            code, inputs that are no symbols, or too many weights.
        CheckpointError: if it has none that can be read.
    """
    require(code_of([folder.config_here()]))
    trained = load_trained(folder)
    cell, config, data = trained.network.cell, trained.config, trained.data
    if not isinstance(cell, (LSTM, RNN)):
        raise ConfigError(
            f"run {folder.run_id}: the playground has LSTM and RNN, not {config.cell}"
        )
    if data.symbols is None:
        raise ConfigError(f"run {folder.run_id} reads numbers: the playground types symbols")
    if sum(each.numel() for each in trained.network.parameters()) > _MOST_NUMBERS:
        raise ConfigError(f"run {folder.run_id} has more weights than a page should hold")
    return {
        **packed_network(trained.network),
        "run": folder.run_id,
        "cell": config.cell,
        "encoding": config.encoding,
        "task": config.task,
        "symbols": data.symbols,
        "length": data.length,
        "classes": data.classes,
        "names": list(data.names),
    }


def packed_network(network: SequenceModel) -> dict[str, Any]:
    """The shape and the weights of a network whose cell is an LSTM or an RNN."""
    cell, readout = network.cell, network.readout
    assert isinstance(cell, StackedCell)
    return {
        "form": getattr(cell, "form", ""),
        "gates": list(cell.gates),
        "H": cell.hidden_size,
        "D": cell.input_size,
        "K": readout.out_features,
        "W_x": _packed(cell.W_x),
        "W_h": _packed(cell.W_h),
        "b": _packed(cell.b),
        "V": _packed(readout.weight),
        "a": _packed(readout.bias),
    }


def _packed(weights: Tensor) -> str:
    """Little-endian float32, row by row."""
    content = weights.detach().numpy().astype(np.dtype("<f4")).tobytes()
    return base64.b64encode(content).decode()
