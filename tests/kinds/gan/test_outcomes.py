"""Outcomes of a generator that do not vary with the seed, held to draws."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import chdtr

from assay.config import GanConfig
from assay.kinds.gan.outcomes import OUTCOMES, chi_square_share
from assay.models.gan.latent import interpolate


@pytest.mark.parametrize("latent_dim", [20, 100])
@pytest.mark.parametrize(
    ("name", "path"), [("midpoint_norm", "linear"), ("spherical_midpoint_norm", "spherical")]
)
def test_what_is_computed_is_what_drawing_comes_to(name, path, latent_dim) -> None:
    noise = torch.randn(2, 20_000, latent_dim, generator=torch.Generator().manual_seed(0))
    middle = interpolate(noise[0], noise[1], 1, path)[:, 1]
    computed = OUTCOMES[name].computed
    assert computed is not None
    found = float(middle.norm(dim=1).mean() / noise.norm(dim=2).mean())
    assert computed(GanConfig(latent_dim=latent_dim)).value == pytest.approx(found, rel=0.01)


def test_the_chance_of_so_short_a_draw() -> None:
    computed = OUTCOMES["midpoint_norm"].computed
    assert computed is not None
    assert "of drawn noises of 100 dimensions 7e-06 are so short" in computed(GanConfig()).because
    noise = torch.randn(200_000, 5, generator=torch.Generator().manual_seed(1)).norm(dim=1)
    share = float((noise**2 < 2.5).float().mean())
    assert f"of 5 dimensions {share:.1g} are so short" in computed(GanConfig(latent_dim=5)).because


@given(st.integers(1, 2_000), st.floats(0.01, 1))
def test_the_share_of_a_chi_square_distribution_is_that_of_scipy(freedom, part) -> None:
    expected = chdtr(freedom, part * freedom)
    assert chi_square_share(freedom, part * freedom) == pytest.approx(expected, rel=1e-9, abs=0)
