"""Small runs that train in a moment, for every test that needs a real one."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from hypothesis import HealthCheck, settings

from assay.config import MemoryConfig
from assay.execution.runner import execute
from assay.kinds.job import prepare_process
from assay.store import RunFolder, Store, cache

if TYPE_CHECKING:
    from tests.execution.dask_cluster import DaskCluster


def pytest_configure() -> None:
    # Of this process and all that it starts: tests run beside each other, one to a core, and
    # threads that wait for a core which another test has take several times as long.
    os.environ["OMP_NUM_THREADS"] = "1"
    # Where this is set, each of hundreds of processes would compile assay's modules again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # All own code in tests is their own; `tests/cli/test_trust.py` takes it out.
    os.environ["ASSAY_TRUST"] = "1"
    # A busy machine is no fault of what is tried.
    settings.register_profile("assay", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("assay")


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in this hook, too
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share what takes long to make go to one process, which makes it once."""
    for item in items:
        if isinstance(item, pytest.Function) and (group := _group(item)):
            item.add_marker(pytest.mark.xdist_group(group))


def _group(item: pytest.Function) -> str:
    """Where a fixture that several tests share is defined, and its parameter if it has one."""
    given = item.callspec.params if hasattr(item, "callspec") else {}
    # A parameter's value may be the name of a fixture.
    for scope in ("session", "module"):
        for name in (*item.fixturenames, *filter(str.isidentifier, map(str, given.values()))):
            found = item.session._fixturemanager.getfixturedefs(name, item)
            shared = found and found[-1].scope == scope and found[-1].baseid.startswith("tests")
            if shared and not name.startswith("_"):
                return f"{found[-1].baseid} {given.get(name, '')}".rstrip()
    return ""


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    prepare_process()
    torch.set_default_dtype(torch.float32)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What tests work out is not put into the user's cache, nor read from it."""
    folder = tmp_path_factory.mktemp("cache")
    cache.cache_folder = lambda: folder


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator["DaskCluster"]:
    """Two workers of Dask, one with a nanny as `dask worker` has it, and one without."""
    from tests.execution.dask_cluster import DaskCluster  # not where Dask is not installed

    with DaskCluster(tmp_path_factory.mktemp("cluster")) as cluster:
        cluster.add("nannied", "--resources", "cores=2 gpus=1")
        cluster.add("plain", "--no-nanny", "--resources", "cores=2")
        cluster.wait_for_workers(2)
        yield cluster


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
