"""Ends of a passage, on generators whose answers are known."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from assay.config import GanConfig
from assay.errors import ConfigError
from assay.inference.generator import Pictures
from assay.kinds.gan.trained import TrainedGenerator
from assay.metrics.extractor import digits
from assay.models.pixels import to_network
from assay.tasks.images import load_mnist


class Lookup(nn.Module):
    """A generator that knows real digits: the noise picks one."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("digits", torch.from_numpy(np.array(load_mnist().test.images)))

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        chosen = (z[:, 0].abs() * 1e4).long() % 10_000
        return to_network(self.digits[chosen])  # type: ignore[index]


def test_ends_are_chosen_by_digit() -> None:
    trained = TrainedGenerator(Lookup().eval(), GanConfig(), 0, load_mnist())
    pictures = Pictures(trained)
    images = torch.from_numpy(pictures.interpolate(7, "linear", 4, (0, 1), (3, 8)))
    assert images.shape == (4, 9, 1, 28, 28)
    for place, digit in ((0, 3), (8, 8)):
        assert (digits().probabilities(images[:, place]).argmax(dim=1) == digit).all()
    sevens = torch.from_numpy(pictures.sample(30, 5, 7))
    assert (digits().probabilities(sevens).argmax(dim=1) == 7).all()
    again = torch.from_numpy(pictures.sample(30, 5, 7))
    assert torch.equal(sevens, again)
    with pytest.raises(ConfigError, match="class 11: allowed are 0 to 9"):
        pictures.interpolate(7, "linear", 1, (0, 1), (11, 3))


class OnlyOnes(Lookup):
    """A generator that makes nothing but ones."""

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        one = int(np.flatnonzero(load_mnist().test.labels == 1)[0])
        return to_network(self.digits[[one] * len(z)])  # type: ignore[index]


def test_a_digit_that_is_never_made_is_told() -> None:
    pictures = Pictures(TrainedGenerator(OnlyOnes().eval(), GanConfig(), 0, load_mnist()))
    with pytest.raises(ConfigError, match="among 10,000 samples the classifier takes 0 for 4"):
        pictures.sample(3, 0, 4)
