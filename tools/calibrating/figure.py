"""The figure of the calibration: false verdicts on the left, seeds to a verdict on the right."""

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from assay.figures import style

# What each method is drawn as: colour, marker, filled, words.
LOOKS: dict[str, tuple[str, str, bool, str]] = {
    "majority": (style.BLUE, "o", True, "assay: majority"),
    "shift": (style.BLUE, "D", True, "assay: shift"),
    "two shares": (style.BLUE, "s", True, "assay: two shares"),
    "Welch, 5 seeds": (style.VERMILLION, "o", False, "Welch's t, 5 seeds"),
    "Welch, 8 seeds": (style.VERMILLION, "s", False, "Welch's t, 8 seeds"),
    "Welch, watched": (style.VERMILLION, "x", True, "Welch's t after each seed"),
    "AdaStop": (style.PURPLE, "^", False, "AdaStop"),
    "exact": (style.GREEN, "v", False, "ranks, log-rank, Barnard"),
    "Welch": (style.VERMILLION, "o", False, "Welch's t"),
}
EXACT = ("ranks", "log-rank", "Barnard")
NEVER = 85
RC = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "svg.hashsalt": "assay",
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw(numbers: dict[str, Any], folder: Path) -> None:
    """Draw `calibration.json` and write it as SVG and PNG into a folder."""
    with plt.rc_context(RC):
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(12, 7.2), width_ratios=(1.25, 1), layout="constrained"
        )
        draw_false(left, numbers["false"])
        draw_needed(right, numbers["needed"])
        for kind, metadata in (("svg", {"Date": None}), ("png", {"Software": None})):
            figure.savefig(folder / f"calibration.{kind}", dpi=150, metadata=metadata)
        plt.close(figure)


def draw_false(ax: Axes, rows: list[dict[str, Any]]) -> None:
    """A row a scenario: the rate of false verdicts of each method."""
    ax.set_xscale("function", functions=(np.sqrt, np.square))
    ax.axvspan(0, 5, color="0.93", lw=0)
    for y, row in enumerate(rows):
        for name, found in row["false"].items():
            _mark(ax, name, 100 * max(found["for_it"], found["against"]), y)
    ax.set_xlim(0, 100)
    ax.set_xticks([0, 1, 5, 10, 20, 30, 50, 75, 100])
    ax.set_xlabel("false verdicts where the effect is exactly the margin, % (at most 5 is meant)")
    ax.set_title("Nothing there", loc="left", fontweight="bold")
    _finish(ax, rows, "lower right")


def draw_needed(ax: Axes, rows: list[dict[str, Any]]) -> None:
    """A row an effect: the seeds by which four of five studies are decided."""
    ax.set_xscale("log")
    ax.axvspan(70, 100, color="0.93", lw=0)
    for y, row in enumerate(rows):
        shown = {name: found for name, found in row["needed"].items() if "one of" not in name}
        places: dict[float, int] = {}
        for name, found in shown.items():
            at = found["usually"] or NEVER
            # Methods that need as many seeds stand one below the other.
            lower = 0.16 * places.setdefault(at, 0)
            places[at] += 1
            _mark(ax, name, at, y + lower)
    ax.set_xlim(4, 100)
    ax.set_xticks([5, 6, 8, 10, 15, 20, 30, 40, 60, NEVER])
    ax.set_xticklabels(["5", "6", "8", "10", "15", "20", "30", "40", "60", "not"])
    ax.minorticks_off()
    ax.set_xlabel("seeds of each arm that decide 4 of 5 studies")
    ax.set_title("Something there", loc="left", fontweight="bold")
    _finish(ax, rows, "lower right")


def _mark(ax: Axes, name: str, x: float, y: float) -> None:
    key = "exact" if name.startswith(EXACT) else name
    colour, marker, filled, words = LOOKS[key]
    face = colour if filled else "none"
    label = words if words not in ax.get_legend_handles_labels()[1] else None
    ax.plot(x, y, marker, color=colour, mfc=face, ms=6, ls="none", clip_on=False, label=label)


def _finish(ax: Axes, rows: list[dict[str, Any]], where: str) -> None:
    ax.set_yticks(range(len(rows)), [row["name"] for row in rows])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.grid(axis="y", color="0.93", lw=0.6)
    ax.set_axisbelow(True)
    handles, labels = ax.get_legend_handles_labels()
    order = sorted(range(len(labels)), key=lambda i: _place(labels[i]))
    ax.legend(
        [handles[i] for i in order],
        [labels[i] for i in order],
        loc=where,
        fontsize=8.5,
        frameon=True,
        edgecolor="0.8",
    )


def _place(words: str) -> int:
    return [look[3] for look in LOOKS.values()].index(words)
