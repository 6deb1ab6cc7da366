"""What is tried of a recurrent network's own code before any run."""

from pathlib import Path

import pytest

from assay.config import MemoryConfig, kind_named
from assay.errors import AssayError
from assay.plugins import resolve

DICE = """
import numpy as np
def kept(rng, length, data_size):
    x = rng.integers(0, 6, (data_size, length))
    return x, x[:, 0] % 2
def global_(rng, length, data_size):
    x = np.random.randint(0, 6, (data_size, length))
    return x, x[:, 0] % 2
"""


def test_a_generator_that_ignores_its_rng_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dice.py").write_text(DICE)
    settings = {"length": 6, "data_size": 200, "hidden_size": 4, "folder": str(tmp_path)}
    kind = kind_named("memory")
    kind.check(resolve(MemoryConfig(task="dice:kept", **settings)))
    with pytest.raises(AssayError, match="gave other sequences when it was called again"):
        kind.check(resolve(MemoryConfig(task="dice:global_", **settings)))
