"""Neighbours, counted pair by pair in float64."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.metrics import neighbours
from assay.metrics.neighbours import nearest, neighbourhood, share_within


def cloud(seed: int, count: int, features: int = 3, shift: float = 0.0) -> torch.Tensor:
    return torch.randn(count, features, generator=torch.Generator().manual_seed(seed)) + shift


def distances(a: torch.Tensor, b: torch.Tensor) -> np.ndarray:
    x, y = a.double().numpy(), b.double().numpy()
    return np.array([[np.sqrt(((p - q) ** 2).sum()) for q in y] for p in x])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999), st.integers(8, 30), st.integers(8, 30), st.integers(1, 5))
def test_the_four_counts_are_those_of_their_definitions(seed: int, n: int, m: int, k: int) -> None:
    real, fake = cloud(seed, n), cloud(seed + 1, m, shift=0.7)
    between = distances(fake, real)
    real_radius = np.sort(distances(real, real), axis=1)[:, k]
    fake_radius = np.sort(distances(fake, fake), axis=1)[:, k]
    inside = between <= real_radius[None]
    found = neighbourhood(real, fake, k)
    assert found.precision == pytest.approx(inside.any(axis=1).mean())
    assert found.density == pytest.approx(inside.sum() / (k * m))
    assert found.coverage == pytest.approx(inside.any(axis=0).mean())
    assert found.recall == pytest.approx((fake_radius[None] >= between.T).any(axis=1).mean())


def test_equal_sets_cover_each_other_and_distant_ones_do_not() -> None:
    real = cloud(0, 40)
    same = neighbourhood(real, real)
    assert (same.precision, same.recall, same.coverage) == (1, 1, 1)
    apart = neighbourhood(real, cloud(1, 40, shift=100.0))
    assert (apart.precision, apart.recall, apart.density, apart.coverage) == (0, 0, 0, 0)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    real, fake = cloud(2, 33), cloud(3, 29, shift=0.5)
    whole = neighbourhood(real, fake)
    monkeypatch.setattr(neighbours, "DISTANCES", 200)
    assert neighbourhood(real, fake) == whole
    found, index = nearest(fake, real)
    expected = distances(fake, real)
    np.testing.assert_array_equal(index, expected.argmin(axis=1))
    np.testing.assert_allclose(found, expected.min(axis=1), rtol=1e-5)


def test_an_equal_image_is_at_distance_zero_also_far_from_the_origin() -> None:
    points = cloud(4, 20) + 1000
    found, index = nearest(points, points)
    assert found.tolist() == [0.0] * 20
    assert index.tolist() == list(range(20))


def test_an_image_is_not_its_own_neighbour() -> None:
    points = cloud(5, 25)
    found, index = nearest(points, points, exclude_same=True)
    expected = distances(points, points) + np.diag([np.inf] * 25)
    np.testing.assert_array_equal(index, expected.argmin(axis=1))
    np.testing.assert_allclose(found, expected.min(axis=1), rtol=1e-5)


def test_shares_and_too_few_points() -> None:
    assert share_within(torch.tensor([1.0, 2.0, 3.0, 4.0]), 2.0) == 0.5
    with pytest.raises(ValueError, match="more than 5 samples"):
        neighbourhood(cloud(6, 5), cloud(7, 9))
