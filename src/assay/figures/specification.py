"""A specification curve (Simonsohn, Simmons and Nelson 2020): a claim's effect in each universe.

Above, the effects in ascending order with the range over seeds; below, which choices each universe
made.
"""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from assay.claims.multiverse import Curve, Effect, Side
from assay.claims.statistics.permutation import Floats
from assay.config import Scalar
from assay.figures.labels import arm_label, setting
from assay.figures.style import BLUE, INK, VERMILLION, WIDTH, Look, arrange, style

CURVE_HEIGHT, ROW_HEIGHT = 2.5, 0.165
# Rows between the values of two axes.
_GAP = 0.7
_LABEL_LETTERS = 34
# Points across a letter of a row's name.
_LETTER = 5.2
_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)

LOOKS: dict[Side, Look] = {
    "claimed": Look(BLUE, "-", "o"),
    "other": Look(VERMILLION, "-", "s"),
    "none": Look(INK, "-", "D"),
}
_WORDS: dict[Side, str] = {
    "claimed": "claimed side",
    "other": "other side",
    "none": "no difference",
}


def draw_effects(ax: Axes, effects: Sequence[Effect], *, is_ratio: bool) -> None:
    """Draw the effect of each universe, in the given order, with its range over seeds.

    Ratios are on a logarithmic scale.
    """
    found = np.array([_range(effect) for effect in effects]) * (1 if is_ratio else 100)
    bottom, top = _ends(found, is_ratio=is_ratio)
    ax.axhline(0, color=INK, lw=0.9, linestyle=(0, (1, 2)))
    for side, look in LOOKS.items():
        chosen = np.array([effect.side == side for effect in effects])
        at, (low, value, high) = np.flatnonzero(chosen), found[chosen].T
        ax.vlines(at, low, high, color=look.colour, alpha=0.45, lw=1.1)
        ax.plot(at, value, color=look.colour, marker=look.marker, ms=_size(effects), ls="none")
    ax.set_ylim(1.06 * bottom, 1.06 * top)
    if is_ratio:
        ticks = [tick for tick in _TICKS if np.log(tick) < 0.85 * top]
        ax.set_yticks([*(-np.log(ticks[:0:-1])), *np.log(ticks)])
        ax.set_yticklabels([*(f"1/{tick}" for tick in ticks[:0:-1]), *map(str, ticks)])
    ax.tick_params(axis="x", length=0, labelbottom=False)
    ax.grid(visible=False, axis="x")


def draw_choices(ax: Axes, effects: Sequence[Effect], axes: Mapping[str, Sequence[Scalar]]) -> None:
    """Draw the choices of each universe, a row a value; hollow where one of the arms lacks it."""
    for side, look in LOOKS.items():
        for hollow in (False, True):
            points = [
                (x, row)
                for row, axis, value in _rows(axes)
                for x, effect in enumerate(effects)
                if effect.side == side
                and effect.universe.choices[axis] == value
                and any(axis in held for held in effect.universe.held) is hollow
            ]
            ax.plot(
                [x for x, _ in points],
                [row for _, row in points],
                color=look.colour,
                marker=look.marker,
                markerfacecolor="none" if hollow else look.colour,
                markeredgewidth=0.7,
                ms=0.8 * _size(effects),
                ls="none",
            )
    rows = list(_rows(axes))
    names = [setting(axis, value) for _, axis, value in rows]
    ax.set_yticks([row for row, _, _ in rows], names)
    beside = _LETTER * max(map(len, names)) + 10
    for axis in axes:
        first = min(row for row, name, _ in rows if name == axis)
        ax.annotate(
            axis,
            (0, first),
            xycoords=ax.get_yaxis_transform(),
            xytext=(-beside, 0),
            textcoords="offset points",
            va="center",
            ha="right",
            fontsize=8.5,
            fontweight="bold",
        )
    ax.set_ylim(rows[-1][0] + 0.7, -0.7)
    ax.set_xlim(-1, len(effects))
    ax.set_xlabel(f"the {len(effects)} universes, in order of their effect")
    ax.set_xticks([])
    ax.tick_params(axis="y", length=0)
    ax.spines[["left", "bottom"]].set_visible(False)


def specification_figure(curve: Curve) -> Figure:
    """The specification curve of a claim, of the universes whose runs all ended."""
    multiverse = curve.multiverse
    axes, is_ratio = multiverse.table.axes, multiverse.part.is_time
    effects = sorted(curve.complete, key=lambda each: each.size)
    matrix = ROW_HEIGHT * (sum(map(len, axes.values())) + _GAP * len(axes))
    with style():
        figure = Figure(figsize=(WIDTH, CURVE_HEIGHT + matrix + 0.6))
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[CURVE_HEIGHT, matrix])
        draw_effects(above, effects, is_ratio=is_ratio)
        draw_choices(below, effects, axes)
        above.set_ylabel(textwrap.fill(_label(curve), _LABEL_LETTERS))
        keys = [
            _key(f"{_WORDS[side]}: {curve.count(side)}", look.colour, look.marker)
            for side, look in LOOKS.items()
        ]
        if any(held for each in effects for held in each.universe.held):
            keys.append(_key("one arm lacks the value", INK, "o"))
            keys[-1].set_markerfacecolor("none")
        figure.legend(handles=keys, loc="outside upper left", ncols=4, handletextpad=0.2)
        arrange(figure)
    return figure


def _range(effect: Effect) -> tuple[float, float, float]:
    assert effect.seeds is not None
    return float(effect.seeds.min()), effect.size, float(effect.seeds.max())


def _ends(values: Floats, *, is_ratio: bool) -> tuple[float, float]:
    """The lowest and the highest value to draw, as far from no difference."""
    if not is_ratio:
        return -100.0, 100.0
    end = 1.3 * float(np.abs(values[np.isfinite(values)]).max(initial=np.log(2)))
    return -end, end


def _rows(axes: Mapping[str, Sequence[Scalar]]) -> Iterator[tuple[float, str, Scalar]]:
    row = 0.0
    for axis, values in axes.items():
        for value in values:
            yield row, axis, value
            row += 1
        row += _GAP


def _size(effects: Sequence[Effect]) -> float:
    return float(np.clip(260 / max(1, len(effects)), 2.2, 5.0))


def _label(curve: Curve) -> str:
    part, (of, against) = curve.multiverse.part, map(arm_label, curve.multiverse.arms)
    first, second = part.statement.ordered([of, against])
    if part.is_time:
        return f"updates to solve, {second} over {first} [ratio]"
    return f"runs solved, {first} less {second} [percentage points]"


def _key(label: str, colour: str, marker: str) -> Line2D:
    return Line2D([], [], color=colour, marker=marker, ls="none", label=label)
