"""What an outcome gives is a value, whatever log it is read of and whoever wrote it."""

import math

import numpy as np
import pytest

from assay.config import GanConfig, MemoryConfig, kind_named
from assay.errors import AssayError, DataError, PluginError, StoreError
from assay.outcomes.outcome import Outcome, Value
from assay.store.log import Check, Epoch, Log, Probe

LOG = Log((Check(25, {"accuracy": 0.5}),), "store/a/metrics.jsonl")


def giving(found: object, *, is_time: bool = False) -> Outcome:
    return Outcome("the share", "u", lambda log, update: found, (), is_time=is_time)  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    ("found", "value"),
    [
        (Value(0.5), 0.5),
        (Value(None), None),
        (Value(3), 3.0),
        (Value(np.float32(0.25)), 0.25),  # type: ignore[arg-type]
        (Value(math.nan), None),
        (Value(math.inf), None),
        (Value(-math.inf), None),
    ],
)
def test_a_value_is_finite_or_none(found: Value, value: float | None) -> None:
    given = giving(found)(LOG, None).value
    assert given == value
    assert type(given) is type(value)


@pytest.mark.parametrize("found", ["high", True, [1.0], {"a": 1}])
def test_what_is_no_number_is_named_with_the_run(found: object) -> None:
    with pytest.raises(PluginError, match=r"the share gives .* for store/a/metrics\.jsonl: it sho"):
        giving(Value(found))(LOG, None)  # type: ignore[arg-type]


def test_a_time_that_never_came_is_when_the_run_ended() -> None:
    for found in (Value(None), Value(math.inf), Value(math.nan)):
        assert giving(found, is_time=True)(LOG, None) == Value(None, censored_at=25)
    assert giving(Value(None, 7), is_time=True)(LOG, None) == Value(None, 7)
    assert giving(Value(7.0), is_time=True)(LOG, None) == Value(7.0)


def test_what_it_raises_is_a_sentence_with_the_run() -> None:
    def failing(error: BaseException) -> Outcome:
        def fails(log: Log, update: int | None) -> Value:
            raise error

        return Outcome("the share", "u", fails, ())

    for error in (KeyError("loss"), ZeroDivisionError(), SystemExit(3)):
        with pytest.raises(StoreError, match=r"store/a/metrics\.jsonl: the share cannot be told"):
            failing(error)(LOG, None)
    with pytest.raises(DataError, match=r"^as it was$"):
        failing(DataError("as it was"))(LOG, None)


ODD = Log(
    (
        Epoch(1, 7, {}, {"accuracy": 0.5}),
        Probe(7, "state_gradient", {"part0": [1.0]}),
        Probe(7, "quality", {"frechet": "low", "near": {"a": 1}}),
        Probe(7, "quality_floor", {"floor": {"frechet": 0.5}}),
        Probe(7, "passage", {"copies": 0.5}),
    ),
    "store/b/metrics.jsonl",
)


@pytest.mark.parametrize("config", [MemoryConfig(), GanConfig()], ids=lambda config: config.kind)
def test_a_log_of_another_program_is_read_or_refused_in_a_sentence(config: object) -> None:
    """Its lines have their form, but not all of the numbers that assay's own training logs."""
    refused = []
    for outcome in kind_named(config.kind).outcomes.values():  # type: ignore[attr-defined]
        try:
            assert isinstance(outcome(ODD, None), Value)
        except AssayError as error:
            refused.append(str(error))
    assert refused
    assert all("store/b/metrics.jsonl" in message for message in refused)
