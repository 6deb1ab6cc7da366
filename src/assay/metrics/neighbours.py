"""Nearest neighbours in a space of features, and what they say of two sets of samples.

N, M: samples, D: features, k: neighbours.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

BLOCK = 1_000


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
    indices = [square.argmin(dim=1) for square in _squares(queries_ND, references_MD, exclude_same)]
    index_N = torch.cat(indices)
    parts = zip(torch.split(queries_ND, BLOCK), torch.split(index_N, BLOCK), strict=True)
    distances = [(part - references_MD[found]).norm(dim=1) for part, found in parts]
    return torch.cat(distances), index_N


def neighbourhood(real_ND: Tensor, fake_MD: Tensor, k: int = 5) -> Neighbourhood:
    """Precision, recall, density and coverage with k nearest neighbours.

    Raises:
        ValueError: if a side has no more than k samples.
    """
    if min(len(real_ND), len(fake_MD)) <= k:
        raise ValueError(f"{k} neighbours need more than {k} samples on either side")
    real_radius, fake_radius = _radii(real_ND, k), _radii(fake_MD, k)
    held, recalled, covered = [], [], torch.zeros(len(real_ND), dtype=torch.bool)
    for square in _squares(fake_MD, real_ND):
        inside = square <= real_radius
        held.append(inside.sum(dim=1))
        covered |= inside.any(dim=0)
    for square in _squares(real_ND, fake_MD):
        recalled.append((square <= fake_radius).any(dim=1))
    holders = torch.cat(held).double()
    return Neighbourhood(
        precision=float((holders > 0).double().mean()),
        recall=float(torch.cat(recalled).double().mean()),
        density=float(holders.mean()) / k,
        coverage=float(covered.double().mean()),
    )


def share_within(distances_N: Tensor, limit: float) -> float:
    """Share of distances that are at most `limit`."""
    return float((distances_N.double() <= limit).double().mean())


def _radii(points_ND: Tensor, k: int) -> Tensor:
    """Squared distance (N,) to the k-th nearest other point."""
    parts = [
        square.topk(k, dim=1, largest=False).values[:, -1]
        for square in _squares(points_ND, points_ND, exclude_same=True)
    ]
    return torch.cat(parts)


def _squares(
    queries_ND: Tensor, references_MD: Tensor, exclude_same: bool = False
) -> Iterator[Tensor]:
    """Squared distances (block, M), block by block of the queries."""
    # |q|² + |r|² − 2 q·r loses digits where points lie far from the origin, so it is moved to them.
    centre_D = references_MD.mean(dim=0)
    references_MD = references_MD - centre_D
    norms_M = references_MD.square().sum(dim=1)
    for number, block in enumerate(torch.split(queries_ND, BLOCK)):
        part = block - centre_D
        square = torch.addmm(norms_M, part, references_MD.T, alpha=-2)
        square += part.square().sum(dim=1, keepdim=True)
        if exclude_same:
            rows = torch.arange(len(part), device=part.device)
            square[rows, rows + number * BLOCK] = torch.inf
        yield square.clamp_(min=0)
