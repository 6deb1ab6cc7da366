import math

import pytest

from assay.figures.horizon import horizon_figure
from assay.figures.style import to_png
from assay.store.log import Check


def _log(solved):
    accuracy = 1.0 if solved else 0.1
    return [Check(update, {"accuracy": accuracy}) for update in (25, 50)]


@pytest.fixture
def cell(make_arm):
    """The arms of a cell: how many of 8 runs are solved at each length."""

    def make(solved, title="LSTM", runs=8, **point):
        return [
            make_arm(
                [_log(seed < count) for seed in range(runs)],
                title=title,
                point=point | {"length": length},
                length=length,
                updates=50,
            )
            for length, count in solved.items()
        ]

    return make


def _dots(ax, marker):
    return [line.get_xdata()[0] for line in ax.lines if line.get_marker() == marker]


def test_dot_interval_and_shares(cell) -> None:
    figure = horizon_figure(cell({5: 8, 10: 6, 20: 0}))
    (ax,) = figure.axes
    (dot,) = _dots(ax, "o")
    low, high = next(line for line in ax.lines if len(line.get_xdata()) == 2).get_xdata()
    assert 5 < low < dot < high < 20
    assert _dots(ax, "<") == _dots(ax, ">") == []
    filled, frames = ax.patches[::2], ax.patches[1::2]
    shares = [one.get_height() / of.get_height() for one, of in zip(filled, frames, strict=True)]
    assert shares == pytest.approx([1, 0.75, 0])
    assert [text.get_text() for text in ax.texts] == ["6/8"]
    middles = [math.sqrt(box.get_x() * (box.get_x() + box.get_width())) for box in frames]
    assert middles == pytest.approx([5, 10, 20])


def test_open_ends_are_arrows_and_no_dot(cell) -> None:
    every = horizon_figure(cell({5: 8, 10: 8, 20: 8})).axes[0]
    assert _dots(every, "o") == []
    assert len(_dots(every, ">")) == 1
    none = horizon_figure(cell({5: 0, 10: 0, 20: 0})).axes[0]
    assert _dots(none, "o") == []
    assert len(_dots(none, "<")) == 1


def test_a_row_a_cell_on_a_logarithmic_axis(cell) -> None:
    arms = [
        *cell({5: 8, 10: 0}, initialisation="pytorch"),
        *cell({5: 8, 10: 8}, initialisation="chrono"),
    ]
    ax = horizon_figure(arms).axes[0]
    assert ax.get_xscale() == "log"
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["LSTM, pytorch", "LSTM, chrono"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first on top
    assert "T" in ax.get_xlabel()


def test_without_runs_it_is_empty(cell) -> None:
    figure = horizon_figure(cell({5: 0, 10: 0}, runs=0))
    assert not figure.axes[0].patches
    to_png(figure)
