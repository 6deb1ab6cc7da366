"""Distances and pairs of an audit."""

import numpy as np
import pytest
import torch

from assay.figures.audit import audit_figure
from assay.figures.grid import tile
from assay.inference.audit import Space


def images(count: int, channels: int = 1, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, channels, 8, 8), dtype=np.uint8)


def test_an_audit_shows_distances_and_pairs() -> None:
    rng = torch.Generator().manual_seed(0)
    space = Space(
        torch.rand(60, generator=rng) + 1,
        torch.rand(80, generator=rng) + 0.5,
        torch.arange(25),
        torch.arange(25),
    )
    samples, partners = images(25), images(25, seed=1)
    figure = audit_figure(space, space, samples, partners)
    assert "gray levels of 255" in figure.axes[0].get_xlabel()
    drawn = [ax.images[0].get_array() for ax in figure.axes if ax.images]
    np.testing.assert_array_equal(drawn[0], tile(np.concatenate([samples[:13], partners[:13]]), 13))
    limits = [line for line in figure.axes[0].get_lines() if "1 %" in str(line.get_label())]
    assert limits[0].get_xdata()[0] == pytest.approx(space.limit)  # type: ignore[index]
