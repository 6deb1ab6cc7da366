"""The figure of numbers over steps."""

import numpy as np

from assay.claims.evidence import ArmRuns
from assay.figures.logged import PANELS, POINTS, averaged, logged_figure
from assay.kinds.command.config import CommandConfig
from assay.kinds.own.figure import LoggedSettings
from assay.store.log import Log, Numbers
from assay.study import Arm


def runs(rate: float, logs: list[Log]) -> ArmRuns:
    config = CommandConfig(command="echo {rate}", pattern="a {b}", rate=rate)
    arm = Arm("rates", "rates", {"rate": rate}, config, 3, config)
    return ArmRuns(arm, list(range(len(logs))), logs, [])


def log(names: list[str], steps: int, factor: float = 1.0) -> Log:
    lines = [Numbers(at, dict.fromkeys(names, factor * at)) for at in range(1, steps + 1)]
    return Log(tuple(lines))


def test_a_panel_a_number_and_a_line_an_arm() -> None:
    arms = [runs(rate, [log(["loss", "acc"], 5, rate), log(["loss", "acc"], 5)]) for rate in (1, 2)]
    figure = logged_figure(arms, LoggedSettings())
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["acc", "loss"]
    assert [len(ax.get_lines()) for ax in figure.axes] == [6, 6]
    (legend,) = figure.legends
    texts = [text.get_text() for text in legend.get_texts()]
    assert texts == [
        "rate = 1 (2 of 3 seeds), median",
        "rate = 2 (2 of 3 seeds), median",
        "one seed",
    ]


def test_a_number_told_once_is_left_out_where_others_have_curves() -> None:
    line = Numbers(5, {"final": 1.0})
    figure = logged_figure([runs(1, [Log((*log(["loss"], 5).lines, line))])], LoggedSettings())
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["loss"]
    alone = logged_figure([runs(1, [Log((line,))])], LoggedSettings())
    assert [ax.get_title(loc="left") for ax in alone.axes] == ["final"]


def test_many_numbers_and_many_steps_stay_small() -> None:
    many = log([f"n{index}" for index in range(20)], 3)
    figure = logged_figure([runs(1, [many])], LoggedSettings())
    assert len([ax for ax in figure.axes if ax.get_lines()]) == PANELS
    line = averaged(log(["a"], 10_001), "a")
    assert len(line.x) <= POINTS
    assert np.isclose(line.x[-1], 10_001)


def test_nothing_to_draw_is_said() -> None:
    figure = logged_figure([runs(1, [])], LoggedSettings())
    assert [text.get_text() for text in figure.axes[0].texts] == ["no finished run"]


def test_a_study_may_say_which_numbers_in_which_order() -> None:
    many = log([f"n{index}" for index in range(20)], 3)
    figure = logged_figure([runs(1, [many])], LoggedSettings(numbers=["n9", "none", "n3"]))
    drawn = [ax for ax in figure.axes if ax.axison]
    assert [ax.get_title(loc="left") for ax in drawn] == ["n9", "none", "n3"]
    assert [text.get_text() for ax in drawn for text in ax.texts] == ["no run told it"]
