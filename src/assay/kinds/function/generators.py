"""The global random numbers of Python, NumPy and PyTorch, which functions draw from.

They begin at the run's seed, and are part of a checkpoint. PyTorch's are if it is loaded.
"""

import random
import sys
from typing import Any

import numpy as np

from assay import streams


def begin(seed: int) -> None:
    """Put them at the start of a run's stream."""
    word = streams.torch_seed(seed, "network")
    random.seed(word)
    np.random.seed(word % 2**32)  # noqa: NPY002 - the one that functions may draw from
    if (torch := sys.modules.get("torch")) is not None:
        torch.manual_seed(word)


def captured() -> dict[str, Any]:
    """Where they are."""
    found = {
        "random": random.getstate(),
        "numpy": np.random.get_state(legacy=False),  # noqa: NPY002
    }
    if (torch := sys.modules.get("torch")) is not None:
        found["torch"] = torch.get_rng_state()
        if torch.cuda.is_initialized():
            found["cuda"] = torch.cuda.get_rng_state_all()
    return found


def restore(found: dict[str, Any]) -> None:
    """Put them where they were."""
    random.setstate(found["random"])
    np.random.set_state(found["numpy"])  # noqa: NPY002
    if (torch := sys.modules.get("torch")) is not None:
        if "torch" in found:
            torch.set_rng_state(found["torch"])
        if "cuda" in found:
            torch.cuda.set_rng_state_all(found["cuda"])
