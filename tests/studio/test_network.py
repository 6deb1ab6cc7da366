"""The forward pass of the page, held to PyTorch."""

from importlib.resources import files
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Page

from assay.models import SequenceModel
from assay.models.lstm import LSTM
from assay.models.rnn import RNN
from assay.studio.weights import packed_network
from assay.tasks.encoding import encode

SCRIPT = (files("assay.studio") / "page" / "network.js").read_text(encoding="utf-8")
RUN = """([packed, digits, hold]) =>
  forward(readNetwork(packed), digits, hold).map(step => step.logits)"""


def of_the_page(page: Page, packed: dict[str, Any], digits: list[int], hold: object) -> Any:
    page.goto("about:blank")
    page.add_script_tag(content=SCRIPT)
    return np.array(page.evaluate(RUN, [packed, digits, hold]))


@pytest.mark.parametrize("encoding", ["scalar", "one_hot"])
@pytest.mark.parametrize("cell", ["standard", "as_reported", "rnn"])
def test_every_step_is_that_of_pytorch(page: Page, cell: str, encoding: str) -> None:
    torch.manual_seed(3)
    size = 1 if encoding == "scalar" else 10
    made = RNN(size, 24) if cell == "rnn" else LSTM(size, 24, cell)  # type: ignore[arg-type]
    model = SequenceModel(made, 24, 10).eval()
    digits = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4]
    x_TND = encode(torch.tensor([digits], dtype=torch.uint8), encoding, 10)
    with torch.no_grad():
        expected = np.stack([model(x_TND[: t + 1])[0].numpy() for t in range(len(digits))])
    packed = {**packed_network(model), "cell": cell if cell == "rnn" else "lstm"}
    found = of_the_page(page, packed | {"encoding": encoding}, digits, {})
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_an_lstm_that_forgets_nothing_and_takes_nothing_in_stays_at_its_bias(page: Page) -> None:
    torch.manual_seed(4)
    model = SequenceModel(LSTM(1, 8), 8, 10).eval()
    packed = {**packed_network(model), "cell": "lstm", "encoding": "scalar"}
    bias = model.readout.bias.detach().numpy()
    found = of_the_page(page, packed, [1, 2, 3], {"clamps": {"i": 0, "f": 1}})
    np.testing.assert_allclose(found, np.tile(bias, (3, 1)), atol=1e-6)
    silent = of_the_page(page, packed, [1, 2, 3], {"silent": list(range(8))})
    np.testing.assert_allclose(silent, np.tile(bias, (3, 1)), atol=1e-6)
