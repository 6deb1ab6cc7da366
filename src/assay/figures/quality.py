"""How near a generator's images come to real ones over a training."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullFormatter

from assay.claims.evidence import ArmRuns
from assay.figures.labels import arm_label, number
from assay.figures.lines import Line, Lines
from assay.figures.style import INK, SEED_ALPHA, WIDTH, Look, arrange, look, style
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


def measured(log: Log, name: str) -> Line:
    """A quality metric over updates."""
    return Line.of((float(at), value) for at, value in log.points(f"quality.{name}"))


def draw_quality(ax: Axes, name: str, arms: Sequence[ArmRuns], looks: Sequence[Look]) -> None:
    """Draw a metric of each arm, seeds faintly and median clearly, and real images' own value."""
    for runs, chosen in zip(arms, looks, strict=True):
        lines = Lines([measured(log, name) for log in runs.logs])
        for line in lines.seeds:
            ax.plot(line.x, line.y, color=chosen.colour, alpha=SEED_ALPHA, lw=0.8)
        median = lines.median
        ax.plot(
            median.x, median.y, color=chosen.colour, linestyle=chosen.line, marker=chosen.marker
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
    ax.set_xticks([0, 1_000, 10_000, 100_000])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    if name in _LOGARITHMIC:
        ax.set_yscale("log")
        # The usual labels are formulas, 10^3, and the house style draws no formulas.
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
        ax.yaxis.set_minor_formatter(NullFormatter())
    else:
        ax.set_ylim(bottom=0)


def quality_figure(arms: Sequence[ArmRuns]) -> Figure:
    """Four metrics over the iterations, a line an arm."""
    looks = [look(index) for index in range(len(arms))]
    with style():
        figure = Figure(figsize=(WIDTH, HEIGHT))
        axes = figure.subplots(2, 2, sharex=True)
        for ax, name in zip(axes.flat, PANELS, strict=True):
            draw_quality(ax, name, arms, looks)
        for ax in axes[-1]:
            ax.set_xlabel("iterations (linear up to 500)")
        handles = [
            Line2D([], [], color=each.colour, linestyle=each.line, marker=each.marker)
            for each in looks
        ]
        labels = [arm_label(runs.arm) for runs in arms]
        handles.append(Line2D([], [], color=INK, alpha=SEED_ALPHA, lw=0.8))
        figure.legend(handles, [*labels, "one seed"], loc="outside upper left", ncols=4)
        arrange(figure)
    return figure


def _level(real: str, name: str, arms: Sequence[ArmRuns]) -> float | None:
    found = (quality_of(real, name, log) for runs in arms for log in runs.logs)
    return next((value for value in found if value is not None), None)
