"""Outcomes: what a whole run comes to, as one number, computed from its metrics log.

The unit of replication is the run, so each outcome is one number a run.
"""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from assay.claims.image_outcomes import IMAGE_OUTCOMES
from assay.claims.logs import Log, Outcome, Value, curve, probe_line, trained_updates
from assay.metrics.slope import slope

THRESHOLD = 0.9
LAST_EPOCHS = 10
FLUCTUATION_EPOCHS = 20


def state_gradient(log: Log, update: int | None) -> dict[str, Any] | None:
    """The probe line of the gradient through time at `update`, or at the last one measured."""
    return probe_line(log, "state_gradient", update)


def best_accuracy(log: Log, _: int | None) -> Value:
    """The highest validation accuracy of any epoch."""
    return _value(curve(log, "validation", "accuracy"), max)


def last_accuracy(log: Log, _: int | None) -> Value:
    """Validation accuracy after the last epoch."""
    return _value(curve(log, "validation", "accuracy"), lambda values: values[-1])


def final_accuracy(log: Log, _: int | None) -> Value:
    """Mean validation accuracy of the last 10 epochs (of all, if fewer)."""
    return _value(curve(log, "validation", "accuracy")[-LAST_EPOCHS:], np.mean)


def updates_to_90(log: Log, _: int | None) -> Value:
    """Updates until 90 % on the validation subset: the first of two consecutive passes."""
    return updates_to(log, THRESHOLD)


def updates_to(log: Log, accuracy: float) -> Value:
    """Updates until an accuracy on the validation subset: the first of two consecutive passes."""
    checks = [(line["update"], line["check"]["accuracy"]) for line in log if "check" in line]
    for (update, first), (_, following) in pairwise(checks):
        if first >= accuracy and following >= accuracy:
            return Value(float(update))
    return Value(None, censored_at=trained_updates(log))


def reached_accuracy(log: Log, _: int | None) -> Value:
    """The highest accuracy on the validation subset that two consecutive checks reach."""
    checks = [line["check"]["accuracy"] for line in log if "check" in line]
    return _value([min(pair) for pair in pairwise(checks)], max)


def best_minus_last(log: Log, _: int | None) -> Value:
    """How far validation accuracy fell from its best epoch to its last."""
    return _value(curve(log, "validation", "accuracy"), lambda values: max(values) - values[-1])


def accuracy_fluctuation(log: Log, _: int | None) -> Value:
    """Standard deviation of validation accuracy over the last 20 epochs."""
    return _fluctuation(curve(log, "validation", "accuracy"))


def loss_fluctuation(log: Log, _: int | None) -> Value:
    """Standard deviation of the training loss of an epoch over the last 20 epochs."""
    return _fluctuation(curve(log, "training", "loss"))


def update_norm(log: Log, _: int | None) -> Value:
    """Mean over epochs of the mean norm of an update, ‖Δθ‖."""
    return _value(curve(log, "training", "update_norm"), np.mean)


def clipped_share(log: Log, _: int | None) -> Value:
    """Share of updates whose gradient was clipped."""
    return _value(curve(log, "training", "clipped"), np.mean)


def gradient_change(log: Log, update: int | None) -> Value:
    """|log ‖∂L/∂s₁‖ − log ‖∂L/∂s_T‖|: how much the gradient shrinks or grows on its way back."""
    line = state_gradient(log, update)
    if line is None or line["whole"][0] is None or line["whole"][-1] is None:
        return Value(None)
    return Value(abs(line["whole"][0] - line["whole"][-1]))


def gradient_slope(log: Log, update: int | None) -> Value:
    """Slope of log ‖∂L/∂s_t‖ in the lag T − t: below 0 the gradient vanishes, above it explodes."""
    line = state_gradient(log, update)
    found = math.nan if line is None else slope(line["whole"])
    return Value(None if math.isnan(found) else found)


def _value(values: list[float], summary: Callable[[list[float]], Any]) -> Value:
    return Value(float(summary(values)) if values else None)


def _fluctuation(values: list[float]) -> Value:
    last = values[-FLUCTUATION_EPOCHS:]
    return Value(float(np.std(last, ddof=1)) if len(last) >= 2 else None)


OUTCOMES: dict[str, Outcome] = {
    "best_accuracy": Outcome("best validation accuracy", "accuracy", best_accuracy),
    "last_accuracy": Outcome("last validation accuracy", "accuracy", last_accuracy),
    "final_accuracy": Outcome(
        "validation accuracy, mean of the last 10 epochs (of all, if fewer)",
        "accuracy",
        final_accuracy,
    ),
    "updates_to_90": Outcome("updates to 90 % validation accuracy", "updates", updates_to_90),
    "reached_accuracy": Outcome(
        "highest validation accuracy that two consecutive checks reach",
        "accuracy",
        reached_accuracy,
    ),
    "best_minus_last": Outcome("best minus last validation accuracy", "accuracy", best_minus_last),
    "accuracy_fluctuation": Outcome(
        "standard deviation of validation accuracy over the last 20 epochs (of all, if fewer)",
        "accuracy",
        accuracy_fluctuation,
    ),
    "loss_fluctuation": Outcome(
        "standard deviation of the training loss over the last 20 epochs (of all, if fewer)",
        "nats",
        loss_fluctuation,
    ),
    "update_norm": Outcome("mean norm of an update", "norm", update_norm),
    "clipped_share": Outcome("share of updates clipped", "share of updates", clipped_share),
    "gradient_change": Outcome(
        "change of the log norm of the state's gradient from the last step to the first",
        "nats",
        gradient_change,
    ),
    "gradient_slope": Outcome(
        "slope of the log norm of the state's gradient in the lag T − t",
        "nats per step",
        gradient_slope,
    ),
    **IMAGE_OUTCOMES,
}
"""Every outcome, by the name that a claim gives it."""
