"""Images to learn from: MNIST, and those that users bring."""

from assay.tasks.images.base import ImageData, ImageSplit
from assay.tasks.images.decode import Form, read_image
from assay.tasks.images.mnist import load_mnist
from assay.tasks.images.own import load_images

__all__ = ["Form", "ImageData", "ImageSplit", "load_images", "load_mnist", "read_image"]
