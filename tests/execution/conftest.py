"""One Dask cluster for all tests of a process that need no cluster of their own."""

from collections.abc import Iterator

import pytest

from tests.execution.dask_cluster import DaskCluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """Two workers, one with a nanny as `dask worker` has it, and one without."""
    with DaskCluster(tmp_path_factory.mktemp("cluster")) as cluster:
        cluster.add("nannied", "--resources", "cores=2 gpus=1")
        cluster.add("plain", "--no-nanny", "--resources", "cores=2")
        cluster.wait_for_workers(2)
        yield cluster
