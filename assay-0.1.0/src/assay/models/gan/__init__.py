"""Pairs of networks that are trained against each other."""

from collections.abc import Callable

from assay.models.gan.dcgan import DCGANDiscriminator, DCGANGenerator
from assay.models.gan.mlp import ImageShape, MLPDiscriminator, MLPGenerator
from assay.models.gan.own import Pair, own_pair

__all__ = ["NETWORKS", "ImageShape", "Pair", "own_pair"]


def mlp(latent_dim: int, image_shape: ImageShape, classes: int) -> Pair:
    """The report's pair of linear layers."""
    return Pair(
        MLPGenerator(latent_dim, image_shape, classes), MLPDiscriminator(image_shape, classes)
    )


def dcgan(latent_dim: int, image_shape: ImageShape, classes: int) -> Pair:
    """The convolutional pair."""
    return Pair(
        DCGANGenerator(latent_dim, image_shape, classes), DCGANDiscriminator(image_shape, classes)
    )


NETWORKS: dict[str, Callable[[int, ImageShape, int], Pair]] = {"mlp": mlp, "dcgan": dcgan}
"""The built-in pairs, each called as `make(latent_dim, image_shape, classes)`; 0 classes for a
training that is not conditional."""
