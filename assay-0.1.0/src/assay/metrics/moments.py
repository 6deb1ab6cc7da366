"""Mean and covariance in a stream, and the Fréchet distance between two Gaussians.

N: samples, D: features.
"""

import numpy as np
import scipy.linalg
import torch
from torch import Tensor


class Moments:
    """Mean (D,) and unbiased covariance (D, D), in float64 and constant memory.

    Batches are merged by the update of Chan, Golub and LeVeque (1983), which loses no digits where
    the mean is large beside the spread.
    """

    def __init__(self) -> None:
        self.count = 0
        self._mean = torch.zeros(0, dtype=torch.float64)
        self._scatter = torch.zeros(0, 0, dtype=torch.float64)

    def update(self, features_ND: Tensor) -> None:
        """Take in a batch of any size."""
        batch = features_ND.double()
        size = len(batch)
        if not size:
            return
        mean = batch.mean(dim=0)
        centred = batch - mean
        scatter = centred.T @ centred
        if not self.count:
            self.count, self._mean, self._scatter = size, mean, scatter
            return
        total = self.count + size
        shift = mean - self._mean
        self._scatter += scatter + torch.outer(shift, shift) * (self.count * size / total)
        self._mean = self._mean + shift * (size / total)
        self.count = total

    @property
    def mean(self) -> Tensor:
        """(D,)."""
        return self._mean

    @property
    def covariance(self) -> Tensor:
        """(D, D).

        Raises:
            ValueError: with fewer than two samples.
        """
        if self.count < 2:
            raise ValueError(f"a covariance needs 2 samples, and here are {self.count}")
        return self._scatter / (self.count - 1)


def frechet_distance(a: Moments, b: Moments) -> float:
    """‖μ₁ − μ₂‖² + tr(C₁ + C₂ − 2 (C₁ C₂)^½) (Dowson and Landau 1982; Heusel et al. 2017).

    The trace of the root is the sum of the roots of the eigenvalues of R C₂ R, R being the
    symmetric root of C₁: they are those of C₁ C₂, real and not negative also where a covariance is
    singular.

    Raises:
        ValueError: if a side has fewer than two samples.
    """
    first, second = a.covariance.cpu().numpy(), b.covariance.cpu().numpy()
    values, vectors = scipy.linalg.eigh(first)
    root = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    of_product = scipy.linalg.eigvalsh(root @ second @ root)
    cross = np.sqrt(of_product.clip(min=0)).sum()
    apart = float((a.mean - b.mean).square().sum())
    return max(0.0, apart + float(np.trace(first) + np.trace(second) - 2 * cross))
