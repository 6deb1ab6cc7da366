"""How near a generator's images come to real ones over a training."""

from collections.abc import Sequence
from math import ceil, floor, log10

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from assay.claims.evidence import ArmRuns
from assay.config import Measured, kind_named
from assay.figures.labels import arm_label, number
from assay.figures.lines import Line, Lines
from assay.figures.style import INK, SEED_ALPHA, SEED_WIDTH, WIDTH, Look, arrange, halo, look, style
from assay.kinds.gan.outcomes import quality_of
from assay.store.log import Log

HEIGHT = 5.4
# Measurements are dense at the beginning: before this the axis is linear, after it logarithmic.
_LINEAR_BELOW = 500

PANELS = {
    "frechet": "Fréchet distance\n[squared feature distance]",
    "near": "as near a real image as\n99 % of real ones [share]",
    "coverage": "coverage [share]",
    "isolated_pixels": "isolated bright pixels\n[per image]",
}
_LOGARITHMIC = {"frechet"}
_LETTERS = 70
"""How many letters of names go into one row of the legend."""


def measured(log: Log, name: str) -> Line:
    """A quality metric over updates."""
    return Line.of((float(at), value) for at, value in log.points(f"quality.{name}"))


def draw_quality(ax: Axes, name: str, arms: Sequence[ArmRuns], looks: Sequence[Look]) -> None:
    """Draw a metric of each arm, seeds faintly and median clearly, and real images' own value."""
    for runs, chosen in zip(arms, looks, strict=True):
        lines = Lines([measured(log, name) for log in runs.logs])
        for line in lines.seeds:
            ax.plot(line.x, line.y, color=chosen.colour, alpha=SEED_ALPHA, lw=SEED_WIDTH)
        median = lines.median
        ax.plot(
            median.x,
            median.y,
            color=chosen.colour,
            linestyle=chosen.line,
            marker=chosen.marker,
            path_effects=halo(),
        )
    for real, words in (("floor", "real images"), ("noise", "pure noise")):
        level = _level(real, name, arms)
        if level is not None and (real == "floor" or name in _LOGARITHMIC):
            ax.axhline(level, color=INK, lw=0.9, linestyle=(0, (1, 2)))
            # At the line where curves keep away from it, else above the panel.
            y, frame = (level, "data") if name in _LOGARITHMIC else (1, "axes fraction")
            ax.annotate(
                f"{words}: {number(level)}",
                (0.99, y),
                xycoords=("axes fraction", frame),
                xytext=(0, 2),
                textcoords="offset points",
                ha="right",
                fontsize=7.5,
            )
    ax.set_ylabel(PANELS[name])
    ax.set_xscale("symlog", linthresh=_LINEAR_BELOW, linscale=0.5)
    ax.margins(x=0.04)
    ax.set_xlim(left=0)
    ax.set_xticks(_ticks(arms))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    if name in _LOGARITHMIC:
        ax.set_yscale("log")
        low, high = ax.get_ylim()
        if floor(log10(high)) - ceil(log10(low)) < 1:  # or an axis might have one number, or none
            ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        # The usual labels are formulas, 10^3, and the house style draws no formulas.
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
        ax.yaxis.set_minor_formatter(NullFormatter())
    else:
        ax.set_ylim(bottom=0)


def quality_figure(arms: Sequence[ArmRuns]) -> Figure:
    """Metrics over the iterations, a line an arm.

    Arms that are measured against other images have panels of their own, under the name of these.
    """
    looks = {runs.arm.key: look(index) for index, runs in enumerate(arms)}
    blocks: dict[str, list[ArmRuns]] = {}
    for runs in arms:
        found = _measured_against(runs)
        blocks.setdefault(found.against if found else "", []).append(runs)
    with style():
        figure = Figure(figsize=(WIDTH, HEIGHT * len(blocks)))
        axes = figure.subplots(2 * len(blocks), 2, sharex=len(blocks) == 1, squeeze=False)
        for row, (against, chosen) in enumerate(blocks.items()):
            panels = axes[2 * row : 2 * row + 2]
            _draw_block(panels.flatten().tolist(), chosen, [looks[each.arm.key] for each in chosen])
            if len(blocks) > 1:
                panels[0][0].set_title(against, fontweight="bold")
        handles = [
            Line2D([], [], color=each.colour, linestyle=each.line, marker=each.marker)
            for each in looks.values()
        ]
        labels = [arm_label(runs.arm) for runs in arms]
        handles.append(Line2D([], [], color=INK, alpha=SEED_ALPHA, lw=SEED_WIDTH))
        columns = 4 if sum(map(len, labels)) <= _LETTERS else 2
        figure.legend(handles, [*labels, "one seed"], loc="outside upper left", ncols=columns)
        arrange(figure)
    return figure


def _draw_block(axes: list[Axes], arms: Sequence[ArmRuns], looks: Sequence[Look]) -> None:
    """Draw what was measured of arms that share the images they are measured against."""
    names = [name for name in PANELS if any(_has(runs, name) for runs in arms)]
    for ax, name in zip(axes, names, strict=False):
        draw_quality(ax, name, arms, looks)
    for ax in axes[len(names) :]:
        ax.set_axis_off()
    for ax in axes[max(0, len(names) - 2) : len(names)]:
        ax.set_xlabel(_iterations(arms))
        ax.tick_params(labelbottom=True)


def _has(runs: ArmRuns, name: str) -> bool:
    """Whether it says something of the runs of an arm."""
    found = _measured_against(runs)
    return found is None or name not in found.without


def _measured_against(runs: ArmRuns) -> Measured | None:
    return kind_named(runs.arm.config.kind).measured(runs.arm.config)


def _end(arms: Sequence[ArmRuns]) -> int:
    return max((log.updates for runs in arms for log in runs.logs), default=0)


def _iterations(arms: Sequence[ArmRuns]) -> str:
    return "iterations (linear up to 500)" if _end(arms) > _LINEAR_BELOW else "iterations"


def _ticks(arms: Sequence[ArmRuns]) -> list[int]:
    """Numbers of updates up to the longest training of these, round ones where it has any."""
    end = _end(arms)
    decades = [0, *(tick for tick in (1_000, 10_000, 100_000, 1_000_000) if tick <= end)]
    return decades if len(decades) > 2 else sorted({*decades, end})


def _level(real: str, name: str, arms: Sequence[ArmRuns]) -> float | None:
    found = (quality_of(real, name, log) for runs in arms for log in runs.logs)
    return next((value for value in found if value is not None), None)
