"""Generated images as figures: grids over a training, and rows from one image to another.

N: images, C, H, W: channels, height and width.
"""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assay.figures.grid import Bytes, columns_for, tile
from assay.figures.style import WIDTH, arrange, style

PANELS_A_ROW = 4
_TITLE_INCHES = 0.28
_HEAD_INCHES = 0.3
_HEAD_POINTS = 18
_LABEL_SHARE = 0.16


def draw_images(ax: Axes, images_NCHW: Bytes, columns: int) -> None:
    """Draw images side by side, in rows of `columns`, one pixel a square."""
    sheet = tile(images_NCHW, columns)
    ax.imshow(sheet, cmap="gray", vmin=0, vmax=255, interpolation="none")
    ax.set_axis_off()


def samples_figure(
    panels: Sequence[tuple[str, Bytes]], heads: Mapping[int, str] | None = None
) -> Figure:
    """Grids of samples, each under its title, at most four in a row.

    `heads` are the names of blocks, by the number of the panel that each begins with.
    """
    heads = heads or {}
    rows: list[list[int]] = []
    for number in range(len(panels)):
        if not rows or number in heads or len(rows[-1]) == PANELS_A_ROW:
            rows.append([])
        rows[-1].append(number)
    columns = max(map(len, rows))
    side = WIDTH / PANELS_A_ROW
    height = len(rows) * (side + _TITLE_INCHES) + len(heads) * _HEAD_INCHES
    with style():
        figure = Figure(figsize=(max(columns, 2 if heads else 1) * side, height))
        axes = figure.subplots(len(rows), columns, squeeze=False)
        for row, numbers in enumerate(rows):
            for ax, number in zip(axes[row], numbers, strict=False):
                title, images = panels[number]
                draw_images(ax, images, columns_for(len(images)))
                ax.set_title(title, fontsize=8.5)
                if number in heads:
                    _head(ax, heads[number], _HEAD_POINTS)
            for ax in axes[row][len(numbers) :]:
                ax.set_axis_off()
        arrange(figure)
    return figure


def interpolation_figure(
    rows: Sequence[tuple[str, Bytes]], heads: Mapping[int, str] | None = None
) -> Figure:
    """Rows of images from one noise to another, each with its label on the left.

    `heads` are the names of blocks, by the number of the row that each begins with.
    """
    heads = heads or {}
    points = len(rows[0][1])
    height = WIDTH * (1 - _LABEL_SHARE) / points
    with style():
        figure = Figure(figsize=(WIDTH, len(rows) * height + len(heads) * _HEAD_INCHES + 0.1))
        axes = figure.subplots(
            len(rows), 2, squeeze=False, width_ratios=[_LABEL_SHARE, 1 - _LABEL_SHARE]
        )
        for number, ((left, right), (label, images)) in enumerate(zip(axes, rows, strict=True)):
            left.text(1, 0.5, label, ha="right", va="center", transform=left.transAxes)
            left.set_axis_off()
            draw_images(right, images, points)
            if number in heads:
                _head(right, heads[number], _HEAD_POINTS / 4)
        arrange(figure)
    return figure


def _head(ax: Axes, name: str, points: float) -> None:
    """The name of a block above its first images, `points` above them."""
    ax.annotate(
        name,
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, points),
        textcoords="offset points",
        fontweight="bold",
        annotation_clip=False,
    )
