"""The usual way to train the report's GAN, as tutorials and course templates have it.

An image at a time from PIL to a normalised tensor, a DataLoader, BCELoss after a sigmoid, default
Adam, and `.item()` for the losses. With `compiled`, both networks go through torch.compile.
"""

import shutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from assay.models.gan import NETWORKS
from assay.models.native_linear import Layers, Linear
from assay.tasks.images import load_mnist
from peers.serve import serve

BATCH_SIZE = 64
LATENT_DIM = 100


class Digits(Dataset[tuple[Tensor, int]]):
    """One image at a time: PIL, tensor in [0, 1], normalised to [-1, 1]."""

    def __init__(self) -> None:
        train = load_mnist().train
        self.images: NDArray[np.uint8] = np.array(train.images[:, 0])
        self.labels = train.labels

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        picture = Image.fromarray(self.images[index])
        pixels = torch.from_numpy(np.array(picture, dtype=np.uint8, copy=True))[None]
        tensor = pixels.to(torch.get_default_dtype()).div(255)
        assert self.labels is not None
        return tensor.sub_(0.5).div_(0.5), int(self.labels[index])


class Loop:
    """The usual loop."""

    path = "torch"

    def __init__(self, generator: nn.Module, discriminator: nn.Module, beta1: float) -> None:
        self._generator, self._discriminator = generator, discriminator
        self._criterion = nn.BCELoss()
        self._optimizers = [
            torch.optim.Adam(network.parameters(), lr=2e-4, betas=(beta1, 0.999))
            for network in (generator, discriminator)
        ]
        self.parameters = sum(
            weights.numel()
            for network in (generator, discriminator)
            for weights in network.parameters()
        )
        self._batches = _batches()

    def train(self, updates: int) -> list[float]:
        """Make updates; the generator's losses."""
        return [self._update(next(self._batches)) for _ in range(updates)]

    def _update(self, real: Tensor) -> float:
        optimizer_g, optimizer_d = self._optimizers
        ones, zeros = torch.ones(len(real)), torch.zeros(len(real))
        optimizer_g.zero_grad()
        fake = self._generator(torch.randn(len(real), LATENT_DIM))
        loss_g = self._criterion(self._discriminator(fake), ones)
        loss_g.backward()
        optimizer_g.step()
        optimizer_d.zero_grad()
        on_real = self._criterion(self._discriminator(real), ones)
        on_fake = self._criterion(self._discriminator(fake.detach()), zeros)
        loss_d = (on_real + on_fake) / 2
        loss_d.backward()
        optimizer_d.step()
        _ = loss_d.item()  # a loop shows both
        return loss_g.item()


def _batches() -> Iterator[Tensor]:
    loader = DataLoader(Digits(), batch_size=BATCH_SIZE, shuffle=True, drop_last=True)
    while True:
        for images, _ in loader:
            yield images


def _of_torch(network: nn.Module) -> nn.Module:
    """The same network of PyTorch's own layers: a peer has no part in assay's kernel."""
    layer: Any
    for layer in network.modules():
        if isinstance(layer, Linear):
            layer.__class__ = nn.Linear
        elif isinstance(layer, Layers):
            layer.__class__ = nn.Sequential
    return network


def build(setup: dict[str, Any]) -> Loop:
    torch.manual_seed(0)
    pair = NETWORKS[setup["network"]](LATENT_DIM, (1, 28, 28), 0)
    generator: Any = _of_torch(pair.generator)
    discriminator: Any = nn.Sequential(_of_torch(pair.discriminator), nn.Sigmoid())
    if setup.get("compiled"):
        if not any(shutil.which(name) for name in ("g++", "clang++", "c++")):
            raise FileNotFoundError("torch.compile needs a C++ compiler, and there is none")
        generator, discriminator = torch.compile(generator), torch.compile(discriminator)
    return Loop(generator, discriminator, setup["beta1"])


if __name__ == "__main__":
    serve(build)
