"""What the generated images of a configuration are compared in. No PyTorch."""

from assay.config import ImageConfig
from assay.metrics.features import DIGITS, PIXELS, Features


def features_of(config: ImageConfig) -> Features:
    """The digits' own features for MNIST, pixels for other images."""
    return DIGITS if config.task == "mnist" else PIXELS


def data_of(config: ImageConfig) -> str:
    """The images of a configuration and their size, in words."""
    if config.task == "mnist":
        return "MNIST"
    colours = "gray" if config.channels == 1 else "RGB"
    return f"{config.data}, {config.image_size} × {config.image_size}, {colours}"
