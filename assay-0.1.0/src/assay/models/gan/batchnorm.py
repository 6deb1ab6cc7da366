"""Batch normalisation of a generator outside of its training.

N: batch, Z: latent dimensions.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm


@contextmanager
def batch_statistics(module: nn.Module) -> Iterator[None]:
    """Within, batch normalisation uses the statistics of the batch and leaves its buffers alone."""
    layers = [layer for layer in module.modules() if isinstance(layer, _BatchNorm)]
    before = [(layer.training, layer.track_running_stats) for layer in layers]
    for layer in layers:
        layer.training, layer.track_running_stats = True, False
    try:
        yield
    finally:
        for layer, (training, tracked) in zip(layers, before, strict=True):
            layer.training, layer.track_running_stats = training, tracked


def calibrate(generator: nn.Module, z_NZ: Tensor, labels_N: Tensor | None = None) -> None:
    """Set the running statistics of a generator to those of the batch that these noises make."""
    layers = [layer for layer in generator.modules() if isinstance(layer, _BatchNorm)]
    before = [(layer, layer.training, layer.momentum) for layer in layers]
    for layer in layers:
        layer.reset_running_stats()
        layer.training, layer.momentum = True, None  # None: the plain mean over batches, here one
    try:
        generator(z_NZ, labels_N)
    finally:
        for layer, training, momentum in before:
            layer.training, layer.momentum = training, momentum
