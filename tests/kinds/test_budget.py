"""Settings of a budget: runs that differ in these alone are one training, longer or shorter."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.config import (
    ClassifierConfig,
    GanConfig,
    MemoryConfig,
    RunConfig,
    kind_named,
    kind_names,
)
from assay.plugins import fingerprint
from assay.store import RunFolder
from assay.store.log import Log

CHANGES: dict[str, dict[str, Any]] = {
    "memory": {"updates": 125, "epochs": 3, "stop_accuracy": 0.999, "measure_at": [50, 100]},
    "gan": {
        **{"updates": 150, "epochs": 2, "save_interval": 60},
        **{"measure_at": [50, 75], "keep_at": [75]},
    },
    "classifier": {"updates": 300, "epochs": 2},
}


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, RunConfig]:
    """A short run of each kind that has a budget."""
    monkeypatch.setattr("assay.tasks.images.cache.cache_folder", lambda: tmp_path / "cache")
    pixels = np.random.default_rng(0).integers(0, 256, (400, 8, 8), dtype=np.uint8)
    np.savez(tmp_path / "mine.npz", images=pixels, labels=np.arange(400) % 2)
    own = {
        "task": "images",
        "data": "mine.npz",
        "data_sha256": fingerprint(tmp_path / "mine.npz"),
        "folder": str(tmp_path),
        "image_size": 8,
        "batch_size": 4,
    }
    return {
        "memory": MemoryConfig(length=5, data_size=500, hidden_size=4, updates=75),
        "gan": GanConfig(**own, latent_dim=2, updates=100),
        "classifier": ClassifierConfig(**own, updates=200),
    }


def checks(log: Log, until: int) -> list[tuple[int, dict[str, Any]]]:
    return [(each.update, dict(each.measures)) for each in log.checks if each.update <= until]


@pytest.mark.parametrize("name", CHANGES)
def test_a_longer_run_begins_as_the_shorter(
    name: str, small: dict[str, RunConfig], train_here: Callable[[RunConfig], RunFolder]
) -> None:
    short, changes = small[name], CHANGES[name]
    assert set(changes) == kind_named(name).budget
    first, second = (train_here(each).metrics() for each in (short, short.replace(**changes)))
    until = kind_named(name).updates(short)
    assert len(checks(first, until)) >= 2
    assert checks(first, until) == checks(second, until)


def test_a_budget_is_made_of_settings() -> None:
    for name in kind_names():
        kind = kind_named(name)
        assert kind.budget <= set(kind.config.model_fields)
        assert "seed" not in kind.budget
