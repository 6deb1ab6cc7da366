"""Whether samples repeat training images: distances, and the closest pairs."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assay.figures.grid import Bytes
from assay.figures.samples import draw_images
from assay.figures.style import BLUE, INK, VERMILLION, WIDTH, arrange, style
from assay.inference.audit import Space

PAIRS_A_ROW = 13


def draw_distances(ax: Axes, space: Space, unit: str) -> None:
    """Draw the distributions of both distances, and the limit below which counts as a copy."""
    both = np.concatenate([space.samples.numpy(), space.test.numpy()])
    edges = np.linspace(0, both.max() * 1.02, 60)
    for values, colour, line, name in (
        (space.test, VERMILLION, "--", "unseen real images"),
        (space.samples, BLUE, "-", "samples"),
    ):
        shares = np.full(len(values), 100 / len(values))
        ax.hist(
            values.numpy(),
            edges.tolist(),
            weights=shares,
            histtype="step",
            color=colour,
            linestyle=line,
            lw=1.6,
            label=name,
        )
    ax.axvline(space.limit, color=INK, lw=0.9, linestyle=(0, (1, 2)), label="1 % of unseen nearer")
    ax.set_xlabel(f"distance to the nearest training image\n[{unit}]")
    ax.set_ylabel("images [%]")


def audit_figure(pixels: Space, features: Space, samples: Bytes, training: Bytes) -> Figure:
    """Both distributions, and below them the closest samples over their training images.

    `samples` and `training` are the 25 closest pairs in pixels, (25, C, H, W) each.
    """
    rows = -(-len(samples) // PAIRS_A_ROW)
    with style():
        figure = Figure(figsize=(WIDTH, 2.5 + 1.35 * rows))
        grid = figure.add_gridspec(1 + rows, 2, height_ratios=[2.3, *[1.25] * rows])
        left, right = (figure.add_subplot(grid[0, column]) for column in (0, 1))
        draw_distances(left, pixels, "root mean square of pixels, gray levels of 255")
        draw_distances(right, features, "feature distance")
        right.legend(loc="best", fontsize=7.5)
        for row in range(rows):
            ax = figure.add_subplot(grid[1 + row, :])
            part = slice(row * PAIRS_A_ROW, (row + 1) * PAIRS_A_ROW)
            columns = len(samples[part])
            draw_images(ax, np.concatenate([samples[part], training[part]]), columns)
            ax.set_anchor("W")
            ax.set_title(
                "closest samples, over their nearest training images" if not row else "",
                fontsize=8.5,
            )
        arrange(figure)
    return figure
