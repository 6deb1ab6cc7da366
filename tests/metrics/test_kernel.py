"""Kernel distance against torchmetrics and against the sum over pairs."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torchmetrics.image.kid import KernelInceptionDistance

from assay.metrics import kernel
from assay.metrics.kernel import kernel_distance


class Identity(nn.Module):
    """Features that are the pixels themselves."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.num_features = features

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1)


def sample(seed: int, count: int, features: int, shift: float = 0.0) -> Tensor:
    """Correlated features with a mean that is large beside their spread."""
    generator = torch.Generator().manual_seed(seed)
    mix = torch.randn(features, features, generator=generator)
    return torch.randn(count, features, generator=generator) @ mix * 0.1 + 3 + shift


def test_kernel_distance_agrees_with_torchmetrics_on_one_subset_of_all() -> None:
    real, fake = sample(2, 400, 10) / 4, sample(3, 400, 10, 0.3) / 4
    theirs = KernelInceptionDistance(
        feature=Identity(10), subsets=1, subset_size=400, normalize=True
    ).set_dtype(torch.float64)
    theirs.update(real.double().view(-1, 1, 2, 5), real=True)
    theirs.update(fake.double().view(-1, 1, 2, 5), real=False)
    mean, _ = theirs.compute()
    assert kernel_distance(real, fake) == pytest.approx(float(mean), abs=1e-6)


def test_kernel_distance_is_the_sum_over_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "BLOCK", 3)
    x, y = sample(7, 7, 3).double().numpy(), sample(8, 5, 3).double().numpy()

    def k(a: np.ndarray, b: np.ndarray) -> float:
        return float((a @ b / 3 + 1) ** 3)

    within_x = np.mean([k(x[i], x[j]) for i in range(7) for j in range(7) if i != j])
    within_y = np.mean([k(y[i], y[j]) for i in range(5) for j in range(5) if i != j])
    across = np.mean([k(a, b) for a in x for b in y])
    found = kernel_distance(torch.from_numpy(x), torch.from_numpy(y))
    assert found == pytest.approx(within_x + within_y - 2 * across, rel=1e-9)
