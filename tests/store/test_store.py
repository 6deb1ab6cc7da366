from pathlib import Path

import pytest

from assay.config import MemoryConfig
from assay.errors import StoreError
from assay.store import Store


def test_find_names_what_is_wrong(small: MemoryConfig, store: Store) -> None:
    with pytest.raises(StoreError, match="no run whose id begins with 'zz'"):
        store.find("zz")
    for seed in range(20):
        store.create(small.replace(seed=seed))
    with pytest.raises(StoreError, match="20 runs whose id begins with ''"):
        store.find("")


def test_other_things_in_the_store_are_left_alone(small: MemoryConfig, store: Store) -> None:
    store.create(small)
    (store.root / "notes.txt").write_text("mine")
    (store.root / ("A" * 16)).mkdir()
    assert [run.run_id for run in store.runs()] == [small.run_id]


def test_a_store_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError, match="cannot be written: Not a directory"):
        Store(tmp_path / "file" / "store").prepare()
