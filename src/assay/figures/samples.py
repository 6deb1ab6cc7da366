"""Generated images as figures: grids over a training, and rows from one image to another.

N: images, C, H, W: channels, height and width.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assay.figures.grid import Bytes, columns_for, tile
from assay.figures.style import WIDTH, arrange, style

PANELS_A_ROW = 4
_TITLE_INCHES = 0.28
_LABEL_SHARE = 0.16


def draw_images(ax: Axes, images_NCHW: Bytes, columns: int) -> None:
    """Draw images side by side, in rows of `columns`, one pixel a square."""
    sheet = tile(images_NCHW, columns)
    ax.imshow(sheet, cmap="gray", vmin=0, vmax=255, interpolation="none")
    ax.set_axis_off()


def samples_figure(panels: Sequence[tuple[str, Bytes]]) -> Figure:
    """Grids of samples, each under its title, at most four in a row."""
    rows = -(-len(panels) // PANELS_A_ROW)
    columns = min(len(panels), PANELS_A_ROW)
    side = WIDTH / PANELS_A_ROW
    with style():
        figure = Figure(figsize=(columns * side, rows * (side + _TITLE_INCHES)))
        axes = list(figure.subplots(rows, columns, squeeze=False).flat)
        for ax, (title, images) in zip(axes, panels, strict=False):
            draw_images(ax, images, columns_for(len(images)))
            ax.set_title(title, fontsize=8.5)
        for ax in axes[len(panels) :]:
            ax.set_axis_off()
        arrange(figure)
    return figure


def interpolation_figure(rows: Sequence[tuple[str, Bytes]]) -> Figure:
    """Rows of images from one noise to another, each with its label on the left."""
    points = len(rows[0][1])
    height = WIDTH * (1 - _LABEL_SHARE) / points
    with style():
        figure = Figure(figsize=(WIDTH, len(rows) * height + 0.1))
        axes = figure.subplots(
            len(rows), 2, squeeze=False, width_ratios=[_LABEL_SHARE, 1 - _LABEL_SHARE]
        )
        for (left, right), (label, images) in zip(axes, rows, strict=True):
            left.text(1, 0.5, label, ha="right", va="center", transform=left.transAxes)
            left.set_axis_off()
            draw_images(right, images, points)
        arrange(figure)
    return figure
