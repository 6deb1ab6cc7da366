"""Whether every class is generated as often as the others."""

import torch
from torch import Tensor


def class_balance(predicted_N: Tensor, classes: int) -> float:
    """KL divergence in nats of the predicted classes' frequencies from uniform ones: 0 is even.

    It is log K where all are of one class.
    """
    counts = torch.bincount(predicted_N, minlength=classes).double()
    shares = counts / counts.sum()
    return float(torch.special.xlogy(shares, shares * classes).sum())
