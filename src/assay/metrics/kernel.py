"""The kernel distance between two sets of features.

N, M: samples, D: features.
"""

import torch
from torch import Tensor

BLOCK = 1_000


def kernel_distance(x_ND: Tensor, y_MD: Tensor) -> float:
    """Unbiased squared maximum mean discrepancy under k(a, b) = (a·b / D + 1)³.

    Binkowski et al. (2018) call it the kernel Inception distance. All pairs are used, in blocks.
    It is 0 on average between two samples of one distribution, and can then be negative.

    Raises:
        ValueError: if a side has fewer than two samples.
    """
    if len(x_ND) < 2 or len(y_MD) < 2:
        raise ValueError("a kernel distance needs 2 samples on either side")
    n, m = len(x_ND), len(y_MD)
    x, y = x_ND.double(), y_MD.double()
    within_x = (_sum(x, x) - _diagonal(x)) / (n * (n - 1))
    within_y = (_sum(y, y) - _diagonal(y)) / (m * (m - 1))
    return within_x + within_y - 2 * _sum(x, y) / (n * m)


def _sum(x_ND: Tensor, y_MD: Tensor) -> float:
    total = 0.0
    for x in torch.split(x_ND, BLOCK):
        for y in torch.split(y_MD, BLOCK):
            total += float((x @ y.T).div_(x.shape[1]).add_(1).pow_(3).sum())
    return total


def _diagonal(x_ND: Tensor) -> float:
    return float((x_ND.square().sum(dim=1) / x_ND.shape[1] + 1).pow(3).sum())
