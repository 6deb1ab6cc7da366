"""The kernel distance between two sets of features.

N, M: samples, D: features.
"""

import torch
from torch import Tensor

BLOCK = 1_000


def kernel_distance(x_ND: Tensor, y_MD: Tensor, within_y: float | None = None) -> float:
    """Unbiased squared maximum mean discrepancy under k(a, b) = (a·b / D + 1)³.

    Binkowski et al. (2018) call it the kernel Inception distance. All pairs are used, in blocks.
    It is 0 on average between two samples of one distribution, and can then be negative.

    Args:
        x_ND: features of one side.
        y_MD: features of the other.
        within_y: what `kernel_within` found of the other side, if it is asked for often.

    Raises:
        ValueError: if a side has fewer than two samples.
    """
    within = kernel_within(x_ND) + (kernel_within(y_MD) if within_y is None else within_y)
    return within - 2 * _sum(x_ND.double(), y_MD.double()) / (len(x_ND) * len(y_MD))


def kernel_within(x_ND: Tensor) -> float:
    """Mean of k over all pairs of different samples.

    Raises:
        ValueError: if there are fewer than two.
    """
    if len(x_ND) < 2:
        raise ValueError("a kernel distance needs 2 samples on either side")
    n, x = len(x_ND), x_ND.double()
    blocks = torch.split(x, BLOCK)
    pairs = sum(
        (1 if i == j else 2) * _sum(blocks[i], blocks[j])
        for i in range(len(blocks))
        for j in range(i + 1)
    )
    return (pairs - _diagonal(x)) / (n * (n - 1))


def _sum(x_ND: Tensor, y_MD: Tensor) -> float:
    total = 0.0
    for x in torch.split(x_ND, BLOCK):
        for y in torch.split(y_MD, BLOCK):
            total += float((x @ y.T).div_(x.shape[1]).add_(1).pow_(3).sum())
    return total


def _diagonal(x_ND: Tensor) -> float:
    return float((x_ND.square().sum(dim=1) / x_ND.shape[1] + 1).pow(3).sum())
