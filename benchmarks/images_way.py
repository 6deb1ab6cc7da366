"""The usual way to train the report's GAN, as tutorials and course templates have it."""

import argparse
import json
import time

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from assay.models.gan import NETWORKS
from assay.tasks.images import load_mnist

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


def train(network: str, updates: int, beta1: float) -> float:
    """Seconds of so many updates."""
    pair = NETWORKS[network](LATENT_DIM, (1, 28, 28), 0)
    generator, discriminator = pair.generator, nn.Sequential(pair.discriminator, nn.Sigmoid())
    loader = DataLoader(Digits(), batch_size=BATCH_SIZE, shuffle=True)
    criterion = nn.BCELoss()
    optimizer_g = torch.optim.Adam(generator.parameters(), lr=2e-4, betas=(beta1, 0.999))
    optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=2e-4, betas=(beta1, 0.999))
    losses, done = [], 0
    start = time.perf_counter()
    while done < updates:
        for real, _ in loader:
            ones, zeros = torch.ones(len(real)), torch.zeros(len(real))
            optimizer_g.zero_grad()
            fake = generator(torch.randn(len(real), LATENT_DIM))
            loss_g = criterion(discriminator(fake), ones)
            loss_g.backward()
            optimizer_g.step()
            optimizer_d.zero_grad()
            on_real = criterion(discriminator(real), ones)
            on_fake = criterion(discriminator(fake.detach()), zeros)
            loss_d = (on_real + on_fake) / 2
            loss_d.backward()
            optimizer_d.step()
            losses.append((loss_g.item(), loss_d.item()))
            done += 1
            if done == updates:
                break
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", choices=list(NETWORKS), default="mlp")
    parser.add_argument("--updates", type=int, default=500)
    parser.add_argument("--warm-up", type=int, default=30)
    options = parser.parse_args()
    torch.manual_seed(0)
    beta1 = 0.9 if options.network == "mlp" else 0.5
    train(options.network, options.warm_up, beta1)
    seconds = train(options.network, options.updates, beta1)
    print(json.dumps({"seconds": seconds, "threads": torch.get_num_threads()}))


if __name__ == "__main__":
    main()
