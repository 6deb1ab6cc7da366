"""Images, as tasks give them.

N: images, C, H, W: channels, height and width.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_IMAGES = 10


@dataclass(frozen=True)
class ImageData:
    """Images and, where they are known, their classes.

    Attributes:
        images: (N, C, H, W), gray or RGB.
        labels: (N,) numbers of classes, or None.
        classes: the classes' names, by number.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64] | None
    classes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.images)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(C, H, W)."""
        _, channels, height, width = self.images.shape
        return channels, height, width

    def take(self, rows: NDArray[np.int64]) -> "ImageData":
        """The images at these indices."""
        labels = None if self.labels is None else self.labels[rows]
        return ImageData(self.images[rows], labels, self.classes)


@dataclass(frozen=True)
class ImageSplit:
    """Images to train on, and others that are held out.

    Attributes:
        notices: what was left out, and what may not be as it was meant, in a sentence each.
        unclassed: why they have no classes, where one may ask; else empty.
    """

    train: ImageData
    test: ImageData
    notices: tuple[str, ...] = ()
    unclassed: str = ""

    @property
    def classes_counted(self) -> str:
        """How many classes there are, and why there are none."""
        return f"{len(self.train.classes)}{': ' if self.unclassed else ''}{self.unclassed}"
