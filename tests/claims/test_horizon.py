"""From the runs of a study to its horizons."""

from typing import Any

import pytest

from assay.claims.evidence import ArmRuns
from assay.claims.horizon import SOLVED, Point, horizons
from assay.config import MemoryConfig
from assay.outcomes.accuracy import reached_accuracy
from assay.store.log import Check, Diverged, Log
from assay.study import Arm


def log(*accuracies: float, diverged: bool = False) -> Log:
    checks = [
        Check(25 * number, {"accuracy": accuracy})
        for number, accuracy in enumerate(accuracies, start=1)
    ]
    return Log((*checks, Diverged(25 * len(checks))) if diverged else tuple(checks))


GOOD, LUCKY, BAD = log(0.2, 0.995, 0.99), log(0.995, 0.5, 1.0), log(0.1, 0.1)


def arm(length: int, *logs: Log, experiment: str = "lstm", **axes: Any) -> ArmRuns:
    config = MemoryConfig(length=length, updates=100, stop_accuracy=axes.pop("stop", None))
    made = Arm(experiment, "LSTM", {**axes, "length": length}, config, len(logs), config)
    diverged = [seed for seed, each in enumerate(logs) if each.diverged]
    return ArmRuns(made, list(range(len(logs))), list(logs), diverged)


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [(GOOD, 0.99), (LUCKY, 0.5), (BAD, 0.1), (log(0.7), None), (log(), None)],
)
def test_what_is_reached_is_what_two_checks_in_a_row_hold(lines: Log, wanted: float | None) -> None:
    assert reached_accuracy(lines, None).value == wanted


def test_a_run_is_solved_by_two_checks_and_not_if_it_diverged() -> None:
    broken = log(1.0, 1.0, 1.0, diverged=True)
    (found,) = horizons([arm(10, GOOD, LUCKY, BAD, broken, GOOD), arm(5, GOOD, GOOD)])
    assert found.points == [Point(5, 2, 2), Point(10, 2, 5)]
    assert found.level == SOLVED
    assert found.updates == 100
    assert found.longest == 5
    assert found.fit is not None


def test_the_level_is_that_at_which_the_runs_stop() -> None:
    (found,) = horizons([arm(5, log(0.9, 0.9), stop=0.9), arm(10, log(0.8, 0.9), stop=0.9)])
    assert found.level == 0.9
    assert [point.solved for point in found.points] == [1, 0]


def test_a_horizon_is_an_experiment_and_a_point_without_its_length() -> None:
    found = horizons(
        [
            arm(5, GOOD, initialisation="pytorch"),
            arm(5, GOOD, initialisation="chrono"),
            arm(10, BAD, initialisation="pytorch"),
            arm(10, GOOD, initialisation="chrono"),
            arm(5, GOOD, experiment="other", initialisation="chrono"),
        ]
    )
    assert [[point.solved for point in each.points] for each in found] == [[1, 0], [1, 1], [1]]
    assert [each.longest for each in found] == [5, 10, 5]


def test_lengths_without_runs_are_left_out() -> None:
    (found,) = horizons([arm(5, GOOD), arm(10), arm(20, BAD)])
    assert [point.length for point in found.points] == [5, 20]
    (alone,) = horizons([arm(5, BAD), arm(10)])
    assert alone.fit is None
    assert alone.longest is None
    (none,) = horizons([arm(5), arm(10)])
    assert none.points == []
