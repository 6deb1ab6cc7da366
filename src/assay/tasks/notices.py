"""What a user may not expect of how arrays are read, in a sentence each."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.tasks.base import MAX_SYMBOLS

_LARGE, _SMALL = 100.0, 1e-3
"""Real values beyond these are hardly learned: networks begin with answers of about 1."""
_MANY = 50


def of_inputs(sequences: NDArray[Any], symbols: int | None, where: str) -> tuple[str, ...]:
    """Of (N, L) or (N, L, D) numbers that are read as symbols, or as real values where None."""
    if symbols is not None:
        return ()
    low, high = float(sequences.min()), float(sequences.max())
    ends = f"from {low:g} to {high:g}"
    flat = sequences.ndim == 2
    if flat and sequences.dtype.kind in "iu":
        return (
            f"{where}: the sequences are whole numbers {ends}, and symbols are 0 to "
            f"{MAX_SYMBOLS - 1}: read as real numbers",
        )
    if flat and _are_whole(sequences):
        return (
            f"{where}: the sequences are whole numbers written as floats, {ends}: read as real "
            "numbers; written as integers they are symbols",
        )
    return _scale(low, high, f"{where}: the values of the sequences")


def of_targets(labels: NDArray[Any], classes: int | None, where: str) -> tuple[str, ...]:
    """Of (N,) labels that are read as classes, or as real values where None."""
    if classes is not None:
        different = len(np.unique(labels)) if labels.dtype.kind in "iu" else 0
        if different > _MANY and 2 * different > len(labels):
            return (
                f"{where}: the labels are {different} different whole numbers in {len(labels)} "
                "sequences: read as classes; written as floats they are regression",
            )
        return ()
    low, high = float(labels.min()), float(labels.max())
    found = _scale(low, high, f"{where}: the labels")
    if _are_whole(labels):
        found = (
            f"{where}: the labels are whole numbers written as floats, from {low:g} to {high:g}: "
            "trained as regression; written as integers they are classes",
            *found,
        )
    return found


def _are_whole(values: NDArray[Any]) -> bool:
    return bool((values == np.round(values)).all())


def _scale(low: float, high: float, what: str) -> tuple[str, ...]:
    if max(abs(low), abs(high)) <= _LARGE and (high - low >= _SMALL or high == low):
        return ()
    return (
        f"{what} go from {low:g} to {high:g}: unscaled values are hardly learned; bring them to "
        "about -1 to 1",
    )
