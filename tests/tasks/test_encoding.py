import numpy as np
import pytest
import torch

from assay.errors import ConfigError
from assay.tasks.base import SequenceData
from assay.tasks.encoding import encode, input_size

SYMBOLS = torch.tensor([[3, 0, 1], [2, 2, 4]], dtype=torch.uint8)


def test_scalar_is_the_value_of_the_symbol():
    x_TND = encode(SYMBOLS, "scalar", 5)
    assert x_TND.tolist() == [[[3.0], [2.0]], [[0.0], [2.0]], [[1.0], [4.0]]]
    assert x_TND.dtype == torch.float32
    assert x_TND.is_contiguous()


@pytest.mark.parametrize("symbols", [5, 10, 256])
def test_one_hot_is_one_at_the_symbol(symbols):
    x_TND = encode(SYMBOLS, "one_hot", symbols)
    assert x_TND.shape == (3, 2, symbols)
    assert x_TND.dtype == torch.float32
    assert x_TND.is_contiguous()
    assert (x_TND.sum(dim=2) == 1).all()
    assert torch.equal(x_TND.argmax(dim=2), SYMBOLS.T.long())


def test_the_largest_symbol():
    inputs = torch.tensor([[255], [0]], dtype=torch.uint8)
    assert encode(inputs, "scalar", 256).ravel().tolist() == [255.0, 0.0]
    assert encode(inputs, "one_hot", 256)[0, 0, 255] == 1


def test_continuous_inputs_pass_as_they_are():
    inputs = torch.rand(4, 7, 2)
    x_TND = encode(inputs, "scalar", None)
    assert torch.equal(x_TND, inputs.transpose(0, 1))
    assert x_TND.is_contiguous()


def test_batches_do_not_share_memory():
    first = encode(SYMBOLS, "one_hot", 5)
    first.zero_()
    assert encode(SYMBOLS, "one_hot", 5).sum() == 6


def test_training_after_a_first_use_in_inference_mode():
    with torch.inference_mode():
        encode(SYMBOLS, "one_hot", 7)
    weight = torch.ones(7, requires_grad=True)
    (encode(SYMBOLS, "one_hot", 7) @ weight).sum().backward()
    assert weight.grad is not None
    assert weight.grad.tolist() == [1, 1, 2, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("encoding", "symbols", "message"),
    [
        ("one_hot", None, "encoding = 'one_hot'.*allowed is 'scalar'"),
        ("binary", 5, "encoding = 'binary': allowed are 'scalar' and 'one_hot'"),
    ],
)
def test_an_encoding_that_does_not_fit_is_refused(encoding, symbols, message):
    inputs = SYMBOLS if symbols else torch.rand(2, 3, 1)
    form = SYMBOLS.numpy() if symbols else np.zeros((2, 3, 1), np.float32)
    data = SequenceData(form, np.array([0, 1]), symbols, 2)
    with pytest.raises(ConfigError, match=message):
        encode(inputs, encoding, symbols)
    with pytest.raises(ConfigError, match=message):
        input_size(data, encoding)
