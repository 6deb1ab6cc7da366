"""What images look like pixel by pixel.

N: images, C, H, W: channels, height and width.
"""

import torch.nn.functional as F
from torch import Tensor

BRIGHT = 64


def isolated_pixels(images_NCHW: Tensor) -> Tensor:
    """Noise points of each image (N,): bright pixels without a bright neighbour.

    Bright is 64 of 255 or more. All eight neighbours count; images in colour are taken as gray.
    """
    bright = images_NCHW.float().mean(dim=1, keepdim=True) >= BRIGHT
    counts = F.avg_pool2d(bright.float(), 3, stride=1, padding=1, divisor_override=1)
    return (bright & (counts < 1.5)).sum(dim=(1, 2, 3))


def total_variation(images_NCHW: Tensor) -> Tensor:
    """Mean absolute difference (N,) of neighbouring pixels, across and down, of intensity 0 to 1.

    The anisotropic form of Rudin, Osher and Fatemi's (1992), divided by the number of differences.
    """
    values = images_NCHW.float().div(255)
    down = values.diff(dim=2).abs().flatten(1)
    across = values.diff(dim=3).abs().flatten(1)
    return (down.sum(dim=1) + across.sum(dim=1)) / (down.shape[1] + across.shape[1])
