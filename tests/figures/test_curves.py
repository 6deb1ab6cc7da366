import copy
import warnings

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assay.figures.curves import FEW_EPOCHS, arm_curves, curves_figure
from assay.figures.style import SEED_ALPHA, style, to_svg
from assay.store.log import Diverged, Log


def _axes() -> Axes:
    with style():
        return Figure().subplots()


def _seeds(ax, colour=None):
    found = [line for line in ax.lines if line.get_alpha() == SEED_ALPHA]
    return [line for line in found if colour is None or line.get_color() == colour]


def _labelled(ax, label):
    return next(line for line in ax.lines if line.get_label() == label)


def _row(figure, row):
    columns = 2
    return figure.axes[row * columns], figure.axes[row * columns + 1]


def test_every_seed_and_the_median_are_drawn_as_they_are(make_arm, epoch_log) -> None:
    accuracies = [np.linspace(0.1, top, 20).tolist() for top in (0.5, 0.8, 0.9)]
    figure = curves_figure([make_arm([epoch_log(each) for each in accuracies])])
    accuracy, loss = _row(figure, 0)

    median = _labelled(accuracy, "validation, median")
    assert median.get_xdata().tolist() == list(range(1, 21))
    np.testing.assert_array_equal(median.get_ydata(), np.median(accuracies, axis=0))
    drawn = [line.get_ydata().tolist() for line in _seeds(accuracy, median.get_color())]
    assert drawn == accuracies

    median = _labelled(loss, "training, median")
    np.testing.assert_array_equal(median.get_ydata(), np.median(1.5 - np.array(accuracies), axis=0))
    drawn = [line.get_ydata() for line in _seeds(loss, median.get_color())]
    np.testing.assert_array_equal(drawn, 1.5 - np.array(accuracies))


def test_axes_name_their_units(make_arm, epoch_log) -> None:
    accuracy, loss = _row(curves_figure([make_arm([epoch_log([0.5] * 12)])]), 0)
    assert accuracy.get_ylabel() == "accuracy [%]"
    assert loss.get_ylabel() == "loss [nats]"
    assert loss.get_xlabel() == accuracy.get_xlabel() == "epoch"


@pytest.mark.parametrize(("task", "label"), [("adding", "loss [squared error]"), ("m:f", "loss")])
def test_the_loss_of_another_task_has_its_own_unit(make_arm, epoch_log, task, label) -> None:
    accuracy, loss = _row(curves_figure([make_arm([epoch_log([0.5])], task=task)]), 0)
    assert loss.get_ylabel() == label
    assert not any("chance" in str(line.get_label()) for line in accuracy.lines)


def test_guessing_is_marked_for_palindromes(make_arm, epoch_log) -> None:
    accuracy, _ = _row(curves_figure([make_arm([epoch_log([0.5])])]), 0)
    assert set(_labelled(accuracy, "chance, 10 %").get_ydata()) == {0.1}


def test_few_epochs_show_the_looks_between(make_arm, epoch_log) -> None:
    logs = [epoch_log([0.4, 0.8], per_epoch=100, check_every=25)]
    accuracy, loss = _row(curves_figure([make_arm(logs)]), 0)
    median = _labelled(accuracy, "validation, median")
    assert median.get_xdata().tolist() == [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]
    assert median.get_ydata().tolist() == [0.1, 0.2, 0.3, 0.4, 0.2, 0.4, 0.6, 0.8]
    assert _labelled(accuracy, "training, median").get_xdata().tolist() == [1, 2]
    assert _labelled(loss, "validation, median").get_xdata().tolist() == [1, 2]


def test_many_epochs_show_the_whole_validation_set(epoch_log) -> None:
    few = arm_curves([Log(tuple(epoch_log([0.5] * (FEW_EPOCHS - 1), 100, 25)))], 100)
    many = arm_curves([Log(tuple(epoch_log([0.5] * FEW_EPOCHS, 100, 25)))], 100)
    assert len(few.accuracy["validation"].median.x) == 4 * (FEW_EPOCHS - 1)
    assert len(many.accuracy["validation"].median.x) == FEW_EPOCHS


def test_one_epoch_is_a_visible_point(make_arm, epoch_log) -> None:
    accuracy, loss = _row(curves_figure([make_arm([epoch_log([0.4]), epoch_log([0.6])])]), 0)
    for ax in (accuracy, loss):
        for line in (_labelled(ax, "validation, median"), *_seeds(ax)):
            assert len(line.get_xdata()) == 1
            assert line.get_marker() not in ("", "None", None)
    assert _labelled(accuracy, "validation, median").get_ydata().tolist() == [0.5]


def test_a_value_that_was_not_finite_is_a_gap(make_arm, epoch_log) -> None:
    logs = [epoch_log([0.2, None, 0.6] + [0.6] * 9), epoch_log([0.4, 0.5, None] + [0.8] * 9)]
    accuracy, _ = _row(curves_figure([make_arm(logs)]), 0)
    median = _labelled(accuracy, "validation, median")
    assert median.get_ydata()[:3] == pytest.approx([0.3, 0.5, 0.6])
    assert np.isnan(_seeds(accuracy, median.get_color())[0].get_ydata()[1])


def test_a_median_of_nothing_is_a_gap(make_arm, epoch_log) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        accuracy, _ = _row(curves_figure([make_arm([epoch_log([None] * 12)])]), 0)
    assert np.isnan(_labelled(accuracy, "validation, median").get_ydata()).all()


def test_seeds_of_different_length_have_a_median_of_those_still_there(make_arm, epoch_log) -> None:
    short = [*epoch_log([0.2] * 11), Diverged(80)]
    accuracy, _ = _row(curves_figure([make_arm([short, epoch_log([0.6] * 13)])]), 0)
    median = _labelled(accuracy, "validation, median").get_ydata()
    assert median[:11] == pytest.approx([0.4] * 11)
    assert median[11:] == pytest.approx([0.6] * 2)
    assert _labelled(accuracy, "a run diverged").get_xdata() == pytest.approx([80 / 7])


def test_a_run_that_diverged_in_any_row_is_in_the_legend(make_arm, epoch_log) -> None:
    rows = [make_arm([epoch_log([0.5])]), make_arm([[Diverged(3)]])]
    figure = curves_figure(rows)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "a run diverged" in labels
    assert "one seed" in labels


def test_arms_with_other_epochs_are_drawn_over_updates(make_arm, epoch_log) -> None:
    rows = [make_arm([epoch_log([0.5] * 12, 7)]), make_arm([epoch_log([0.5] * 12, 625)])]
    figure = curves_figure(rows)
    accuracy, _ = _row(figure, 1)
    assert accuracy.get_xlabel() == "updates"
    assert _labelled(accuracy, "validation, median").get_xdata()[-1] == 7500


def test_epochs_are_also_counted_in_updates(make_arm, epoch_log) -> None:
    accuracy, _ = _row(curves_figure([make_arm([epoch_log([0.5] * 12, 7)])]), 0)
    top = accuracy.child_axes[0]
    accuracy.figure.draw_without_rendering()
    low, high = accuracy.get_xlim()
    assert top.get_xlabel() == "updates"
    assert top.get_xlim() == pytest.approx((7 * low, 7 * high))


def test_no_row_of_a_shared_axis_is_cut_off(make_arm, epoch_log) -> None:
    steep = epoch_log([0.5] * 12)
    for line in steep:
        line.validation["loss"] = 40.0
    figure = curves_figure([make_arm([epoch_log([0.99] * 12)]), make_arm([steep])])
    _, loss = _row(figure, 0)
    low, high = loss.get_ylim()
    assert low == 0
    assert high > 40


def test_an_arm_without_runs_says_so(make_arm) -> None:
    accuracy, _ = _row(curves_figure([make_arm([], planned=3)]), 0)
    assert [text.get_text() for text in accuracy.texts] == ["no finished run"]
    assert accuracy.get_title(loc="left") == "LSTM, T = 5 (0 of 3 seeds)"


def test_a_row_is_named_by_its_arm(make_arm, epoch_log) -> None:
    arm = make_arm([epoch_log([0.5])], point={"learning_rate": 1e-2, "lstm_form": "as_reported"})
    accuracy, _ = _row(curves_figure([arm]), 0)
    title = accuracy.get_title(loc="left")
    assert title == "LSTM, T = 5 · learning_rate = 1e-2, lstm_form = as_reported (1 seed)"


def test_a_title_is_no_formula_and_no_markup(make_arm, epoch_log) -> None:
    svg = to_svg(curves_figure([make_arm([epoch_log([0.5])], title="$\\frac{1$ <b>&")]))
    assert b"$\\frac{1$ &lt;b&gt;&amp;" in svg


def test_a_long_title_is_wrapped(make_arm, epoch_log) -> None:
    accuracy, _ = _row(curves_figure([make_arm([epoch_log([0.5])], title="word " * 60)]), 0)
    assert max(map(len, accuracy.get_title(loc="left").splitlines())) <= 90


def test_logs_are_left_as_they_are(make_arm, epoch_log) -> None:
    arm = make_arm([epoch_log([0.2, None, 0.4], 100, 25)])
    before = copy.deepcopy(arm.logs)
    to_svg(curves_figure([arm]))
    assert arm.logs == before


def test_seeds_that_cross_all_the_time_have_panels_of_their_own(make_arm, epoch_log) -> None:
    seeds = [[0.1 + 0.2 * ((epoch + seed) % 4) for epoch in range(30)] for seed in range(5)]
    figure = curves_figure([make_arm([epoch_log(each) for each in seeds])])
    left, _, *panels = [ax for ax in figure.axes if ax.axison]
    drawn = [ax.lines[0].get_ydata().tolist() for ax in panels]
    assert drawn == seeds
    assert [ax.get_title(loc="left") for ax in panels] == [f"seed {each}" for each in range(5)]
    assert _seeds(left) == []  # how far they reach is drawn in their place
    assert len(left.collections) == 1
    calm = curves_figure([make_arm([epoch_log([0.5] * 30) for _ in seeds])])
    assert len(_seeds(calm.axes[0])) == 10
