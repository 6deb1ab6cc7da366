import itertools

import numpy as np
import pytest

from assay import streams

# Another value here means that no old run can be repeated: never edit a line.
GOLDEN = {
    "data": (1693125408465869867, 804179510),
    "initialisation": (2021251017632032385, 597766326),
    "order": (8779501138110131270, 12376168),
    "latent": (3411976877185804603, 248394997),
    "evaluation": (9163023660662787564, 25182242),
    "network": (357151440010260211, 410674710),
}


@pytest.mark.parametrize(("name", "expected"), GOLDEN.items())
def test_streams_stay(name: streams.Stream, expected: tuple[int, int]) -> None:
    drawn = int(streams.generator(7, name, 2).integers(10**9))
    assert (streams.torch_seed(7, name), drawn) == expected


def test_streams_of_one_seed_are_different_and_uncorrelated() -> None:
    draws = {name: streams.generator(3, name).standard_normal(4000) for name in GOLDEN}
    draws["order 1"] = streams.generator(3, "order", 1).standard_normal(4000)
    draws["other seed"] = streams.generator(4, "data").standard_normal(4000)
    for one, other in itertools.combinations(draws.values(), 2):
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.08


def test_torch_seeds_fit_and_differ() -> None:
    seeds = {streams.torch_seed(seed, name) for seed in range(50) for name in GOLDEN}
    assert len(seeds) == 300
    assert all(0 <= seed < 2**63 for seed in seeds)
