"""A small convolutional classifier of images, whose features also measure generated ones.

N: batch, C, H, W: channels, height and width, D: features, K: classes.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

WIDTHS = (24, 48, 96)
FEATURES = 128
SHIFT = 2


class ImageClassifier(nn.Module):
    """Three blocks of convolution, batch normalisation, ReLU and pooling, and two linear layers.

    In training each image is moved by up to two pixels each way.

    Args:
        shape: (C, H, W), at least 8 pixels high and wide.
        classes: K.
    """

    def __init__(self, shape: tuple[int, int, int], classes: int) -> None:
        super().__init__()
        channels, height, width = shape
        ends = WIDTHS
        starts = (channels, *WIDTHS[:-1])
        self.blocks = nn.Sequential(*map(_block, starts, ends))
        self.dropout = nn.Dropout(0.3)
        self.hidden = nn.Linear(ends[-1] * (height // 8) * (width // 8), FEATURES)
        self.readout = nn.Linear(FEATURES, classes)

    def features(self, x_NCHW: Tensor) -> Tensor:
        """Activations (N, D) of the last hidden layer, from pixels in [-1, 1]."""
        if self.training:
            x_NCHW = shifted(x_NCHW, SHIFT)
        return F.relu(self.hidden(self.dropout(self.blocks(x_NCHW).flatten(1))))

    def forward(self, x_NCHW: Tensor) -> Tensor:
        """Logits (N, K)."""
        logits_NK: Tensor = self.readout(self.features(x_NCHW))
        return logits_NK


def shifted(x_NCHW: Tensor, pixels: int) -> Tensor:
    """Each image moved by a random whole number of pixels, up to `pixels`, the edge repeated."""
    count, channels, height, width = x_NCHW.shape
    padded = F.pad(x_NCHW, (pixels,) * 4, mode="replicate")
    top, left = torch.randint(0, 2 * pixels + 1, (2, count, 1), device=x_NCHW.device)
    rows = (top + torch.arange(height, device=x_NCHW.device))[:, None, :, None]
    columns = (left + torch.arange(width, device=x_NCHW.device))[:, None, None, :]
    images = torch.arange(count, device=x_NCHW.device)[:, None, None, None]
    layers = torch.arange(channels, device=x_NCHW.device)[None, :, None, None]
    return padded[images, layers, rows, columns]


def _block(channels_in: int, channels_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
    )
