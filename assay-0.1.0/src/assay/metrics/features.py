"""What images are compared in, in words: what a report says of it needs no PyTorch.

The networks and sums behind them are in `assay.metrics.extractor`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Features:
    """The features of images in which generated and real ones are compared.

    Attributes:
        name: a short one.
        words: what they are, as a report says it.
        classes: how many classes they tell apart; 0: none.
        sharp: whether a blurred or empty image is far from the real ones in them. Where it is not,
            how many images are near a real one says nothing.
    """

    name: str
    words: str
    classes: int
    sharp: bool


DIGITS = Features(
    "digits", "activations of assay's own classifier of MNIST's digits", classes=10, sharp=True
)
PIXELS = Features(
    "pixels", "gray values of the image made coarse, at most 16 by 16", classes=0, sharp=False
)
