"""Points and paths in the latent space of a generator.

Z: latent dimensions, N: points, K: points on a path.
"""

from typing import Literal

import torch
from torch import Tensor

from assay import streams

Path = Literal["linear", "as_reported", "spherical"]

STEPS = 7


def noise(seed: int, stream: streams.Stream, count: int, latent_dim: int, *index: int) -> Tensor:
    """Noise z ~ N(0, I), (N, Z), of a stream of its own: the global generator is not used.

    Whatever the count, the first rows of one seed are the same.
    """
    generator = torch.Generator().manual_seed(streams.torch_seed(seed, stream, *index))
    return torch.stack([torch.randn(latent_dim, generator=generator) for _ in range(count)])


def interpolate(start_NZ: Tensor, end_NZ: Tensor, steps: int, path: Path = "linear") -> Tensor:
    """Points on the way from each start to each end, both included: (N, steps + 2, Z).

    With k = steps + 2 points, i = 1…k:

    - `linear`: n_i = (1 − α_i) n_1 + α_i n_k with α_i = (i − 1)/(k − 1), the report's equation 12;
    - `as_reported`: the same with its equation 11, α_i = (i − 1)/k, which never reaches the end;
    - `spherical`: along the great circle (Shoemake 1985, as White 2016 uses it on latent noise),
      the norm going evenly from one to the other, so that every point has the norm of a drawn one.
    """
    points = steps + 2
    last = points if path == "as_reported" else points - 1
    alpha_K1 = (torch.arange(points, dtype=start_NZ.dtype) / last)[:, None]
    start, end = start_NZ[:, None], end_NZ[:, None]
    if path != "spherical":
        line: Tensor = (1 - alpha_K1) * start + alpha_K1 * end
        return line
    start_norm, end_norm = start.norm(dim=-1, keepdim=True), end.norm(dim=-1, keepdim=True)
    start_unit, end_unit = start / start_norm, end / end_norm
    cosine = (start_unit * end_unit).sum(dim=-1, keepdim=True).clamp(-1, 1)
    angle = torch.arccos(cosine)
    sine = torch.sin(angle)
    straight = sine < 1e-6  # the same or the opposite direction: no one circle leads there
    safe = torch.where(straight, torch.ones_like(sine), sine)
    from_start = torch.where(straight, 1 - alpha_K1, torch.sin((1 - alpha_K1) * angle) / safe)
    from_end = torch.where(
        straight, alpha_K1.expand_as(from_start), torch.sin(alpha_K1 * angle) / safe
    )
    direction: Tensor = from_start * start_unit + from_end * end_unit
    norm: Tensor = (1 - alpha_K1) * start_norm + alpha_K1 * end_norm
    return norm * direction
