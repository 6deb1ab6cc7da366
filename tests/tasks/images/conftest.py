from pathlib import Path

import pytest

from assay.tasks.images import load_mnist


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache folder of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setattr("assay.tasks.images.cache.cache_folder", lambda: folder)
    load_mnist.cache_clear()
    yield folder
    load_mnist.cache_clear()
