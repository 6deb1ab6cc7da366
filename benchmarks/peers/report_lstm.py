"""The report's way: eight nn.Linear and a Python loop over time, in the usual PyTorch loop."""

from typing import Any

import report_way
import torch

from peers.serve import serve
from peers.torch_lstm import Loop, loaded


def build(setup: dict[str, Any]) -> Loop:
    torch.manual_seed(0)
    network = report_way.LSTM(as_reported=False, hidden_size=setup["hidden_size"])
    return Loop(network, loaded(setup["length"]))


if __name__ == "__main__":
    serve(build)
