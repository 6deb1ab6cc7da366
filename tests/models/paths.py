"""Two ways through a sequence, compared: what comes out of them, and every gradient."""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

from assay.models.cell import State

Parts = tuple[list[Tensor], list[Tensor]]


def parts_and_gradients(
    path: Callable[[Tensor, State], Iterable[Tensor]], cell: nn.Module, leaves: list[Tensor]
) -> Parts:
    """The parts that a path gives, and the gradients of a loss that weighs all elements of them."""
    parts = list(path(leaves[0], tuple(leaves[1:])))
    source = torch.Generator().manual_seed(0)
    terms = [(part * torch.randn(part.shape, generator=source).to(part)).sum() for part in parts]
    gradients = torch.autograd.grad(
        torch.stack(terms).sum(), leaves + list(cell.parameters()), materialize_grads=True
    )
    return [part.detach() for part in parts], list(gradients)


def assert_close(found: Parts, wanted: Parts, tolerance: float) -> None:
    """‖found - wanted‖ against ‖wanted‖, of all parts and of all gradients."""
    for ones, others in zip(found, wanted, strict=True):
        assert [one.shape for one in ones] == [other.shape for other in others]
        one, other = (torch.cat([part.double().flatten() for part in p]) for p in (ones, others))
        assert float((one - other).norm()) <= tolerance * float(other.norm())
