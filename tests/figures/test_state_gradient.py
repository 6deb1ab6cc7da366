import math

import numpy as np
import pytest

from assay.figures.state_gradient import END, moments, state_gradient_figure
from assay.figures.style import INK, SEED_ALPHA, to_png
from assay.store.log import Diverged, Probe

LN10 = math.log(10)


def _probe(update, whole, **parts):
    return Probe(update, "state_gradient", {"whole": whole, **parts})


def _log(whole, end=700, **parts):
    return [_probe(update, whole, **parts) for update in (0, 625, end)]


def _whole(ax, label):
    return next(line for line in ax.lines if line.get_label() == label)


def _seeds(ax):
    return [line for line in ax.lines if line.get_alpha() == SEED_ALPHA]


def _part(ax, part):
    return next(line for line in ax.lines if line.get_label() == f"_{part}")


def test_natural_logs_become_log10_by_lag(make_arm) -> None:
    logs = [_log([-4.0, -3.0, -2.0, -1.0]), _log([-6.0, -4.0, -2.5, -1.0])]
    figure = state_gradient_figure([make_arm(logs, cell="rnn")])
    line = _whole(figure.axes[0], "T = 5")
    assert line.get_xdata().tolist() == [0, 1, 2, 3]
    assert line.get_ydata() == pytest.approx(np.array([-1.0, -2.25, -3.5, -5.0]) / LN10)
    drawn = [seed.get_ydata().tolist() for seed in _seeds(figure.axes[0])]
    np.testing.assert_allclose(drawn, np.array([[-1, -2, -3, -4], [-1.0, -2.5, -4.0, -6.0]]) / LN10)


def test_axes_say_what_they_measure(make_arm) -> None:
    figure = state_gradient_figure([make_arm([_log([-2.0, -1.0])])])
    assert figure.get_supxlabel() == "lag: steps back from the last input"
    assert figure.get_supylabel() == "log10 of the norm of ∂loss/∂state"


def test_a_row_a_cell_a_column_a_moment(make_arm) -> None:
    arms = [
        make_arm([_log([-2.0] * 4)], cell="rnn"),
        make_arm([_log([-2.0] * 19, end=1875)], cell="rnn", length=20),
        make_arm([_log([-2.0] * 4)], cell="lstm"),
        make_arm([_log([-2.0] * 4)], cell="lstm", lstm_form="as_reported"),
    ]
    figure = state_gradient_figure(arms)
    axes = np.array(figure.axes).reshape(3, 3)
    assert [ax.get_title(loc="left") for ax in axes[0]] == [
        "untrained",
        "after 625 updates",
        "at the end",
    ]
    assert [ax.get_ylabel() for ax in axes[:, 0]] == ["RNN", "LSTM", "LSTM as reported"]
    for ax in axes[0]:
        assert {"T = 5", "T = 20"} <= {line.get_label() for line in ax.lines}
    # The same length looks the same in every row.
    assert len({_whole(ax, "T = 5").get_color() for ax in axes[:, 0]}) == 1


def test_the_parts_of_an_lstm_are_drawn_lightly(make_arm) -> None:
    logs = [_log([-2.0, -1.0], part0=[-4.0, -3.0], part1=[None, -5.0])]
    figure = state_gradient_figure([make_arm(logs, length=3)])
    ax = figure.axes[0]
    assert _part(ax, "part0").get_ydata() == pytest.approx(np.array([-3.0, -4.0]) / LN10)
    assert np.isnan(_part(ax, "part1").get_ydata()[1])
    assert _part(ax, "part0").get_linewidth() < _whole(ax, "T = 3").get_linewidth()
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["T = 3", "one seed", "h alone", "c alone"]


def test_a_norm_that_vanished_altogether_is_a_gap(make_arm) -> None:
    figure = state_gradient_figure([make_arm([_log([None, -3.0, None, -1.0])], cell="rnn")])
    values = _whole(figure.axes[0], "T = 5").get_ydata()
    assert np.isnan(values).tolist() == [False, True, False, True]
    to_png(figure)


def test_the_end_is_drawn_once(make_arm) -> None:
    at_625 = make_arm([_log([-1.0, -1.0], end=625)])
    assert moments([at_625]) == [0, 625]
    assert moments([make_arm([_log([-1.0, -1.0], end=700)])]) == [0, 625, 700]
    later = make_arm([_log([-1.0, -1.0], end=1875)])
    assert moments([at_625, later]) == [0, 625, END]


def test_a_run_that_diverged_has_no_end(make_arm) -> None:
    broken = [_probe(0, [-1.0, -1.0]), Diverged(300)]
    arms = [
        make_arm([_log([-1.0, -1.0], end=700), broken]),
        make_arm([_log([-1.0] * 9, end=1875)], length=10),
    ]
    assert moments(arms) == [0, 625, END]
    figure = state_gradient_figure(arms)
    assert [len(_seeds(ax)) for ax in figure.axes] == [3, 2, 2]


def test_arms_of_one_length_are_named_by_what_differs(make_arm) -> None:
    arms = [
        make_arm([_log([-1.0, -1.0])], point={"learning_rate": rate}, learning_rate=rate)
        for rate in (1e-2, 1e-4)
    ]
    figure = state_gradient_figure(arms)
    labels = {line.get_label() for line in figure.axes[0].lines}
    assert {"learning_rate = 1e-2", "learning_rate = 1e-4"} <= labels


def test_arms_that_only_a_title_tells_apart_have_it(make_arm) -> None:
    arms = [
        make_arm([_log([-1.0, -1.0])], title=title, cell="mingru", cell_options={"layers": layers})
        for title, layers in (("minGRU", 1), ("minGRU of 3 layers", 3))
    ]
    figure = state_gradient_figure(arms)
    assert {"minGRU", "minGRU of 3 layers"} <= {line.get_label() for line in figure.axes[0].lines}
    assert figure.axes[0].get_ylabel() == "minGRU"


def test_nothing_measured_is_said(make_arm) -> None:
    figure = state_gradient_figure([make_arm([[Diverged(1)]])])
    assert figure.axes[0].get_title(loc="left") == "no gradient was measured"
    to_png(figure)


def test_an_arm_alone_in_its_row_is_named_by_the_row(make_arm) -> None:
    arms = [
        make_arm([_log([-1.0, -1.0])], cell="rnn", point={"learning_rate": 1e-2}),
        make_arm([_log([-1.0, -1.0])], cell="rnn", point={"learning_rate": 1e-4}),
        make_arm([_log([-1.0, -1.0])], cell="lru"),
    ]
    figure = state_gradient_figure(arms)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["learning_rate = 1e-2", "learning_rate = 1e-4", "one seed"]
    assert {line.get_color() for line in figure.axes[-1].lines} == {INK}
