"""Independent random streams from one seed.

`numpy.random.SeedSequence` spawns statistically independent children, so the data of a run do not
change with its initialisation, nor its order of batches with its data. Two runs with the same task
and seed see the same sequences, split and order, whatever their network.
"""

from typing import Literal

import numpy as np

Stream = Literal["data", "initialisation", "order", "latent", "evaluation", "network"]

# The position is part of every run's identity: append, never reorder.
_POSITION: dict[Stream, int] = {
    "data": 0,
    "initialisation": 1,
    "order": 2,
    "latent": 3,
    "evaluation": 4,
    "network": 5,
}


def generator(seed: int, stream: Stream, *index: int) -> np.random.Generator:
    """A NumPy generator for a stream; `index` separates parts of it, such as epochs."""
    return np.random.Generator(np.random.PCG64(_sequence(seed, stream, *index)))


def torch_seed(seed: int, stream: Stream, *index: int) -> int:
    """A 63-bit seed for a `torch.Generator`."""
    word = _sequence(seed, stream, *index).generate_state(1, np.uint64)[0]
    return int(word >> np.uint64(1))


def _sequence(seed: int, stream: Stream, *index: int) -> np.random.SeedSequence:
    return np.random.SeedSequence(seed, spawn_key=(_POSITION[stream], *index))
