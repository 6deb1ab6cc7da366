"""Ways through latent space."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.models.gan.latent import interpolate, noise


def ends(seed: int, rows: int = 2, latent_dim: int = 100) -> tuple[torch.Tensor, torch.Tensor]:
    return noise(seed, "latent", rows, latent_dim, 0), noise(seed, "latent", rows, latent_dim, 1)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 999), st.integers(1, 20))
def test_a_line_is_equation_12_with_both_ends(seed: int, steps: int) -> None:
    start, end = ends(seed)
    found = interpolate(start, end, steps).double().numpy()
    k = steps + 2
    assert found.shape == (2, k, 100)
    for i in range(1, k + 1):
        alpha = (i - 1) / (k - 1)
        expected = (1 - alpha) * start.double().numpy() + alpha * end.double().numpy()
        np.testing.assert_allclose(found[:, i - 1], expected, atol=1e-6)


def test_the_reports_equation_11_stops_at_eight_ninths() -> None:
    start, end = ends(3)
    found = interpolate(start, end, 7, "as_reported")
    assert found.shape[1] == 9
    torch.testing.assert_close(found[:, 0], start)
    torch.testing.assert_close(found[:, 8], start / 9 + end * 8 / 9)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 999))
def test_a_great_circle_keeps_norm_and_pace(seed: int) -> None:
    start, end = (z.double() for z in ends(seed))
    found = interpolate(start, end, 7, "spherical")
    torch.testing.assert_close(found[:, 0], start)
    torch.testing.assert_close(found[:, -1], end)
    norms = found.norm(dim=2)
    expected = torch.stack(
        [
            torch.linspace(float(a), float(b), 9, dtype=torch.float64)
            for a, b in zip(start.norm(dim=1), end.norm(dim=1), strict=True)
        ]
    )
    torch.testing.assert_close(norms, expected)
    units = found / norms[..., None]
    angles = torch.arccos((units[:, 1:] * units[:, :-1]).sum(dim=2).clamp(-1, 1))
    torch.testing.assert_close(angles, angles.mean(dim=1, keepdim=True).expand_as(angles))


def test_halfway_on_a_line_the_norm_is_about_seven_where_ten_is_drawn() -> None:
    start, end = ends(0, rows=400)
    assert float(start.norm(dim=1).mean()) == pytest.approx(10, rel=0.02)
    middle = interpolate(start, end, 7)[:, 4].norm(dim=1).mean()
    assert float(middle) == pytest.approx(50**0.5, rel=0.02)
    circle = interpolate(start, end, 7, "spherical")[:, 4].norm(dim=1).mean()
    assert float(circle) == pytest.approx(10, rel=0.02)


def test_a_circle_between_equal_and_opposite_ends_is_finite() -> None:
    z = noise(1, "latent", 1, 5)
    torch.testing.assert_close(interpolate(z, z, 3, "spherical"), z[:, None].expand(-1, 5, -1))
    assert bool(interpolate(z, -z, 3, "spherical").isfinite().all())


def test_noise_has_a_stream_of_its_own() -> None:
    torch.manual_seed(0)
    before = torch.get_rng_state()
    first = noise(7, "latent", 3, 10, 1)
    assert torch.equal(torch.get_rng_state(), before)
    torch.testing.assert_close(noise(7, "latent", 5, 10, 1)[:3], first)
    for other in (noise(8, "latent", 3, 10, 1), noise(7, "latent", 3, 10, 2)):
        assert not torch.equal(other, first)
    assert not torch.equal(noise(7, "evaluation", 3, 10, 1), first)
