"""Numbers that runs tell at their steps, whatever they are: a panel a number, a line an arm."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from assay.claims.evidence import ArmRuns
from assay.figures.labels import setting
from assay.figures.lines import Line, Lines
from assay.figures.style import INK, SEED_ALPHA, SEED_WIDTH, WIDTH, arrange, halo, look, style
from assay.kinds.own.figure import LoggedSettings
from assay.store.log import Log

PANELS = 6
"""Numbers that are drawn at most: the first that the runs tell, by name."""
POINTS = 200
"""Points a line: of more, each is the mean of several."""

_PANEL_HEIGHT = 1.9
_FEW = 25


def logged_figure(arms: Sequence[ArmRuns], settings: LoggedSettings) -> Figure:
    """Panels in two columns; each seed faintly, the median of an arm's seeds clearly."""
    names = settings.numbers or _names([log for runs in arms for log in runs.logs])
    columns = min(2, len(names)) or 1
    rows = -(-len(names) // columns) or 1
    with style():
        figure = Figure(figsize=(WIDTH, 0.7 + 0.18 * len(arms) + _PANEL_HEIGHT * rows))
        axes = figure.subplots(rows, columns, squeeze=False).flatten().tolist()
        for ax, name in zip(axes, names, strict=False):
            for index, runs in enumerate(arms):
                _draw(ax, [averaged(log, name) for log in runs.logs], index)
            if not any(log.points(name) for runs in arms for log in runs.logs):
                ax.text(0.5, 0.5, "no run told it", transform=ax.transAxes, ha="center")
            ax.set_title(name)
            ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
            ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        for ax in axes[len(names) :]:
            ax.set_axis_off()
        if not names:
            axes[0].text(0.5, 0.5, "no finished run", transform=axes[0].transAxes, ha="center")
        for ax in axes[max(0, len(names) - columns) : len(names)]:
            ax.set_xlabel("step")
        figure.legend(handles=_handles(arms), loc="outside upper left", ncols=2, fontsize=8)
        arrange(figure)
    return figure


def averaged(log: Log, name: str) -> Line:
    """A number over the steps, as means of so many that at most `POINTS` remain."""
    points = log.points(name)
    size = max(1, -(-len(points) // POINTS))
    groups = [points[start : start + size] for start in range(0, len(points), size)]
    return Line.of(
        (float(group[-1][0]), float(np.mean([value for _, value in group]))) for group in groups
    )


def _names(logs: Sequence[Log]) -> list[str]:
    """The numbers that are told most often, which curves are for, then by name."""
    told: dict[str, int] = {}
    for log in logs:
        for line in log.numbers:
            for name in line.numbers:
                told[name] = told.get(name, 0) + 1
    often = [name for name, times in told.items() if times > len(logs)]
    return sorted(often or told)[:PANELS]


def _draw(ax: Axes, lines: list[Line], index: int) -> None:
    each, seeds = look(index), Lines(lines)
    for line in seeds.seeds:
        mark = "." if len(line.x) <= _FEW else ""
        ax.plot(
            line.x, line.y, color=each.colour, alpha=SEED_ALPHA, lw=SEED_WIDTH, marker=mark, ms=3
        )
    median = seeds.median
    ax.plot(
        median.x,
        median.y,
        color=each.colour,
        linestyle=each.line,
        marker=each.marker,
        markevery=max(1, len(median.x) // 6),
        lw=1.4,
        path_effects=halo(1.4),
    )


def _handles(arms: Sequence[ArmRuns]) -> list[Line2D]:
    handles = []
    for index, runs in enumerate(arms):
        each = look(index)
        line = Line2D([], [], color=each.colour, linestyle=each.line, marker=each.marker)
        line.set_label(f"{_label(runs)} ({_seeds(runs)}), median")
        handles.append(line)
    handles.append(Line2D([], [], color=INK, alpha=SEED_ALPHA, lw=SEED_WIDTH, label="one seed"))
    return handles


def _label(runs: ArmRuns) -> str:
    point = ", ".join(f"{axis} = {setting(axis, of)}" for axis, of in runs.arm.point.items())
    return point or runs.arm.title


def _seeds(runs: ArmRuns) -> str:
    have, planned = len(runs.logs), runs.arm.seeds
    many = f"{planned} seed{'s' if planned != 1 else ''}"
    return many if have == planned else f"{have} of {many}"
