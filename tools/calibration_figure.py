"""The figure of the calibration: false verdicts on the left, power on the right."""

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from assay.figures import style


def draw(numbers: dict[str, Any], folder: Path) -> None:
    """Draw `calibration.json` and write it as SVG and PNG into a folder."""
    with plt.rc_context(
        {
            "font.family": "DejaVu Sans",
            "font.size": 9,
            "svg.hashsalt": "assay",
            "axes.spines.top": False,
            "axes.spines.right": False,
        }
    ):
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(11.5, 5.8), width_ratios=(1.15, 1), layout="constrained"
        )
        draw_false(left, numbers)
        draw_power(right, numbers)
        for kind, metadata in (("svg", {"Date": None}), ("png", {"Software": None})):
            figure.savefig(folder / f"calibration.{kind}", dpi=150, metadata=metadata)
        plt.close(figure)


def draw_false(ax: Axes, numbers: dict[str, Any]) -> None:
    """A row a scenario: the rate of false verdicts at each number of seeds."""
    rows, seeds = numbers["scenarios"], numbers["seeds"]
    shades = plt.get_cmap("cividis")(np.linspace(0, 0.9, len(seeds)))
    alpha = 100 * numbers["alpha"]
    few = min(row["repeats"] for row in rows)
    error = 196 * np.sqrt(numbers["alpha"] * (1 - numbers["alpha"]) / few)
    ax.axvspan(alpha, alpha + error, color="0.9", lw=0, label=f"error of {few:,} studies")
    ax.axvline(alpha, color=style.INK, lw=1)
    for y, row in enumerate(rows):
        for place, (n, shade) in enumerate(zip(seeds, shades, strict=True)):
            total = 100 * sum(row["false"][str(n)].values())
            height = y - 0.28 + 0.56 * place / (len(seeds) - 1)
            ax.plot(total, height, "o", color=shade, ms=4, label=f"{n} seeds" if y == 0 else None)
        looks = 100 * sum(row["false_looks"].values())
        ax.plot(
            looks,
            y + 0.38,
            "D",
            color=style.VERMILLION,
            mfc="none",
            ms=4.5,
            label=f"looks at {', '.join(map(str, numbers['looks']))}" if y == 0 else None,
        )
    ax.set_yticks(range(len(rows)), [f"{row['kind']}: {row['name']}" for row in rows])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(-0.2, 10)
    ax.grid(axis="y", color="0.93", lw=0.6)
    ax.set_axisbelow(True)
    ax.set_xlabel(f"false verdicts where the effect is exactly the margin, % (at most {alpha:g})")
    ax.set_title("Nothing there", loc="left", fontweight="bold")
    ax.legend(loc="upper right", fontsize=8.5, frameon=True, edgecolor="0.8")


def draw_power(ax: Axes, numbers: dict[str, Any]) -> None:
    """A line a scenario: how often a claim that holds is supported, by number of seeds."""
    rows = [row for row in numbers["scenarios"] if "power" in row]
    looks = style.BLUE, style.VERMILLION, style.GREEN, style.ORANGE, style.PURPLE
    for row, colour, marker in zip(rows, looks, "os^Dv", strict=True):
        for key, dashes in (("power", "-"), ("power_of_many", ":")):
            values = [100 * row[key][str(n)] for n in numbers["seeds"]]
            within = " within a run" if row["name"].startswith("within") else ""
            effect = row["effect"].replace("standard deviations", "SD")
            label = f"{row['kind']}{within}: {effect}"
            ax.plot(
                numbers["seeds"],
                values,
                dashes,
                marker=marker,
                ms=4.5,
                color=colour,
                label=label if key == "power" else None,
            )
    ax.plot([], [], "-", color="0.4", label="a claim alone")
    ax.plot([], [], ":", color="0.4", label=f"one of {numbers['claims']}, Holm's worst case")
    ax.set_xticks(numbers["seeds"])
    ax.set_ylim(-2, 102)
    ax.set_xlabel("seeds of each arm")
    ax.set_ylabel("called supported, %")
    ax.set_title("Something there", loc="left", fontweight="bold")
    ax.legend(loc="lower right", fontsize=8, frameon=True, edgecolor="0.8")
