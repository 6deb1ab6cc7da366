"""The figure of scaling.py: cost against size, each with its fitted power law."""

from pathlib import Path
from statistics import median
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from assay.figures.style import WIDTH, arrange, look, style, to_png, to_svg

Seconds = dict[str, list[float]]
Fit = tuple[float, float]

LEGEND_ROOM = 2.0
"""So many times as high as the curves is the axis, on which the legend stands above them."""
TITLES = {
    "T": ("Length of the string, T", "digits"),
    "N": ("Batch, N", "strings"),
    "H": ("Width, H", "hidden units"),
}


def write(found: dict[str, Any], fits: dict[str, dict[str, Fit]], folder: Path) -> None:
    """Write scaling.png and scaling.svg."""
    with style():
        figure = Figure(figsize=(WIDTH, 5.6))
        panels = figure.subplots(2, 2).flat
        for axes, (name, seconds) in zip(panels, found["steps"].items(), strict=False):
            title, unit = TITLES[name]
            _curve(axes, seconds, fits["steps"][name], 1e3, 0, name, "one core")
            _dress(axes, title, f"{unit} ({name})", "training step, ms", list(seconds))
        axes = list(figure.axes)[-1]
        for index, (workers, seconds) in enumerate(found["runs"].items()):
            who = f"{workers} worker{'s' * (workers != '1')}"
            _curve(axes, seconds, fits["runs"][workers], 1.0, index, "runs", who)
        most = max(found["runs"].values(), key=len)
        _dress(axes, "Number of runs", "runs", "all runs, s", list(most))
        arrange(figure)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scaling.png").write_bytes(to_png(figure))
    (folder / "scaling.svg").write_bytes(to_svg(figure))


def _curve(
    axes: Axes, seconds: Seconds, fit: Fit, scale: float, index: int, name: str, who: str
) -> None:
    """Medians with their range, and the fitted line."""
    x = [float(value) for value in seconds]
    y = [scale * median(values) for values in seconds.values()]
    below = [m - scale * min(v) for m, v in zip(y, seconds.values(), strict=True)]
    above = [scale * max(v) - m for m, v in zip(y, seconds.values(), strict=True)]
    how, (slope, factor) = look(index), fit
    symbol = name if len(name) == 1 else "number"
    axes.errorbar(
        x,
        y,
        yerr=[below, above],
        fmt=how.marker,
        color=how.colour,
        capsize=2.5,
        elinewidth=1,
        label=f"{who}, time ∝ {symbol}^{slope:.2f}",
    )
    fitted = [scale * factor * value**slope for value in (x[0], x[-1])]
    axes.plot([x[0], x[-1]], fitted, linestyle=how.line, color=how.colour, linewidth=1.2)


def _dress(axes: Axes, title: str, x_label: str, y_label: str, ticks: list[str]) -> None:
    axes.set_title(title)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks([float(tick) for tick in ticks], ticks)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high * LEGEND_ROOM)
    axes.legend(loc="upper left")
