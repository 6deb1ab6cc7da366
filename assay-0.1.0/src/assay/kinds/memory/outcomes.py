"""Outcomes of a recurrent network: accuracy, time, and how far the gradient reaches back."""

import math
from functools import partial

from assay.metrics.slope import slope
from assay.outcomes.accuracy import ACCURACY_OUTCOMES, mean_over_epochs
from assay.outcomes.outcome import Outcome, Value
from assay.store.log import Log

GRADIENT = "state_gradient"
_WHOLE = (f"{GRADIENT}.whole",)


def gradient_change(log: Log, update: int | None) -> Value:
    """|log ‖∂L/∂s₁‖ − log ‖∂L/∂s_T‖|: how much the gradient shrinks or grows on its way back."""
    probe = log.probe(GRADIENT, update)
    if probe is None:
        return Value(None)
    first, last = probe.found["whole"][0], probe.found["whole"][-1]
    return Value(None if first is None or last is None else abs(first - last))


def gradient_slope(log: Log, update: int | None) -> Value:
    """Slope of log ‖∂L/∂s_t‖ in the lag T − t: below 0 the gradient vanishes, above it explodes."""
    probe = log.probe(GRADIENT, update)
    found = math.nan if probe is None else slope(probe.found["whole"])
    return Value(None if math.isnan(found) else found)


OUTCOMES: dict[str, Outcome] = {
    **ACCURACY_OUTCOMES,
    "clipped_share": Outcome(
        "share of updates clipped",
        "share of updates",
        partial(mean_over_epochs, "training.clipped"),
        ("training.clipped",),
        low=0,
        high=1,
    ),
    "gradient_change": Outcome(
        "change of the log norm of the state's gradient from the last step to the first",
        "nats",
        gradient_change,
        _WHOLE,
        at_moments=True,
        low=0,
        spread=True,
    ),
    "gradient_slope": Outcome(
        "slope of the log norm of the state's gradient in the lag T − t",
        "nats per step",
        gradient_slope,
        _WHOLE,
        at_moments=True,
    ),
}
"""Every outcome of a recurrent network, by the name that a claim gives it."""
