"""What a run comes to by one logged number, and by the outcomes of accuracy."""

import math

import pytest

from assay.config import GanConfig, MemoryConfig, kind_named
from assay.outcomes.find import outcome_of
from assay.outcomes.outcome import Outcome, Value
from assay.outcomes.reading import At, logged_outcome
from assay.store.log import Check, Epoch, Log, Numbers, Probe


def log(*values: float | None) -> Log:
    """Checks of an accuracy, 25 updates apart."""
    return Log(tuple(Check(25 * n, {"accuracy": v}) for n, v in enumerate(values, start=1)))


def read(at: str, found: Log, update: int | None = None) -> Value:
    return logged_outcome("check.accuracy", At.of(at), None, "accuracy").of(found, update)


@pytest.mark.parametrize(
    ("at", "value"),
    [
        ("last", 0.7),
        ("best", 0.9),
        ("lowest", 0.1),
        ("mean of last 2", 0.8),
        ("mean of last 10", 0.55),
        ("first time above 0.4", 50.0),
        ("first time above .55", 75.0),
        ("first time below 0.55", 25.0),
        ("first time below 2e-1", 25.0),
    ],
)
def test_a_logged_number_is_read_as_at_says(at: str, value: float) -> None:
    assert read(at, log(0.1, 0.5, 0.9, 0.7)).value == pytest.approx(value)


def test_above_is_more_and_not_as_much() -> None:
    assert read("first time above 0.9", log(0.9, 0.91)).value == 50.0
    assert read("first time below 0.1", log(0.1, 0.09)).value == 50.0
    assert read("first time above 0.91", log(0.9, 0.91)) == Value(None, censored_at=50)


def test_at_an_update_it_is_the_last_that_was_logged() -> None:
    found = log(0.1, 0.5, 0.9)
    assert [read("last", found, at).value for at in (24, 25, 49, 50, 1_000)] == [
        *(None, 0.1, 0.1, 0.5, 0.9)
    ]


def test_what_is_logged_at_stated_updates_is_read_at_that_one_alone() -> None:
    found = Log((Probe(0, "quality", {"near": 0.1}), Probe(500, "quality", {"near": 0.2})))
    near = named("quality.near", kind="gan")
    assert [near.of(found, at).value for at in (0, 499, 500, 1_000)] == [0.1, None, 0.2, None]
    assert near.of(found, None).value == 0.2


def test_what_is_not_finite_is_no_value() -> None:
    assert read("last", log(0.1, None)).value is None
    assert read("mean of last 2", log(0.1, None)).value is None
    assert read("best", log(0.1, None, 0.05)).value == 0.1
    assert read("lowest", log(None, None)).value is None
    assert read("first time above 0.5", log(None, 0.6)).value == 50.0
    assert read("last", Log()).value is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "end", "Last", "update", "update -1", "mean of last", "mean of last 0"),
        *("mean of last 1.5", "first time above", "first time above nan", "first time over 3"),
    ],
)
def test_what_at_does_not_say_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="last, best, lowest, mean of last N, first time above"):
        At.of(text)


def named(name: str, at: str = "last", kind: str = "memory") -> Outcome:
    config = MemoryConfig() if kind == "memory" else GanConfig()
    return outcome_of(kind_named(kind), config, name, At.of(at), ".")


def test_known_numbers_have_their_unit_and_range() -> None:
    for name in ("validation.accuracy", "training.accuracy", "check.accuracy"):
        found = named(name)
        assert (found.unit, found.low, found.high) == ("accuracy", 0, 1)
    assert named("training.loss").unit == named("validation.loss").unit == "nats"
    assert named("training.clipped").high == 1
    assert named("quality.frechet", kind="gan").unit == "squared feature distance"
    assert named("quality.near", kind="gan").high == 1
    assert named("check.accuracy_real", kind="gan").high == 1
    assert named("training.gradient_norm").high is None


def test_a_time_is_one_that_may_not_come() -> None:
    found = named("validation.accuracy", "first time above 0.5")
    assert (found.is_time, found.unit, found.at_moments) == (True, "updates", False)
    assert found.describe == "updates to validation.accuracy above 0.5"
    assert named("validation.accuracy", "mean of last 3").describe == (
        "mean of the last 3 (of all, if fewer) of validation.accuracy"
    )


def test_every_place_of_a_log_is_read() -> None:
    found = Log(
        (
            Epoch(1, 7, {"loss": 1.0}, {"loss": 2.0}),
            Probe(7, "quality", {"near": 0.5}),
            Numbers(9, {"reward": 4.0, "eval.f1": 0.25}),
        )
    )
    for name, value in (
        *(("training.loss", 1.0), ("validation.loss", 2.0), ("quality.near", 0.5)),
        *(("reward", 4.0), ("eval.f1", 0.25)),
    ):
        assert logged_outcome(name, At(), None, "u").of(found, None).value == value


EPOCHS = [0.2, 0.9, 0.4, 0.6]


def of_epochs(name: str, accuracies: list[float]) -> float | None:
    lines = tuple(
        Epoch(n, 7 * n, {"loss": 1 - value, "update_norm": value}, {"accuracy": value})
        for n, value in enumerate(accuracies, start=1)
    )
    return kind_named("memory").outcomes[name].of(Log(lines), None).value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("best_accuracy", 0.9),
        ("last_accuracy", 0.6),
        ("final_accuracy", 2.1 / 4),
        ("best_minus_last", 0.3),
        ("update_norm", 2.1 / 4),
        ("accuracy_fluctuation", math.sqrt(0.2675 / 3)),
        ("loss_fluctuation", math.sqrt(0.2675 / 3)),
    ],
)
def test_outcomes_of_epochs(name: str, value: float) -> None:
    assert of_epochs(name, EPOCHS) == pytest.approx(value)
    assert of_epochs(name, []) is None


def test_ends_are_of_ten_and_twenty_epochs() -> None:
    assert of_epochs("final_accuracy", [1.0, *[0.5] * 10]) == 0.5
    assert of_epochs("accuracy_fluctuation", [1.0, *[0.5] * 20]) == 0
    assert of_epochs("accuracy_fluctuation", [0.5]) is None


@pytest.mark.parametrize(
    ("checks", "share"),
    [
        ([0.5, 0.99, 0.99, 0.8, 0.95, 0.89], 2 / 4),
        ([0.99, 0.5, 0.99, 1.0, 0.9, 0.9], 0.0),
        ([0.99, 0.98, 0.99], None),  # never twice in a row
        ([0.5, 0.99, 0.99], 0.0),
    ],
)
def test_dips_are_counted_once_99_percent_was_reached(checks, share) -> None:
    log = Log(tuple(Check(25 * n, {"accuracy": v}) for n, v in enumerate(checks, start=1)))
    assert kind_named("memory").outcomes["dips"].of(log, None).value == share


def test_a_time_is_the_first_of_two_passes() -> None:
    times = kind_named("memory").outcomes["updates_to_90"]
    assert times.of(log(0.95, 0.5, 0.9, 0.92), None) == Value(75.0)
    assert times.of(log(0.95, 0.5, 0.95), None) == Value(None, censored_at=75)
