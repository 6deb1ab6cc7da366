"""Outcomes of whatever is trained on labelled examples: how accurate it gets, and when."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from assay.outcomes.outcome import Outcome, Value
from assay.outcomes.reading import mean
from assay.store.log import Log

THRESHOLD = 0.9
HIGH = 0.99
LAST_EPOCHS = 10
FLUCTUATION_EPOCHS = 20

_VALIDATION = "validation.accuracy"
_CHECK = "check.accuracy"


def best_accuracy(log: Log, _: int | None) -> Value:
    """The highest validation accuracy of any epoch."""
    return _value(log.curve(_VALIDATION), max)


def last_accuracy(log: Log, _: int | None) -> Value:
    """Validation accuracy after the last epoch."""
    return _value(log.curve(_VALIDATION), lambda values: values[-1])


def final_accuracy(log: Log, _: int | None) -> Value:
    """Mean validation accuracy of the last 10 epochs (of all, if fewer)."""
    return _value(log.curve(_VALIDATION)[-LAST_EPOCHS:], mean)


def updates_to_90(log: Log, _: int | None) -> Value:
    """Updates until 90 % on the validation subset: the first of two consecutive passes."""
    return updates_to(log, THRESHOLD)


def updates_to(log: Log, accuracy: float) -> Value:
    """Updates until an accuracy on the validation subset: the first of two consecutive passes."""
    for (update, first), (_, following) in pairwise(log.points(_CHECK)):
        if first >= accuracy and following >= accuracy:
            return Value(float(update))
    return Value(None, censored_at=log.updates)


def reached_accuracy(log: Log, _: int | None) -> Value:
    """The highest accuracy on the validation subset that two consecutive checks reach."""
    return _value([min(pair) for pair in pairwise(log.curve(_CHECK))], max)


def best_minus_last(log: Log, _: int | None) -> Value:
    """How far validation accuracy fell from its best epoch to its last."""
    return _value(log.curve(_VALIDATION), lambda values: max(values) - values[-1])


def fluctuation(name: str, log: Log, _: int | None) -> Value:
    """Standard deviation of a number of each epoch over the last 20."""
    import numpy as np

    last = log.curve(name)[-FLUCTUATION_EPOCHS:]
    return Value(float(np.std(last, ddof=1)) if len(last) >= 2 else None)


def dips(log: Log, _: int | None) -> Value:
    """Share of checks below 90 % among those after 99 % was first reached, twice in a row."""
    reached = updates_to(log, HIGH).value
    after = [value for update, value in log.points(_CHECK) if reached and update > reached]
    return _value([value < THRESHOLD for value in after], mean)


def mean_over_epochs(name: str, log: Log, _: int | None) -> Value:
    """Mean over epochs of a number of each."""
    return _value(log.curve(name), mean)


def _value(values: Sequence[float], summary: Callable[[Any], Any]) -> Value:
    return Value(float(summary(values)) if values else None)


def _accuracy(
    describe: str,
    of: Callable[[Log, int | None], Value],
    reads: str = _VALIDATION,
    least: int = 1,
) -> Outcome:
    return Outcome(describe, "accuracy", of, (reads,), low=0, high=1, least=least)


ACCURACY_OUTCOMES: dict[str, Outcome] = {
    "best_accuracy": _accuracy("best validation accuracy", best_accuracy),
    "last_accuracy": _accuracy("last validation accuracy", last_accuracy),
    "final_accuracy": _accuracy(
        "validation accuracy, mean of the last 10 epochs (of all, if fewer)", final_accuracy
    ),
    "updates_to_90": Outcome(
        "updates to 90 % validation accuracy",
        "updates",
        updates_to_90,
        (_CHECK,),
        low=0,
        is_time=True,
        least=2,
    ),
    "reached_accuracy": _accuracy(
        "highest validation accuracy that two consecutive checks reach",
        reached_accuracy,
        _CHECK,
        least=2,
    ),
    "best_minus_last": Outcome(
        "best minus last validation accuracy",
        "accuracy",
        best_minus_last,
        (_VALIDATION,),
        low=0,
        high=1,
        spread=True,
    ),
    "accuracy_fluctuation": Outcome(
        "standard deviation of validation accuracy over the last 20 epochs (of all, if fewer)",
        "accuracy",
        partial(fluctuation, _VALIDATION),
        (_VALIDATION,),
        low=0,
        high=math.sqrt(0.5),  # of two epochs, 0 and 1
        spread=True,
        least=2,
    ),
    "dips": Outcome(
        "share of checks below 90 % after 99 % was reached",
        "share",
        dips,
        (_CHECK,),
        low=0,
        high=1,
        least=3,
    ),
    "loss_fluctuation": Outcome(
        "standard deviation of the training loss over the last 20 epochs (of all, if fewer)",
        "nats",
        partial(fluctuation, "training.loss"),
        ("training.loss",),
        low=0,
        spread=True,
        least=2,
    ),
    "update_norm": Outcome(
        "mean norm of an update",
        "norm",
        partial(mean_over_epochs, "training.update_norm"),
        ("training.update_norm",),
        low=0,
    ),
}
"""The outcomes that every training on labelled examples has, by name."""
