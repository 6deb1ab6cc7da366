"""Every node of a tree of outcomes, for e-values that are held to enumeration."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import TypeVar

Outcome = TypeVar("Outcome")


def means_of_next(
    evidence: Callable[[list[Outcome]], float],
    chances: Mapping[Outcome, float],
    most_seeds: int,
) -> Iterator[tuple[float, float]]:
    """Of every past: its evidence, and the mean of the evidence one seed later.

    Where no mean is above its past, evidence is a supermartingale, so that its mean is at most 1
    at every stopping time.
    """
    for seeds in range(most_seeds):
        for past in product(chances, repeat=seeds):
            later = sum(chance * evidence([*past, z]) for z, chance in chances.items())
            yield evidence(list(past)), later
