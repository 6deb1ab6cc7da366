"""How far the gradient reaches back: norm of the derivative of the loss by the state, by lag."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from assay.claims.evidence import ArmRuns
from assay.figures.labels import arm_label, cell_name, setting, settings
from assay.figures.lines import Line, Lines
from assay.figures.style import (
    INK,
    SEED_ALPHA,
    SEED_WIDTH,
    WIDTH,
    LineStyle,
    Look,
    arrange,
    halo,
    look,
    style,
)
from assay.kinds.memory.outcomes import GRADIENT
from assay.store.log import Log, Probe
from assay.study import Arm

ROW_HEIGHT = 1.9
# Of labels below this many letters, seven stand side by side.
_SHORT = 9
# Of a line that is the only one of its row, and not in the legend.
_ALONE = Look(INK, "-", "o")

END = None
"""The moment of a probe that is after the last update, however many there were."""

Moment = int | None

# What the parts of a built-in cell's state are called; the whole state of an RNN is its h.
_PARTS = {"lstm": {"part0": "h", "part1": "c"}}
_PART_LINES: dict[str, LineStyle] = {"part0": ":", "part1": (0, (1, 3))}


@dataclass(frozen=True)
class Reach:
    """The gradient of one arm at one moment: log10 norms by lag, of the whole state and its parts.

    The lag counts steps back from the last input, at 0.
    """

    label: str
    whole: Lines
    parts: dict[str, Lines]


def reach(runs: ArmRuns, moment: Moment, label: str) -> Reach:
    """Read an arm's gradient; runs that did not get to `moment` have no line."""
    found = [probe for log in runs.logs if (probe := _probe(log, moment))]
    parts = _PARTS.get(settings(runs.arm).cell, {})
    return Reach(
        label,
        Lines([_by_lag(probe.found["whole"]) for probe in found]),
        {
            part: Lines([_by_lag(probe.found[part]) for probe in found if part in probe.found])
            for part in parts
        },
    )


def moments(arms: Sequence[ArmRuns]) -> list[Moment]:
    """When to draw: the updates at which all arms were probed, and the end where that differs."""
    probed = [_updates(runs) for runs in arms if _updates(runs)]
    if not probed:
        return []
    common = set.intersection(*probed)
    ends: list[Moment] = [END] if any(max(updates) not in common for updates in probed) else []
    return [*sorted(common), *ends]


def draw_state_gradient(ax: Axes, reaches: Sequence[Reach], looks: dict[str, Look]) -> None:
    """Draw the whole state's gradient, seeds faintly and median clearly, and its parts lightly."""
    for each in reaches:
        chosen = looks[each.label]
        for line in each.whole.seeds:
            ax.plot(line.x, line.y, color=chosen.colour, alpha=SEED_ALPHA, lw=SEED_WIDTH)
        for part, lines in each.parts.items():
            median = lines.median
            ax.plot(
                median.x,
                median.y,
                color=chosen.colour,
                alpha=0.6,
                lw=1,
                linestyle=_PART_LINES[part],
                label=f"_{part}",  # not in the legend
            )
    for each in reaches:
        chosen, median = looks[each.label], each.whole.median
        ax.plot(
            median.x,
            median.y,
            color=chosen.colour,
            linestyle=chosen.line,
            marker=chosen.marker,
            markevery=max(1, len(median.x) // 5),
            label=each.label,
            path_effects=halo(),
        )


def state_gradient_figure(arms: Sequence[ArmRuns]) -> Figure:
    """A row a kind of cell, a column a moment of training, a line a length of string."""
    groups, when = _groups(arms), moments(arms)
    labels = dict.fromkeys(label for group in groups.values() for label, _ in group if label)
    looks = {label: look(index) for index, label in enumerate(labels)} | {"": _ALONE}
    with style():
        columns = max(1, len(when))
        figure = Figure(figsize=(WIDTH, 1.1 + ROW_HEIGHT * len(groups)))
        axes = figure.subplots(len(groups), columns, sharex=True, sharey="row", squeeze=False)
        for row, (name, group) in zip(axes, groups.items(), strict=True):
            for ax, moment in zip(row, when, strict=False):
                reaches = [reach(runs, moment, label) for label, runs in group]
                draw_state_gradient(ax, reaches, looks)
                ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
            row[0].set_ylabel(name, fontweight="bold")
        for ax, moment in zip(axes[0], when, strict=False):
            ax.set_title(_moment_name(moment))
        if not when:
            axes[0][0].set_title("no gradient was measured")
        figure.supxlabel("lag: steps back from the last input", fontsize=9)
        figure.supylabel("log10 of the norm of ∂loss/∂state", fontsize=9)
        _legend(figure, looks, arms)
        arrange(figure)
    return figure


def _groups(arms: Sequence[ArmRuns]) -> dict[str, list[tuple[str, ArmRuns]]]:
    """Arms by kind of cell, each under the name of its line."""
    kinds: dict[str, list[ArmRuns]] = {}
    for runs in arms:
        kinds.setdefault(_kind(runs), []).append(runs)
    one_length = len(arms) > 1 and len({_length(runs.arm) for runs in arms}) == 1
    return {
        kind: list(zip(_labels([runs.arm for runs in members], one_length), members, strict=True))
        for kind, members in kinds.items()
    }


def _labels(arms: Sequence[Arm], one_length: bool) -> list[str]:
    """The shortest names that tell arms apart: T, what differs on a grid, title, or all of it.

    Where all of a figure have the same T, an arm alone in its row needs no name beside the row's.
    """
    if one_length and len(arms) == 1:
        return [""]
    lengths = [f"T = {_length(arm)}" for arm in arms]
    axes = {axis for arm in arms for axis in arm.point}
    differ = {axis for axis in axes if len({arm.point.get(axis) for arm in arms}) > 1}
    points = [
        ", ".join(
            f"{axis} = {setting(axis, arm.point[axis])}" for axis in arm.point if axis in differ
        )
        for arm in arms
    ]
    titles, full = [arm.title for arm in arms], [arm_label(arm) for arm in arms]
    distinct = (each for each in (lengths, points, titles) if len(set(each)) == len(arms))
    return next(distinct, full)


def _length(arm: Arm) -> object:
    return settings(arm).length


def _kind(runs: ArmRuns) -> str:
    config = settings(runs.arm)
    name = cell_name(config.cell)
    return name if config.lstm_form == "standard" else f"{name} as reported"


def _updates(runs: ArmRuns) -> set[int]:
    """The updates at which every run of an arm that did not diverge was probed."""
    probed = [
        {probe.update for probe in log.probes if probe.name == GRADIENT}
        for log in runs.logs
        if log.diverged is None
    ]
    return set.intersection(*probed) if probed else set()


def _probe(log: Log, moment: Moment) -> Probe | None:
    probe = log.probe(GRADIENT, moment)
    at_end = probe is not None and probe.update == log.updates and log.diverged is None
    return probe if moment is not END or at_end else None


def _by_lag(values: object) -> Line:
    """From natural logs, step after step, to log10 by lag."""
    logs = values if isinstance(values, list) else []
    last = len(logs) - 1
    points = [
        (float(last - step), None if value is None else value / math.log(10))
        for step, value in enumerate(logs)
    ]
    return Line.of(reversed(points))


def _moment_name(moment: Moment) -> str:
    if moment is END:
        return "at the end"
    return f"after {moment:,} updates" if moment else "untrained"


def _legend(figure: Figure, looks: dict[str, Look], arms: Sequence[ArmRuns]) -> None:
    handles = [
        Line2D([], [], color=look.colour, linestyle=look.line, marker=look.marker, label=label)
        for label, look in looks.items()
        if label
    ]
    handles.append(Line2D([], [], color=INK, alpha=SEED_ALPHA, lw=SEED_WIDTH, label="one seed"))
    parts = _PARTS["lstm"] if any(_kind(runs).startswith("LSTM") for runs in arms) else {}
    handles += [
        Line2D(
            [], [], color=INK, alpha=0.6, lw=1, linestyle=_PART_LINES[part], label=f"{name} alone"
        )
        for part, name in parts.items()
    ]
    columns = 7 if all(len(label) < _SHORT for label in looks) else 4
    figure.legend(handles=handles, loc="outside upper left", ncols=columns, columnspacing=1.4)
