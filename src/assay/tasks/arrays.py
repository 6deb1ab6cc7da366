"""What arrays of a user mean: symbols or real values, classes or regression."""

import warnings
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.errors import DataError
from assay.tasks.base import MAX_SYMBOLS, Inputs, SequenceData, Targets
from assay.tasks.notices import of_inputs, of_targets

MAX_CLASSES = 1000


def from_arrays(sequences: Any, labels: Any, where: str) -> SequenceData:
    """Sequences and labels from arrays, or anything NumPy can make an array of.

    Integers 0 to 255 in an (N, L) array are symbols; other numbers, and (N, L, D) arrays, are
    continuous. Floating-point labels are regression. Integer labels 0 to 999 are the classes
    themselves; other integers, and strings, are classes in sorted order. Where that may not be
    what was meant, the data have a notice that says so.

    Args:
        sequences: (N, L) or (N, L, D) numbers.
        labels: (N,) integers, strings or floats.
        where: the file or generator they come from, for messages.

    Raises:
        DataError: naming `where`, the row (counted from 1) and what is allowed.
    """
    sequences = _array(sequences, f"{where}: sequences", "numbers, all sequences of one length")
    labels = _array(labels, f"{where}: labels", "one integer, string or float a sequence")
    shape = sequences.shape
    if len(shape) not in (2, 3) or 0 in shape[1:] or sequences.dtype.kind not in "biuf":
        raise DataError(
            f"{where}: sequences have shape {shape} and type {sequences.dtype}: allowed "
            "are numbers of shape (sequences, steps) or (sequences, steps, features)"
        )
    if labels.ndim != 1 or labels.dtype.kind not in "biufUS":
        raise DataError(
            f"{where}: labels have shape {labels.shape} and type {labels.dtype}: allowed are "
            "integers, strings or floats of shape (sequences,)"
        )
    if len(sequences) != len(labels) or len(labels) < 2:
        raise DataError(
            f"{where}: {len(sequences)} sequences and {len(labels)} labels: allowed is one label "
            "a sequence, for at least 2 sequences"
        )
    inputs, symbols = _inputs(sequences, where)
    targets, classes, names = _targets(labels, where)
    # A record and a report keep them: without the way to the file, which is this machine's.
    name = PurePath(where).name
    notices = of_inputs(sequences, symbols, name) + of_targets(labels, classes, name)
    return SequenceData(inputs, targets, symbols, classes, names, notices)


def _inputs(sequences: NDArray[Any], where: str) -> tuple[Inputs, int | None]:
    if sequences.ndim == 2 and sequences.dtype.kind in "biu":
        low, high = int(sequences.min()), int(sequences.max())
        if low >= 0 and high < MAX_SYMBOLS:
            return sequences.astype(np.uint8), high + 1
    values = _float32(sequences)
    finite = np.isfinite(values)
    if not finite.all():
        row, step = np.argwhere(~finite)[0][:2]
        raise DataError(
            f"{where}: row {row + 1}, step {step + 1} of the sequences is not a finite float32: "
            "allowed are finite numbers"
        )
    return (values[:, :, None] if values.ndim == 2 else values), None


def _targets(labels: NDArray[Any], where: str) -> tuple[Targets, int | None, tuple[str, ...]]:
    """The labels, how many classes they are, and the classes' names where they have some."""
    if labels.dtype.kind == "f":
        values = _float32(labels)
        finite = np.isfinite(values)
        if not finite.all():
            row = int(np.argmin(finite))
            raise DataError(
                f"{where}: row {row + 1}, label is {labels[row]}: allowed are finite numbers"
            )
        return values, None, ()
    if labels.dtype.kind in "biu" and labels.min() >= 0 and labels.max() < MAX_CLASSES:
        return labels.astype(np.int64), int(labels.max()) + 1, ()
    names, classes = np.unique(labels, return_inverse=True)
    if len(names) > MAX_CLASSES:
        raise DataError(
            f"{where}: labels have {len(names)} different values: allowed are up to {MAX_CLASSES} "
            "classes, or floats for regression"
        )
    return classes.astype(np.int64), len(names), tuple(map(str, names.tolist()))


def _array(values: Any, what: str, allowed: str) -> NDArray[Any]:
    try:
        return np.asarray(values)
    except (ValueError, TypeError, RuntimeError) as error:  # ragged lists, tensors with gradients
        raise DataError(f"{what} are no array ({error}): allowed are {allowed}") from None


def _float32(values: NDArray[Any]) -> NDArray[np.float32]:
    with warnings.catch_warnings():  # an overflow becomes inf, which the caller reports
        warnings.simplefilter("ignore", RuntimeWarning)
        return values.astype(np.float32)
