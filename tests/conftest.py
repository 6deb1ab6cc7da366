"""Small runs that train in a moment, for every test that needs a real one."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from assay.config import MemoryConfig
from assay.execution.runner import execute, prepare_process
from assay.store import RunFolder, Store


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    prepare_process()
    torch.set_default_dtype(torch.float32)


@pytest.fixture
def small() -> MemoryConfig:
    """240 training palindromes, 8 updates an epoch, 3 epochs."""
    return MemoryConfig(hidden_size=8, data_size=300, batch_size=32, epochs=3)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def train_here(store: Store) -> Callable[[MemoryConfig], RunFolder]:
    """Train a run in this process and return its folder."""

    def train(config: MemoryConfig) -> RunFolder:
        store.prepare()
        result = execute(config, store, lambda at: None, lambda: False)
        assert result.status in ("finished", "diverged"), result.message
        return store.folder(config)

    return train
