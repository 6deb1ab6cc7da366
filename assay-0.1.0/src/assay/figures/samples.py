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
    heights: list[float] = []
    for row in rows:
        heights += [_HEAD_INCHES] * (row[0] in heads) + [side + _TITLE_INCHES]
    with style():
        figure = Figure(figsize=(max(columns, 3 if heads else 1) * side, sum(heights)))
        grid = figure.add_gridspec(len(heights), columns, height_ratios=heights)
        place = 0
        for row in rows:
            if row[0] in heads:
                _name(figure.add_subplot(grid[place, :]), heads[row[0]])
                place += 1
            for column, number in enumerate(row):
                title, images = panels[number]
                ax = figure.add_subplot(grid[place, column])
                draw_images(ax, images, columns_for(len(images)))
                ax.set_title(title, fontsize=8.5)
            place += 1
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
                _name(right, heads[number], above=True)
        arrange(figure)
    return figure


def _name(ax: Axes, name: str, *, above: bool = False) -> None:
    """The name of a block, at the foot of axes of its own, or above those of its first images."""
    ax.set_axis_off()
    ax.annotate(
        name,
        (0, float(above)),
        xycoords="axes fraction",
        xytext=(0, 4.5),
        textcoords="offset points",
        fontweight="bold",
        annotation_clip=False,
    )
