"""Memory horizons: up to which length each cell is solved, with what share of its runs."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from assay.claims.evidence import ArmRuns
from assay.claims.horizon import Horizon, horizons
from assay.figures.labels import horizon_label, settings
from assay.figures.style import INK, WIDTH, Look, arrange, look, style

ROW_HEIGHT = 0.42
# Of a row, whose middle is at a whole number: the dot above, the boxes of the lengths below.
_DOT, _BOX, _BOX_HEIGHT = -0.22, 0.0, 0.36
# A box is this factor wide; an open interval ends by the next one beyond the lengths tried.
_BOX_WIDTH, _BEYOND = 1.16, 1.3


def draw_horizons(ax: Axes, data: Sequence[tuple[str, Horizon]], looks: Sequence[Look]) -> None:
    """Draw a row a horizon: its dot and interval, and at each length a box filled by its share."""
    tried = sorted({point.length for _, horizon in data for point in horizon.points})
    for row, ((_, horizon), chosen) in enumerate(zip(data, looks, strict=True)):
        _boxes(ax, row, horizon, chosen)
        if horizon.fit is not None:
            _interval(ax, row, horizon, chosen)
    ax.set_xscale("log")
    ax.set_ylim(len(data) - 0.45, -0.6)
    ax.set_yticks(range(len(data)), [label for label, _ in data])
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("T, length of the string (logarithmic)")
    if tried:
        ax.set_xlim(tried[0] / _BEYOND**1.3, tried[-1] * _BEYOND**1.3)
        ax.xaxis.set_major_locator(FixedLocator([float(length) for length in tried]))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda length, _: f"{length:,.0f}"))
        ax.xaxis.set_minor_locator(NullLocator())


def horizon_figure(arms: Sequence[ArmRuns]) -> Figure:
    """A row each experiment and each point of its grid without the length, a colour a cell."""
    data = [(horizon_label(found.arms[0].arm), found) for found in horizons(arms)]
    cells = [settings(found.arms[0].arm).cell for _, found in data]
    looks = [look(list(dict.fromkeys(cells)).index(cell)) for cell in cells]
    with style():
        figure = Figure(figsize=(WIDTH, 1.3 + ROW_HEIGHT * len(data)))
        draw_horizons(figure.subplots(), data, looks)
        dot = Line2D([], [], color=INK, marker="o", markersize=6)
        figure.legend(
            [dot, Patch(facecolor=INK, edgecolor=INK), Patch(facecolor="none", edgecolor=INK)],
            [
                "horizon and interval; an arrow: open",
                "all runs solved at T",
                "none; between: share",
            ],
            loc="outside upper left",
            ncols=3,
        )
        arrange(figure)
    return figure


def _boxes(ax: Axes, row: int, horizon: Horizon, chosen: Look) -> None:
    for point in horizon.points:
        left, right = point.length / _BOX_WIDTH, point.length * _BOX_WIDTH
        share = point.solved / point.runs
        bottom = row + _BOX + _BOX_HEIGHT
        filled = (left, bottom - share * _BOX_HEIGHT), right - left, share * _BOX_HEIGHT
        frame = (left, row + _BOX), right - left, _BOX_HEIGHT
        ax.add_patch(Rectangle(*filled, facecolor=chosen.colour, alpha=0.55, linewidth=0))
        ax.add_patch(Rectangle(*frame, facecolor="none", edgecolor=chosen.colour, linewidth=0.8))
        if 0 < point.solved < point.runs:
            ax.annotate(
                f"{point.solved}/{point.runs}",
                (right, row + _BOX + _BOX_HEIGHT / 2),
                xytext=(2, 0),
                textcoords="offset points",
                va="center",
                fontsize=7,
            )


def _interval(ax: Axes, row: int, horizon: Horizon, chosen: Look) -> None:
    """Dot and line; an arrow in the place of an end, or of the dot, beyond the lengths tried."""
    fit = horizon.fit
    assert fit is not None
    at, outer = (
        row + _DOT,
        (horizon.points[0].length / _BEYOND, horizon.points[-1].length * _BEYOND),
    )
    low, high = (min(max(end, outer[0]), outer[1]) for end in (fit.low, fit.high))
    ax.plot([low, high], [at, at], color=chosen.colour, lw=1.6, solid_capstyle="butt")
    if fit.low == 0:
        ax.plot([low], [at], color=chosen.colour, marker="<", markersize=5)
    if math.isinf(fit.high):
        ax.plot([high], [at], color=chosen.colour, marker=">", markersize=5)
    if 0 < fit.estimate < math.inf:
        ax.plot([fit.estimate], [at], color=chosen.colour, marker="o", markersize=6)
