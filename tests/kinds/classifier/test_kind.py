"""The classifier of images holds what assay relies on of a kind."""

from pathlib import Path

import numpy as np
import pytest

from assay.config import ClassifierConfig, kind_named
from assay.errors import ConfigError
from assay.plugins import fingerprint
from assay.testing import check_kind


def _config(folder: Path, labels: np.ndarray) -> ClassifierConfig:
    images = np.random.default_rng(0).integers(0, 256, (60, 8, 8), dtype=np.uint8)
    np.savez(folder / "own.npz", images=images, labels=labels)
    return ClassifierConfig(
        task="images",
        data="own.npz",
        data_sha256=fingerprint(folder / "own.npz"),
        folder=str(folder),
        image_size=8,
        batch_size=27,
        epochs=2,
    )


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.tasks.images.cache.cache_folder", lambda: tmp_path / "cache")


def test_it_holds(tmp_path: Path) -> None:
    check_kind(kind_named("classifier"), _config(tmp_path, np.arange(60) % 3), tmp_path)


def test_one_class_is_none_to_tell_apart(tmp_path: Path) -> None:
    config = _config(tmp_path, np.zeros(60, dtype=int))
    with pytest.raises(ConfigError, match=r"needs images of two classes: own\.npz has 1"):
        kind_named("classifier").check(config)
