"""Sequences and their labels: one type for every task, its split and its check.

N: sequences, L: time steps that enter the network, D: features of a step.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.errors import DataError
from assay.tasks.copies import groups, kept_together

Inputs = NDArray[np.uint8] | NDArray[np.float32]
Targets = NDArray[np.uint8] | NDArray[np.int64] | NDArray[np.float32]

MAX_SYMBOLS = 256

MIN_NORMALISED_ENTROPY = 0.05
"""Below this share of the entropy of balanced labels a task counts as empty.

Two classes fall below it when the rarer one has under 0.56 % of the labels, ten classes when the
commonest has over 98.4 % and the others share the rest. Merely unbalanced data pass, such as 99 to
1.
"""


@dataclass(frozen=True, eq=False)
class SequenceData:
    """Sequences and one label each.

    Attributes:
        inputs: (N, L) uint8 symbols 0 to `symbols` - 1, or (N, L, D) float32 continuous values.
        targets: (N,) uint8 or int64 classes 0 to `classes` - 1, or (N,) float32 real values.
        symbols: size of the alphabet, at most 256; None for continuous inputs.
        classes: number of classes; None for regression.
        names: the classes' names, by number; empty where they are the numbers.
        notices: what may not be as it was meant, a sentence each.

    Raises:
        DataError: if the arrays are not as above, or hold fewer than two sequences.
    """

    inputs: Inputs
    targets: Targets
    symbols: int | None
    classes: int | None
    names: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._check_shapes()
        if self.symbols is None:
            _check_finite(self.inputs, "inputs")
        elif not 1 <= self.symbols <= MAX_SYMBOLS:
            raise DataError(f"symbols = {self.symbols}: allowed are 1 to {MAX_SYMBOLS}")
        else:
            _check_range(self.inputs, "inputs", "symbols", self.symbols)
        if self.classes is None:
            _check_finite(self.targets, "targets")
        elif self.classes < 1:
            raise DataError(f"classes = {self.classes}: at least 1 is needed")
        else:
            _check_range(self.targets, "targets", "classes", self.classes)

    def _check_shapes(self) -> None:
        if self.symbols is None:
            _check_form(self.inputs, "inputs", "continuous inputs", "(N, L, D)", ("float32",))
        else:
            _check_form(self.inputs, "inputs", "symbols", "(N, L)", ("uint8",))
        if self.classes is None:
            _check_form(self.targets, "targets", "real values", "(N,)", ("float32",))
        else:
            _check_form(self.targets, "targets", "classes", "(N,)", ("uint8", "int64"))
        if len(self.inputs) != len(self.targets):
            raise DataError(
                f"inputs holds {len(self.inputs)} sequences and targets {len(self.targets)} "
                "labels: every sequence needs one label"
            )
        if len(self.inputs) < 2:
            raise DataError(f"inputs holds {len(self.inputs)} sequences: at least 2 are needed")

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def length(self) -> int:
        """Time steps L that enter the network."""
        return int(self.inputs.shape[1])

    def take(self, indices: NDArray[np.integer[Any]]) -> "SequenceData":
        """The sequences at `indices`, at least two, in that order."""
        return replace(self, inputs=self.inputs[indices], targets=self.targets[indices])


@dataclass(frozen=True, eq=False)
class Split:
    """Sequences to train on and sequences to validate on; no sequence is in both."""

    train: SequenceData
    validation: SequenceData


def split(data: SequenceData, fraction: float, rng: np.random.Generator) -> Split:
    """Part `data` in two: the first `fraction` of a seeded shuffle trains, the rest validates.

    Identical sequences stay on one side, for a copy of a training sequence would validate memory
    of that sequence. If the cut falls among copies it moves to the nearest place where it parts
    none; distinct sequences are cut at exactly `round(fraction * N)`.

    Raises:
        DataError: if a side would have fewer than two sequences.
    """
    total = len(data)
    group = groups(data.inputs)
    if not group.any():
        raise DataError(f"all {total} sequences are identical: two different ones are needed")
    order, cut = kept_together(group, rng.permutation(total), round(fraction * total))
    if min(cut, total - cut) < 2:
        raise DataError(
            f"train_fraction = {fraction:g} leaves {cut} of {total} sequences to train and "
            f"{total - cut} to validate: each side needs at least 2"
        )
    return Split(data.take(order[:cut]), data.take(order[cut:]))


def label_entropy(data: SequenceData) -> float:
    """Shannon entropy of the labels in bits; log2(classes) if they are balanced.

    Raises:
        ValueError: if the targets are real values.
    """
    if data.classes is None:
        raise ValueError("label entropy is defined for classes, not for real-valued targets")
    share = np.bincount(data.targets) / len(data)
    share = share[share > 0]
    return float(-(share * np.log2(share)).sum()) + 0.0  # + 0.0: no -0.0 for a single class


def check_labels(data: SequenceData, where: str) -> None:
    """Refuse labels that a constant answer gets right, for 100 % on them would mean nothing.

    Classes need an entropy of `MIN_NORMALISED_ENTROPY` of log2 of the classes that occur; real
    values must not all be the same.

    Raises:
        DataError: naming `where` and the label.
    """
    if data.classes is None:
        if data.targets.min() == data.targets.max():
            raise DataError(f"{where}: every label is {data.targets[0]:g}, and they should differ")
        return
    counts = np.bincount(data.targets)
    present = int(np.count_nonzero(counts))
    if present < 2 or label_entropy(data) < MIN_NORMALISED_ENTROPY * math.log2(present):
        top = int(counts.argmax())
        raise DataError(
            f"{where}: {100 * counts[top] / len(data):.4g} % of the labels are class {top}, so a "
            "constant answer would be right: the labels need an entropy of at least "
            f"{MIN_NORMALISED_ENTROPY:g} of that of balanced ones"
        )


def _check_form(array: Any, name: str, kind: str, axes: str, dtypes: tuple[str, ...]) -> None:
    if not isinstance(array, np.ndarray):
        raise DataError(f"{name} is a {type(array).__name__}: allowed is a NumPy array of {kind}")
    dimensions = sum(axis in axes for axis in "NLD")
    if array.ndim != dimensions or str(array.dtype) not in dtypes or 0 in array.shape[1:]:
        raise DataError(
            f"{name} has shape {array.shape} and type {array.dtype}: allowed for {kind} is shape "
            f"{axes}, no axis empty, and type {' or '.join(dtypes)}"
        )


def _check_finite(array: NDArray[Any], name: str) -> None:
    finite = np.isfinite(array)
    if not finite.all():
        raise DataError(f"{_entry(array, name, ~finite)}: allowed are finite numbers")


def _check_range(array: NDArray[Any], name: str, what: str, count: int) -> None:
    if array.min() < 0 or array.max() >= count:
        wrong = (array < 0) | (array >= count)
        raise DataError(f"{_entry(array, name, wrong)}: allowed are {what} 0 to {count - 1}")


def _entry(array: NDArray[Any], name: str, wrong: NDArray[np.bool_]) -> str:
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    return f"{name}[{', '.join(map(str, index))}] is {array[index]}"
