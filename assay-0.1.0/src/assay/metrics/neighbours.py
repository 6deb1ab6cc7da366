"""Nearest neighbours in a space of features, and what they say of two sets of samples.

N, M: samples, D: features, k: neighbours.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

DISTANCES = 4_000_000
"""As many are held at once, 16 MB."""


@dataclass(frozen=True)
class Neighbourhood:
    """How two sets lie in each other's neighbourhoods.

    Precision and recall are those of Kynkäänniemi et al. (2019): shares of fake samples within a
    real neighbourhood, and of real ones within a fake one. Density and coverage are those of Naeem
    et al. (2020): how many real neighbourhoods hold a fake sample on average, over k, and the share
    of real neighbourhoods that hold any.
    """

    precision: float
    recall: float
    density: float
    coverage: float


def nearest(
    queries_ND: Tensor, references_MD: Tensor, exclude_same: bool = False
) -> tuple[Tensor, Tensor]:
    """Euclidean distance (N,) to the nearest reference, and its index (N,).

    The distance is taken by subtraction, so that of equal points is exactly 0. `exclude_same`
    leaves out the reference of the query's own index.
    """
    index_N = torch.empty(len(queries_ND), dtype=torch.int64)
    distances_N = torch.empty(len(queries_ND))
    for rows, square in _squares(queries_ND, references_MD, exclude_same):
        index_N[rows] = square.argmin(dim=1)
        distances_N[rows] = (queries_ND[rows] - references_MD[index_N[rows]]).norm(dim=1)
    return distances_N, index_N


def neighbourhood(
    real_ND: Tensor, fake_MD: Tensor, k: int = 5, real_radii_N: Tensor | None = None
) -> Neighbourhood:
    """Precision, recall, density and coverage with k nearest neighbours.

    Args:
        real_ND: real samples.
        fake_MD: generated ones.
        k: neighbours.
        real_radii_N: what `radii` found of the real samples, if they are asked for often.

    Raises:
        ValueError: if a side has no more than k samples.
    """
    real_N, fake_M = radii(real_ND, k) if real_radii_N is None else real_radii_N, radii(fake_MD, k)
    holders_M = torch.empty(len(fake_MD), dtype=torch.int64)
    recalled_N, covered_N = (torch.zeros(len(real_ND), dtype=torch.bool) for _ in range(2))
    for rows, square in _squares(fake_MD, real_ND):
        inside = square <= real_N
        holders_M[rows] = inside.count_nonzero(dim=1)
        covered_N |= inside.any(dim=0)
        recalled_N |= (square <= fake_M[rows, None]).any(dim=0)
    return Neighbourhood(
        precision=float((holders_M > 0).double().mean()),
        recall=float(recalled_N.double().mean()),
        density=float(holders_M.double().mean()) / k,
        coverage=float(covered_N.double().mean()),
    )


def radii(points_ND: Tensor, k: int = 5) -> Tensor:
    """Squared distance (N,) to the k-th nearest other point.

    Raises:
        ValueError: if there are no more than k points.
    """
    if len(points_ND) <= k:
        raise ValueError(f"{k} neighbours need more than {k} samples on either side")
    radii_N = torch.empty(len(points_ND))
    for rows, square in _squares(points_ND, points_ND, exclude_same=True):
        radii_N[rows] = square.topk(k, dim=1, largest=False).values[:, -1]
    return radii_N


def share_within(distances_N: Tensor, limit: float) -> float:
    """Share of distances that are at most `limit`."""
    return float((distances_N.double() <= limit).double().mean())


def _squares(
    queries_ND: Tensor, references_MD: Tensor, exclude_same: bool = False
) -> Iterator[tuple[slice, Tensor]]:
    """Squared distances (block, M) of the queries of a slice, block by block in one buffer."""
    # |q|² + |r|² − 2 q·r loses digits where points lie far from the origin, so it is moved to them.
    centre_D = references_MD.mean(dim=0)
    references_MD = references_MD - centre_D
    norms_M = references_MD.square().sum(dim=1)
    size = max(1, min(len(queries_ND), DISTANCES // max(1, len(references_MD))))
    # One buffer for all: a new one each time falls between what callers keep, and leaves holes.
    buffer = torch.empty(size, len(references_MD))
    for start in range(0, len(queries_ND), size):
        rows = slice(start, min(start + size, len(queries_ND)))
        part = queries_ND[rows] - centre_D
        square = buffer[: len(part)]
        torch.addmm(norms_M, part, references_MD.T, alpha=-2, out=square)
        square += part.square().sum(dim=1, keepdim=True)
        if exclude_same:
            torch.diagonal(square, offset=start).fill_(torch.inf)
        yield rows, square.clamp_(min=0)
