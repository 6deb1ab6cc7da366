"""The classes of own images: by the folders they lie in, or by the labels beside them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

_PARTS = frozenset({"train", "training", "test", "testing", "val", "valid", "validation", "dev"})
"""Names of folders that part a set for another program."""


@dataclass(frozen=True)
class Classes:
    """The class of each image.

    Attributes:
        names: one for each image; None where there are no classes.
        why: why there are none, as the end of a sentence; empty if nobody would ask.
        notice: what else is to be said; empty if nothing.
    """

    names: tuple[str, ...] | None
    why: str = ""
    notice: str = ""


def by_folder(files: Sequence[PurePosixPath]) -> Classes:
    """The folder that holds an image is its class, where each lies in one of a single level.

    Folders that hold everything are no classes. Below `train` and `test`, the folders in these are.
    """
    parents = [file.parent.parts for file in files]
    while parents and all(parents) and len({each[0] for each in parents}) == 1:
        parents = [each[1:] for each in parents]
    depths = {len(each) for each in parents}
    if not any(depths):
        return Classes(None, "they all lie in one folder, and each class needs one of its own")
    if depths == {1}:
        return Classes(tuple(each[0] for each in parents))
    tops = {each[0] for each in parents if each}
    if depths == {2} and {top.lower() for top in tops} <= _PARTS:
        told = f"{' and '.join(sorted(tops))} are read as one set, of which assay holds out a tenth"
        return Classes(tuple(each[1] for each in parents), notice=told)
    if 0 in depths:
        stray = files[next(row for row, each in enumerate(parents) if not each)]
        return Classes(None, f"some lie in no folder of a class, such as {stray}")
    deep = files[max(range(len(parents)), key=lambda row: len(parents[row]))].parent
    return Classes(
        None, f"they lie in folders within folders, such as {deep}: each class needs one folder"
    )


def by_label(labels: Sequence[Any] | None) -> Classes:
    """The labels as names; whole numbers that are written as floats are whole numbers."""
    if labels is None:
        return Classes(None)
    missing = [row for row, label in enumerate(labels, start=1) if _is_missing(label)]
    if missing:
        return Classes(None, f"the label of image {missing[0]} is missing")
    return Classes(tuple(_name(label) for label in labels))


def _is_missing(label: Any) -> bool:
    return label is None or (isinstance(label, float) and math.isnan(label))


def _name(label: Any) -> str:
    whole = isinstance(label, float) and label.is_integer()
    return str(int(label) if whole else label)
