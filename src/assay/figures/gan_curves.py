"""What the two networks of a GAN do to each other over a training."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from assay.claims.evidence import ArmRuns
from assay.config import kind_named
from assay.figures.axes import loss_label, none_below_zero
from assay.figures.labels import arm_label
from assay.figures.lines import Line, Lines
from assay.figures.style import INK, LOOKS, SEED_ALPHA, SEED_WIDTH, WIDTH, arrange, halo, style
from assay.store.log import Log

ROW_HEIGHT = 2.1
POINTS = 150
"""Points a line: a training has thousands of checks, and each point is the mean of several."""

LOSSES = {"generator_loss": "generator", "discriminator_loss": "discriminator"}
ACCURACIES = {"accuracy_real": "real images", "accuracy_fake": "generated images"}


def averaged(log: Log, quantity: str, points: int = POINTS) -> Line:
    """A checked quantity over updates, as the mean of so many checks that about `points` remain."""
    checks = log.points(f"check.{quantity}")
    size = max(1, -(-len(checks) // points))
    groups = [checks[start : start + size] for start in range(0, len(checks), size)]
    return Line.of(
        (float(group[-1][0]), float(np.mean([value for _, value in group]))) for group in groups
    )


def draw_quantities(ax: Axes, logs: Sequence[Log], names: dict[str, str]) -> None:
    """Draw quantities of every run faintly, and their medians over runs clearly."""
    lines = {name: Lines([averaged(log, name) for log in logs]) for name in names}
    for look, found in zip(LOOKS, lines.values(), strict=False):
        for line in found.seeds:
            ax.plot(line.x, line.y, color=look.colour, alpha=SEED_ALPHA, lw=SEED_WIDTH)
    for look, (name, found) in zip(LOOKS, lines.items(), strict=False):
        median = found.median
        ax.plot(
            median.x,
            median.y,
            color=look.colour,
            linestyle=look.line,
            marker=look.marker,
            markevery=max(1, len(median.x) // 6),
            lw=1.4,
            path_effects=halo(1.4),
            label=names[name],
        )


def draw_alarms(ax: Axes, logs: Sequence[Log]) -> None:
    """Mark on the upper edge where a run gave an alarm."""
    at = [alarm.update for log in logs for alarm in log.alarms]
    if at:
        ax.plot(
            at,
            [0.97] * len(at),
            transform=ax.get_xaxis_transform(),
            color=INK,
            linestyle="none",
            marker="x",
            label="alarm",
        )


def gan_curves_figure(arms: Sequence[ArmRuns]) -> Figure:
    """A row per arm: losses on the left, and on the right how often the discriminator is right."""
    with style():
        figure = Figure(figsize=(WIDTH, 0.6 + ROW_HEIGHT * len(arms)))
        axes = figure.subplots(len(arms), 2, squeeze=False)
        for (left, right), runs in zip(axes, arms, strict=True):
            draw_quantities(left, runs.logs, LOSSES)
            draw_quantities(right, runs.logs, ACCURACIES)
            draw_alarms(right, runs.logs)
            left.set_title(f"{arm_label(runs.arm)} ({_seeds(runs)})", fontweight="bold")
            config = runs.arm.config
            left.set_ylabel(loss_label(kind_named(config.kind).loss_unit(config)))
            if none_below_zero(left):
                left.set_ylim(bottom=0)
            right.set_ylabel("discriminator right on [%]")
            right.set_ylim(-0.03, 1.05)
            right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=""))
            for ax in (left, right):
                ax.set_xlim(left=0)
                ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
                ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
                ax.legend(
                    handles=[
                        *_drawn(ax),
                        Line2D([], [], color=INK, alpha=SEED_ALPHA, lw=SEED_WIDTH),
                    ],
                    labels=[*(str(line.get_label()) for line in _drawn(ax)), "one seed"],
                    fontsize=7.5,
                    loc="best",
                )
        for ax in axes[-1]:
            ax.set_xlabel("iterations")
        arrange(figure)
    return figure


def _drawn(ax: Axes) -> list[Line2D]:
    return [line for line in ax.get_lines() if not str(line.get_label()).startswith("_")]


def _seeds(runs: ArmRuns) -> str:
    have, planned = len(runs.logs), runs.arm.seeds
    many = f"{planned} seed{'s' if planned != 1 else ''}"
    return many if have == planned else f"{have} of {many}"
