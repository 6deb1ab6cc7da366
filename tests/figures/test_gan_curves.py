"""Losses and accuracies of a GAN's training."""

import numpy as np
import pytest

from assay.figures.gan_curves import averaged, gan_curves_figure
from assay.store.log import Alarm, Log
from tests.figures.made_up_gans import gan_arm, gan_log, losses


def test_many_checks_are_averaged_and_few_are_not() -> None:
    log = Log(tuple(gan_log()))
    raw = [check.measures["generator_loss"] for check in log.checks]
    few = averaged(log, "generator_loss")
    assert few.y.tolist() == raw
    assert few.x.tolist() == [50 * number for number in range(1, 41)]
    coarse = averaged(log, "generator_loss", points=7)
    assert coarse.y[0] == pytest.approx(np.mean(raw[:6]))
    assert coarse.x[0] == 300
    assert len(coarse.x) == 7


def test_losses_and_accuracies_of_every_seed_are_drawn(make_arm) -> None:
    logs = [gan_log(0), gan_log(1), gan_log(2)]
    logs[0].append(Alarm(400, "samples collapsed"))
    figure = gan_curves_figure([make_arm(logs)])
    left, right = figure.axes
    assert left.get_ylabel() == "loss [nats]"
    assert "[%]" in right.get_ylabel()
    assert len(left.get_lines()) == 2 * (3 + 1)
    medians = [line for line in left.get_lines() if line.get_label() == "generator"]
    expected = np.median([averaged(Log(tuple(log)), "generator_loss").y for log in logs], axis=0)
    np.testing.assert_allclose(medians[0].get_ydata(), expected)
    alarms = [line for line in right.get_lines() if line.get_label() == "alarm"]
    assert list(alarms[0].get_xdata()) == [400]
    assert right.get_xlabel() == "iterations"


@pytest.mark.parametrize(
    ("loss", "unit"),
    [
        ("wgan_gp", "loss"),
        ("r3gan", "loss"),
        ("my:Loss", "loss"),
        ("minimax", "loss [nats]"),
        ("non_saturating", "loss [nats]"),
    ],
)
def test_an_axis_of_losses_holds_all_of_them(loss: str, unit: str) -> None:
    negative = gan_arm([losses([-6.8, -8.2, 0.5]), losses([-0.7, -9.5, 1.0])], loss=loss)
    positive = gan_arm([losses([0.7, 0.9, 3.0])], loss=loss)
    figure = gan_curves_figure([negative, positive])
    left, other = figure.axes[0], figure.axes[2]
    assert left.get_ylim()[0] < -9.5
    assert left.get_ylim()[1] > 1.0
    assert other.get_ylim()[0] == 0
    assert left.get_ylabel() == unit
