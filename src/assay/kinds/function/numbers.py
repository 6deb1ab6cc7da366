"""What a function logs, as numbers."""

import math
import operator
from numbers import Real
from typing import Any

from assay.errors import TrainingError


def step_of(value: Any) -> int:
    """A step, a whole number of any library's.

    Raises:
        TrainingError: if it is none, or below 0.
    """
    try:
        step = operator.index(value)
    except TypeError:
        step = -1
    if step < 0:
        raise TrainingError(
            f"run.log: step = {value!r:.60}: should be a whole number, 0 or more: how many steps "
            "were made"
        )
    return step


def number_of(name: str, value: Any) -> float | None:
    """A number of any library's, also in an array without dimensions; None if it is not finite.

    Raises:
        TrainingError: if it is none.
    """
    found = value
    if not isinstance(value, Real) and getattr(value, "shape", None) == ():
        found = value.item()
    if not isinstance(found, Real):
        shape = getattr(value, "shape", None)
        what = f" of shape {tuple(shape)}" if shape else ""
        raise TrainingError(
            f"run.log: {name} = {value!r:.60} is a {type(value).__name__}{what}, and should be a "
            "number"
        )
    if isinstance(found, int):
        return int(found)
    number = float(found)
    return number if math.isfinite(number) else None
