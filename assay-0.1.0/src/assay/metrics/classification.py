"""Which answers are right, sample by sample: sum over batches to count, or take the mean.

N: batch, K: classes.
"""

from torch import Tensor


def accuracy(logits_NK: Tensor, targets_N: Tensor) -> Tensor:
    """Whether the class with the highest logit is the target: bool (N,).

    Bits rather than a share, so that counts over unequal batches add up exactly.
    """
    return logits_NK.argmax(dim=1) == targets_N


def within(predictions: Tensor, targets_N: Tensor, tolerance: float) -> Tensor:
    """Whether each number is less than `tolerance` from its target: bool (N,).

    Args:
        predictions: (N,) or (N, 1).
        targets_N: numbers, in the unit of the predictions.
        tolerance: in the same unit.

    Raises:
        RuntimeError: if there is not one prediction a target.
    """
    return (predictions.reshape(targets_N.shape) - targets_N).abs() < tolerance
