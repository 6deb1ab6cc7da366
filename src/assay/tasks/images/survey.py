"""What own images are, looked at all together: which can be used, and what is to be said of them.

N: images, C, H, W: channels, height and width.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np

from assay.errors import DataError
from assay.tasks.copies import groups
from assay.tasks.images.base import LEAST_IMAGES
from assay.tasks.images.cache import Bytes
from assay.tasks.images.decode import WHITE, Form, Picture, Stored, decode
from assay.tasks.images.sources import Item

_NAMED = 5
_MOST_LOST = 0.1
"""A greater share of drawings that cannot be told from their ground is refused."""
_DARK = 16
"""Images of 8 bits all of whose values are below this are refused."""


@dataclass(frozen=True)
class Survey:
    """What was found.

    Attributes:
        kept: the items that can be used, by their place.
        copies: of each of them that is the same image as one before, its place and that one's,
            among those kept.
        notices: what there is to say, a sentence each.
    """

    kept: list[int]
    copies: list[tuple[int, int]]
    notices: list[str]

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

    def groups(self) -> "np.ndarray[Any, np.dtype[np.int64]]":
        """(N,) a number for each image, the same for identical ones."""
        group = np.arange(len(self.kept))
        for place, first in self.copies:
            group[place] = first
        return group


def survey(
    items: Sequence[Item], form: Form, unreadable: Literal["refuse", "skip"], where: str
) -> tuple[Survey, Bytes]:
    """Decode all images and look at them.

    Returns:
        What was found, and the images kept (N, C, H, W).

    Raises:
        DataError: if one cannot be read and is not to be skipped, if there are too few, or if most
            of what they show is lost in the form.
    """
    images = np.empty((len(items), form.channels, form.size, form.size), np.uint8)
    kept: list[int] = []
    pictures: list[Picture] = []
    skipped: list[str] = []
    for row, item in enumerate(items):
        try:
            found = decode(item.read(), form, item.name)
        except DataError as error:
            if unreadable == "refuse":
                raise DataError(f"{error}; unreadable = 'skip' leaves such images out") from None
            skipped.append(str(error))
            continue
        images[len(kept)] = found.pixels
        kept.append(row)
        pictures.append(_without_pixels(found))
    images = images[: len(kept)]
    if len(kept) < LEAST_IMAGES:
        raise DataError(
            f"{where} holds {len(kept)} readable images: {LEAST_IMAGES} or more are needed"
        )
    # A record and a report keep them: without the way to the folder, which is this machine's.
    names = [items[row].name.removeprefix(f"{where}/") for row in kept]
    notices = [
        *_left_out(skipped),
        *_ground(pictures, names, form, where),
        *_values(pictures, form, where),
        *_shapes(pictures, names, form),
    ]
    copies = _copies(images, where)
    if copies:
        place, first = copies[0]
        notices.append(
            f"{len(copies)} of {len(names)} images are copies of another, such as "
            f"{names[place]} of {names[first]}: they stay on one side of the split"
        )
    return Survey(kept, copies, notices), images


def _without_pixels(found: Picture) -> Picture:
    empty = np.empty(0, np.uint8)
    return replace(found, pixels=empty)


def _left_out(skipped: list[str]) -> list[str]:
    if len(skipped) <= _NAMED:
        return [f"left out: {reason}" for reason in skipped]
    more = f"left out: {len(skipped) - _NAMED} more images that cannot be read"
    return [*(f"left out: {reason}" for reason in skipped[:_NAMED]), more]


def _ground(pictures: Sequence[Picture], names: Sequence[str], form: Form, where: str) -> list[str]:
    """That images have transparent parts, if they do, and that some cannot be seen.

    Raises:
        DataError: if many cannot.
    """
    clear = [name for name, each in zip(names, pictures, strict=True) if each.transparent]
    lost = [name for name, each in zip(names, pictures, strict=True) if each.lost]
    grounds = [f"'{each}'" for each in ("black", "white", "gray") if each != form.ground]
    if len(lost) > _MOST_LOST * len(names):
        raise DataError(
            f"{where}: what {len(lost)} of {len(names)} images show on transparent ground cannot "
            f"be seen on ground = '{form.ground}', such as {lost[0]}: say ground = "
            f"{' or '.join(grounds)}"
        )
    if not clear:
        return []
    told = f"{len(clear)} of {len(names)} images have transparent parts, such as {clear[0]}"
    found = [f"{told}: what shows through is {form.ground} (ground = '{form.ground}')"]
    if lost:
        found.append(f"what {len(lost)} of them show cannot be seen on it, such as {lost[0]}")
    return found


def _values(pictures: Sequence[Picture], form: Form, where: str) -> list[str]:
    """That values are cut off, if they are.

    Raises:
        DataError: if what is black and white is not said, and the values do not fit their format.
    """
    found: list[str] = []
    for stored, white in WHITE.items():
        of_it = [each for each in pictures if each.stored == stored]
        low = min((each.low for each in of_it), default=0.0)
        high = max((each.high for each in of_it), default=0.0)
        if low == high:  # that all are the same is told as such
            continue
        if form.values is None:
            least = _DARK - 1 if stored == "bytes" else white / 2
            if high <= least or low < 0 or high > white:
                raise DataError(
                    f"{where}: the {_named(stored)} go from {low:g} to {high:g}, where black is 0 "
                    f"and white {white:g}: say what is black and what is white, such as "
                    f"values = {_suggested(stored, low, high)}"
                )
        elif low < form.values[0] or high > form.values[1]:
            found.append(
                f"the {_named(stored)} go from {low:g} to {high:g}: what is beyond values = "
                f"{list(form.values)} is cut off"
            )
    return found


def _named(stored: Stored) -> str:
    names: dict[Stored, str] = {
        "bytes": "values of images of 8 bits",
        "integers": "values of images of more than 8 bits",
        "floats": "values of images of floats",
    }
    return names[stored]


def _suggested(stored: Stored, low: float, high: float) -> list[float]:
    """From the least to the greatest; of whole numbers from 0, to the greatest of so many bits."""
    if stored != "floats" and low >= 0:
        return [0, max(1, 2 ** int(high).bit_length() - 1)]
    if stored == "floats" and low >= 0 and high > 1 and high <= WHITE["bytes"]:
        return [0, 255]
    return [low, high if high > low else low + 1]


def _shapes(pictures: Sequence[Picture], names: Sequence[str], form: Form) -> list[str]:
    """That colours, further images of a file, or the ends of long images are left out."""
    told = {
        "hold more than one image": [each.frames for each in pictures],
        "have colours": [each.coloured for each in pictures],
        "are more than twice as long as wide": [each.cut for each in pictures],
    }
    then = (
        "the first of each is read",
        "they are read as gray, and channels = 3 keeps the colours",
        f"what is beyond the middle {form.size} x {form.size} pixels is cut off",
    )
    found = []
    for (what, which), done in zip(told.items(), then, strict=True):
        chosen = [name for name, is_one in zip(names, which, strict=True) if is_one]
        if chosen:
            found.append(
                f"{len(chosen)} of {len(names)} images {what}, such as {chosen[0]}: {done}"
            )
    return found


def _copies(images: Bytes, where: str) -> list[tuple[int, int]]:
    """Of each image that is the same as one before, its place and the first one's.

    Raises:
        DataError: if all are the same.
    """
    group = groups(images)
    first = np.full(len(group), -1)
    found = []
    for place, number in enumerate(group):
        if first[number] < 0:
            first[number] = place
        else:
            found.append((place, int(first[number])))
    if len(found) == len(images) - 1:
        size = images.shape[-1]
        raise DataError(
            f"{where}: all {len(images)} images are the same at {size} x {size} pixels: "
            f"{LEAST_IMAGES} or more are needed, and they should differ"
        )
    return found
