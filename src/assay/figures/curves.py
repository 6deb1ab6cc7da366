"""Training curves: loss and accuracy, of training and validation, every seed and the median."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from assay.claims.evidence import ArmRuns
from assay.config import kind_named
from assay.figures.axes import loss_label, none_below_zero
from assay.figures.labels import arm_label
from assay.figures.lines import Line, Lines
from assay.figures.style import INK, LOOKS, SEED_ALPHA, SEED_WIDTH, WIDTH, arrange, halo, style
from assay.store.log import Log

FEW_EPOCHS = 10
"""Below this many epochs the checks between epochs show the validation accuracy in more detail."""

FEW_POINTS = 12
ROW_HEIGHT = 2.1
PANELS_A_ROW, PANEL_HEIGHT = 4, 1.15
FEW_SEEDS = 3
TANGLED = 3.0
"""A seed whose accuracy goes further than this up and down, all in all, crosses the others."""
TITLE_LETTERS = 88
"""How many letters of a row's title go across the figure."""

PARTS = ("validation", "training")
_LOOK = dict(zip(PARTS, LOOKS, strict=False))


@dataclass(frozen=True)
class ArmCurves:
    """The curves of one arm.

    Attributes:
        loss: by part, `training` and `validation`.
        accuracy: by part.
        diverged: where on the x axis runs ended early.
    """

    loss: dict[str, Lines]
    accuracy: dict[str, Lines]
    diverged: list[float]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return all(lines.empty for lines in (*self.loss.values(), *self.accuracy.values()))


def arm_curves(logs: Sequence[Log], updates_per_epoch: int | None) -> ArmCurves:
    """Read an arm's curves, with x in epochs, or in updates if `updates_per_epoch` is None."""
    scale = updates_per_epoch or 1
    few = max((len(log.epochs) for log in logs), default=0) < FEW_EPOCHS

    def lines(name: str) -> Lines:
        return Lines(
            [Line.of((at / scale, value) for at, value in log.points(name)) for log in logs]
        )

    accuracy = {part: lines(f"{part}.accuracy") for part in PARTS}
    if few and not (checks := lines("check.accuracy")).empty:
        accuracy["validation"] = checks
    return ArmCurves(
        {part: lines(f"{part}.loss") for part in PARTS},
        accuracy,
        [log.diverged / scale for log in logs if log.diverged is not None],
    )


def draw_lines(ax: Axes, curves: dict[str, Lines], *, ranges: bool = False) -> None:
    """Draw seeds thinly, or with `ranges` how far those of the validation reach, and medians."""
    for part, lines in curves.items():
        look = _LOOK[part]
        if ranges and part == "validation":
            low, high = lines.ends
            ax.fill_between(low.x, low.y, high.y, color=look.colour, alpha=0.16, lw=0)
        for line in [] if ranges else lines.seeds:
            small = "." if len(line.x) <= FEW_POINTS else ""
            ax.plot(
                line.x,
                line.y,
                color=look.colour,
                alpha=SEED_ALPHA,
                lw=SEED_WIDTH,
                marker=small,
                ms=3,
            )
    # Medians come after all seeds, so that none is hidden by another part's seeds.
    for number, (part, lines) in enumerate(curves.items()):
        look, line = _LOOK[part], lines.median
        spacing = 1 if len(line.x) <= FEW_POINTS else len(line.x) // 8
        ax.plot(
            line.x,
            line.y,
            color=look.colour,
            linestyle=look.line,
            marker=look.marker,
            markevery=(number * spacing // 2, spacing),  # between those of the other parts
            label=f"{part}, median",
            path_effects=halo(),
        )


def draw_diverged(ax: Axes, at: Sequence[float]) -> None:
    """Mark on the upper edge where runs diverged."""
    if at:
        ax.plot(
            at,
            [0.97] * len(at),
            transform=ax.get_xaxis_transform(),
            color=INK,
            linestyle="none",
            marker="x",
            ms=6,
            mew=1.4,
            label="a run diverged",
        )


def draw_loss(ax: Axes, curves: ArmCurves, unit: str, *, ranges: bool = False) -> None:
    """Draw the loss of an arm."""
    draw_lines(ax, curves.loss, ranges=ranges)
    draw_diverged(ax, curves.diverged)
    ax.set_ylabel(loss_label(unit))


def draw_accuracy(
    ax: Axes, curves: ArmCurves, chance: float | None, *, ranges: bool = False
) -> None:
    """Draw the accuracy of an arm over its whole range, and the level of guessing."""
    draw_lines(ax, curves.accuracy, ranges=ranges)
    draw_diverged(ax, curves.diverged)
    if chance is not None:
        ax.axhline(chance, color=INK, lw=0.9, linestyle=(0, (1, 2)), label=_chance_label(chance))
    ax.set_ylabel("accuracy [%]")
    ax.set_ylim(-0.03, 1.05)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=""))
    ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))


def curves_figure(arms: Sequence[ArmRuns]) -> Figure:
    """A row per arm, its accuracy on the left and its loss on the right, on common axes.

    Of a single arm whose seeds cross each other all the time, each seed has a panel below.
    """
    scale = _common_scale(arms)
    with style():
        figure = Figure(figsize=(WIDTH, 0.75 + ROW_HEIGHT * len(arms)))
        tangle = _tangled(arms, scale)
        axes = _axes(figure, arms, tangle)
        for (left, right), runs in zip(axes, arms, strict=True):
            curves, config = arm_curves(runs.logs, scale), runs.arm.config
            kind = kind_named(config.kind)
            ranges = tangle is not None
            draw_accuracy(left, curves, kind.chance(config), ranges=ranges)
            draw_loss(right, curves, kind.loss_unit(config), ranges=ranges)
            left.set_title(_row_title(runs), fontweight="bold")
            if curves.empty:
                left.text(0.5, 0.5, "no finished run", transform=left.transAxes, ha="center")
        # Only now: a limit that is set early keeps the shared axis from growing with later rows.
        if none_below_zero(axes[0][1]):
            axes[0][1].set_ylim(0, 1.05 * axes[0][1].get_ylim()[1])
        axes[0][0].set_xlim(left=0)
        for ax in axes[-1]:
            ax.set_xlabel("epoch" if scale else "updates")
            ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        if scale is None:
            axes[-1][0].xaxis.set_major_formatter(_thousands())
        for ax in axes[0] if scale else []:
            _updates_axis(ax, scale or 1)
        _legend(figure, [left for left, _ in axes], ranges=tangle is not None)
        arrange(figure)
    return figure


def _axes(figure: Figure, arms: Sequence[ArmRuns], tangle: Lines | None) -> NDArray[Any]:
    """Two columns of axes, a row per arm; above the panels of seeds, where there are any."""
    if tangle is None:
        return figure.subplots(len(arms), 2, sharex=True, sharey="col", squeeze=False)
    rows = -(-len(tangle.seeds) // PANELS_A_ROW)
    figure.set_figheight(figure.get_figheight() + PANEL_HEIGHT * rows)
    above, below = figure.subfigures(
        2, 1, squeeze=False, height_ratios=[0.75 + ROW_HEIGHT, PANEL_HEIGHT * rows]
    ).flatten()
    axes: NDArray[Any] = above.subplots(1, 2, sharex=True, sharey="col", squeeze=False)
    panels = below.subplots(rows, PANELS_A_ROW, sharex=True, sharey=True, squeeze=False)
    for ax, line, seed in zip_longest(panels.flatten(), tangle.seeds, arms[0].seeds):
        if line is None:
            ax.set_axis_off()
            continue
        ax.plot(line.x, line.y, color=_LOOK["validation"].colour, lw=1)
        ax.set_title(f"seed {seed}", fontsize=8)
        ax.set_ylim(-0.03, 1.05)
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=""))
        ax.xaxis.set_major_locator(MaxNLocator(3, integer=True))
    below.supylabel("validation accuracy [%]", fontsize=8.5)
    return axes


def _tangled(arms: Sequence[ArmRuns], scale: int | None) -> Lines | None:
    """The validation accuracy of a single arm whose seeds go up and down all the time."""
    if len(arms) != 1 or len(arms[0].logs) <= FEW_SEEDS:
        return None
    lines = arm_curves(arms[0].logs, scale).accuracy["validation"]
    ways = [float(np.nansum(np.abs(np.diff(line.y)))) for line in lines.seeds if len(line.y)]
    return lines if ways and np.median(ways) > TANGLED else None


def _common_scale(arms: Sequence[ArmRuns]) -> int | None:
    """Updates per epoch if all arms have as many, so that epochs are a common measure."""
    found = {log.epochs[0].update for runs in arms for log in runs.logs if log.epochs}
    return found.pop() if len(found) == 1 else None


def _chance_label(chance: float) -> str:
    return f"chance, {100 * chance:g} %"


def _row_title(runs: ArmRuns) -> str:
    have, planned = len(runs.logs), runs.arm.seeds
    seeds = f"{planned} seed{'s' if planned != 1 else ''}"
    title = f"{arm_label(runs.arm)} ({seeds if have == planned else f'{have} of {seeds}'})"
    return textwrap.fill(title, TITLE_LETTERS)


def _updates_axis(ax: Axes, scale: int) -> None:
    """The same x axis once more on top, counted in updates: epochs differ in size between tasks."""
    to_updates, to_epochs = partial(np.multiply, scale), partial(np.multiply, 1 / scale)
    top = ax.secondary_xaxis("top", functions=(to_updates, to_epochs))
    top.set_xlabel("updates", fontsize=8.5)
    top.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    top.xaxis.set_major_formatter(_thousands())
    top.spines["top"].set_visible(True)


def _thousands() -> FuncFormatter:
    return FuncFormatter(lambda value, _: f"{value:,.0f}")


def _legend(figure: Figure, axes: Sequence[Axes], *, ranges: bool) -> None:
    named: dict[str, Artist] = {}
    for ax in axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            named.setdefault(label, handle)
    if ranges:
        named["validation, least to largest seed"] = Patch(
            color=_LOOK["validation"].colour, alpha=0.16, lw=0
        )
    else:
        named["one seed"] = Line2D([], [], color=INK, alpha=SEED_ALPHA, lw=SEED_WIDTH)
    figure.legend(list(named.values()), list(named), loc="outside upper left", ncols=5)
