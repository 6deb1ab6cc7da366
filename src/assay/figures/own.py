"""Figures that the user's own code draws, into axes that are given to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assay.claims.evidence import ArmRuns
from assay.config import Scalar
from assay.figures.labels import arm_label
from assay.figures.style import WIDTH, arrange, style
from assay.plugins import own_code
from assay.store.log import Log

_HEIGHT = 3.6


@dataclass(frozen=True)
class RunRow:
    """A run that ended, as a figure's function is given it.

    Attributes:
        experiment: which it is of.
        label: its arm, as other figures call it.
        point: the values of the grid's axes.
        log: all that it logged; `log.points(NAME)` is a number over updates.
        diverged: whether it did.
    """

    experiment: str
    label: str
    point: Mapping[str, Scalar]
    seed: int
    log: Log
    diverged: bool


DrawOwn = Callable[..., Any]
"""Is called with axes, a list of `RunRow`, and what the figure's table says beside."""


def own_figure(
    target: str, draw: DrawOwn, arms: Sequence[ArmRuns], options: Mapping[str, Any]
) -> Figure:
    """The figure that a function draws.

    Raises:
        PluginError: if it fails.
    """
    with style():
        figure = Figure(figsize=(WIDTH, _HEIGHT))
        ax = figure.subplots()
        with own_code([target], "as it drew a figure"):
            draw(ax, rows(arms), **options)
            arrange(figure)
    return figure


def left_out(target: str) -> Figure:
    """What stands in place of an own figure where its code is not at hand."""
    with style():
        figure = Figure(figsize=(WIDTH, 1))
        ax: Axes = figure.subplots()
        ax.set_axis_off()
        text = f"drawn by {target}, code of the study's own, which an archive does not hold"
        ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center")
        arrange(figure)
    return figure


def rows(arms: Sequence[ArmRuns]) -> list[RunRow]:
    """A row per run, arm by arm, in order of seed."""
    return [
        RunRow(
            found.arm.experiment,
            arm_label(found.arm),
            dict(found.arm.point),
            seed,
            log,
            seed in found.diverged_seeds,
        )
        for found in arms
        for seed, log in zip(found.seeds, found.logs, strict=True)
    ]
