"""Fréchet distance against torchmetrics and against an independent reference."""

import numpy as np
import pytest
import scipy.linalg
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torchmetrics.image.fid import FrechetInceptionDistance

from assay.metrics.kernel import kernel_distance
from assay.metrics.moments import Moments, frechet_distance


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


def moments(features: Tensor, batches: int = 1) -> Moments:
    found = Moments()
    for part in features.chunk(batches):
        found.update(part)
    return found


def test_frechet_agrees_with_torchmetrics() -> None:
    real, fake = sample(0, 600, 12), sample(1, 500, 12, 0.2)
    theirs = FrechetInceptionDistance(
        feature=Identity(12), normalize=True, input_img_size=(1, 3, 4)
    )
    theirs.update(real.view(-1, 1, 3, 4), real=True)
    theirs.update(fake.view(-1, 1, 3, 4), real=False)
    ours = frechet_distance(moments(real), moments(fake))
    assert ours == pytest.approx(float(theirs.compute()), rel=1e-3)


def test_frechet_is_the_formula_with_a_matrix_square_root() -> None:
    a, b = sample(4, 300, 6), sample(5, 200, 6, 0.5)
    first, second = (np.cov(x.double().numpy(), rowvar=False) for x in (a, b))
    shift = a.double().numpy().mean(0) - b.double().numpy().mean(0)
    root = scipy.linalg.sqrtm(first @ second).real
    expected = shift @ shift + np.trace(first + second - 2 * root)
    assert frechet_distance(moments(a), moments(b)) == pytest.approx(expected, rel=1e-9)


def test_frechet_of_a_singular_covariance_is_finite() -> None:
    flat = torch.zeros(50, 5)
    spread = sample(6, 50, 5)
    expected = float(spread.double().mean(0).square().sum() + torch.cov(spread.double().T).trace())
    assert frechet_distance(moments(flat), moments(spread)) == pytest.approx(expected, rel=1e-9)
    assert frechet_distance(moments(flat), moments(flat)) == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 60), st.integers(1, 7), st.integers(1, 9), st.integers(0, 99))
def test_moments_do_not_depend_on_the_batches(n: int, d: int, batches: int, seed: int) -> None:
    values = sample(seed, n, d) * 100
    found = moments(values, batches)
    assert found.count == n
    np.testing.assert_allclose(found.mean, values.double().numpy().mean(0), rtol=1e-10)
    expected = np.cov(values.double().numpy(), rowvar=False).reshape(d, d)
    np.testing.assert_allclose(found.covariance, expected, rtol=1e-7, atol=1e-7)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 99))
def test_frechet_is_symmetric_and_knows_no_rotation(seed: int) -> None:
    a, b = sample(seed, 80, 4), sample(seed + 100, 70, 4, 0.4)
    turn = torch.from_numpy(scipy.linalg.qr(np.random.default_rng(seed).normal(size=(4, 4)))[0])
    distance = frechet_distance(moments(a), moments(b))
    assert distance == pytest.approx(frechet_distance(moments(b), moments(a)), rel=1e-9)
    turned = frechet_distance(moments(a.double() @ turn), moments(b.double() @ turn))
    assert turned == pytest.approx(distance, rel=1e-8)


def test_one_sample_is_too_few() -> None:
    with pytest.raises(ValueError, match="2 samples"):
        frechet_distance(moments(torch.zeros(1, 3)), moments(torch.zeros(5, 3)))
    with pytest.raises(ValueError, match="2 samples"):
        kernel_distance(torch.zeros(1, 3), torch.zeros(5, 3))
