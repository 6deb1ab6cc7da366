"""Own images, brought to one form and split.

N: images, C, H, W: channels, height and width.
"""

import hashlib
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assay.errors import DataError, shown
from assay.store.cache import remembered
from assay.tasks.copies import kept_together
from assay.tasks.images.base import LEAST_IMAGES, ImageData, ImageSplit
from assay.tasks.images.cache import Bytes, shared
from assay.tasks.images.decode import Form
from assay.tasks.images.sources import source
from assay.tasks.images.survey import Survey, survey

HELD_OUT = 0.1


def load_images(
    path: Path,
    fingerprint: str,
    form: Form,
    unreadable: Literal["refuse", "skip"],
    rng: np.random.Generator,
) -> ImageSplit:
    """The images of a folder, or of a ZIP, Parquet or NPZ file, a seeded tenth of them held out.

    Copies of an image are on one side. What was passed over, and what may not be as it was meant,
    is in the notices.

    Args:
        path: the folder or file.
        fingerprint: hash of its content, under which the decoded images are kept.
        form: what every image is brought to.
        unreadable: whether an image that cannot be read is refused, or left out with a notice.
        rng: chooses the held-out images.

    Raises:
        DataError: if there are fewer than 10 images, one cannot be read, or what they show would
            be lost.
    """
    where, found = shown(path), source(path)
    if not found.items:
        passed = f" ({'; '.join(found.notices)})" if found.notices else ""
        raise DataError(f"{where} holds no image: {LEAST_IMAGES} or more are needed{passed}")
    made: list[Bytes] = []

    def look() -> object:
        facts, images = survey(found.items, form, unreadable, where)
        made.append(images)
        return facts.plain()

    names = hashlib.sha256(repr([item.name for item in found.items]).encode()).hexdigest()
    key = _key(fingerprint, form, unreadable)
    facts = Survey(**remembered(f"own images {key} {names}", look, lambda: True))
    chosen = [found.items[row] for row in facts.kept]
    images = shared(
        f"images-{key}",
        lambda: made[0] if made else survey(chosen, form, "refuse", where)[1],
    )
    labels, classes = _numbers(found.classes.names, facts.kept)
    data = ImageData(images, labels, classes)
    order, held_out = kept_together(
        facts.groups(), rng.permutation(len(images)), max(1, round(len(images) * HELD_OUT))
    )
    train, test = np.sort(order[held_out:]), np.sort(order[:held_out])
    notices = [*found.notices, found.classes.notice, *facts.notices]
    return ImageSplit(
        data.take(train), data.take(test), tuple(filter(None, notices)), found.classes.why
    )


def _key(fingerprint: str, form: Form, unreadable: str) -> str:
    # Without what came later, where it is not used: what is kept since before is found.
    later = (form.ground, form.values)
    fields = (fingerprint, form.size, form.channels, unreadable)
    told = repr(fields) if later == ("black", None) else repr((*fields, *later))
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def _numbers(
    names: tuple[str, ...] | None, kept: list[int]
) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
    """The classes of the images kept, by number, and their names in order."""
    if names is None:
        return None, ()
    chosen = [names[row] for row in kept]
    classes = sorted(set(chosen), key=_natural)
    number_of = {name: number for number, name in enumerate(classes)}
    return np.array([number_of[name] for name in chosen], dtype=np.int64), tuple(classes)


def _natural(name: str) -> tuple[int, int, str]:
    """Numbers by their value, before other names."""
    return (0, int(name), "") if name.isdecimal() else (1, 0, name)
