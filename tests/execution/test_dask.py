"""Runs on a Dask cluster: a real scheduler and worker processes, some of which are lost."""

import os
from pathlib import Path

import numpy as np
import pytest
from distributed import LocalCluster

from assay.config import GanConfig, MemoryConfig, RunConfig
from assay.errors import ConfigError
from assay.execution.cluster import DaskExecutor, connect
from assay.execution.events import Event, Result, Update
from assay.execution.executor import RunOptions
from assay.execution.start import follow, open_session, start
from assay.kinds.command.config import CommandConfig
from assay.kinds.function.config import FunctionConfig
from assay.plugins import resolve
from assay.store import Store
from tests.execution.bits import bits, bits_here
from tests.execution.dask_cluster import DaskCluster

_MINE = """
import random

def train(run, rate):
    weight = 5.0
    for step in range(1, 6):
        weight *= 1 - rate * random.random()
        run.log(step, loss=weight)
        run.save({"weight": weight})
"""


@pytest.fixture
def of_each_kind(small: MemoryConfig, tmp_path: Path) -> list[RunConfig]:
    """Two memory runs, a GAN of own images, a command and a function."""
    pixels = np.random.default_rng(0).integers(0, 256, (80, 8, 8), dtype=np.uint8)
    np.savez(tmp_path / "own.npz", images=pixels)
    (tmp_path / "mine.py").write_text(_MINE)
    (tmp_path / "count.py").write_text("for step in range(3):\n    print(step, 'of', step / 3)\n")
    where = str(tmp_path)
    gan = {"data": "own.npz", "image_size": 8, "batch_size": 4, "latent_dim": 2, "updates": 20}
    return [
        small,
        small.replace(seed=1),
        resolve(GanConfig(task="images", folder=where, save_interval=10, **gan)),
        resolve(
            CommandConfig(
                command="python count.py", pattern=["{step} of {share}"], folder=where, cores=2
            )
        ),
        resolve(FunctionConfig(train="mine:train", values={"rate": 0.1}, folder=where)),
    ]


def test_runs_of_every_kind_come_to_the_bytes_that_they_have_here(
    cluster: DaskCluster, of_each_kind: list[RunConfig], store: Store, tmp_path: Path
) -> None:
    events: list[Event] = []
    executor = DaskExecutor(cluster.address)
    results = follow(start(of_each_kind, store, executor=executor), events.append)
    assert {(result.run_id, result.status) for result in results} == {
        (config.run_id, "finished") for config in of_each_kind
    }
    assert any(isinstance(event, Update) for event in events)
    here = Store(tmp_path / "here")
    follow(start(of_each_kind, here), lambda event: None)
    for config in of_each_kind:
        assert bits(store, config) == bits(here, config)
        assert not store.folder(config).owned


def test_an_open_session_takes_runs_while_workers_join(
    tmp_path: Path, small: MemoryConfig, store: Store
) -> None:
    """Begun with no worker at all, as an adaptive cluster is."""
    with DaskCluster(tmp_path) as cluster:
        executor = DaskExecutor(cluster.address)
        with open_session([small], store, RunOptions(), executor) as session:
            assert session.workers == 1
            session.add([small])
            for name in ("first", "second"):
                cluster.add(name, "--no-nanny")
            event = next(event for event in session.events() if isinstance(event, Result))
            cluster.wait_for_workers(2)
            session.add([small.replace(seed=1)])
            session.finish()
            assert [event, *session.results()[1:]] == session.results()
            assert len(session.results()) == 2
            assert session.workers == 2


def test_where_no_store_is_shared_runs_are_sent_back(
    cluster: DaskCluster, small: MemoryConfig, store: Store, tmp_path: Path
) -> None:
    executor = DaskExecutor(cluster.address, shared_store=False)
    results = follow(start([small], store, executor=executor), lambda event: None)
    assert [result.status for result in results] == ["finished"]
    folder = store.folder(small)
    assert folder.complete
    folder.metrics()
    there = (folder.path / "metrics.jsonl").read_bytes()
    assert there == bits_here(small, tmp_path)["metrics.jsonl"]


def test_needs_that_no_worker_meets_are_told(
    cluster: DaskCluster, store: Store, tmp_path: Path
) -> None:
    store.prepare()
    wide = CommandConfig(command="true", pattern=["loss {loss}"], folder=str(tmp_path), cores=3)
    results = follow(
        DaskExecutor(cluster.address).start([wide], store, RunOptions()),
        lambda event: None,
    )
    assert [result.message for result in results] == [
        "cores = 3: the most that a worker of the cluster offers is 2"
    ]


def test_no_scheduler_at_the_address_is_told(
    small: MemoryConfig, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "_CONNECT_SECONDS", 1)
    with pytest.raises(ConfigError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9: it"):
        start([small], store, executor=DaskExecutor("tcp://127.0.0.1:9"))
    assert store.runs() == []


def test_another_version_of_assay_is_told(
    tmp_path: Path, small: MemoryConfig, store: Store
) -> None:
    info = tmp_path / "old" / "assay-0.0.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: assay\nVersion: 0.0.1\n")
    path = os.pathsep.join(filter(None, [str(info.parent), os.environ.get("PYTHONPATH")]))
    with DaskCluster(tmp_path) as cluster:
        cluster.add("old", "--no-nanny", environment={"PYTHONPATH": path})
        cluster.wait_for_workers(1)
        with pytest.raises(
            ConfigError, match=r"worker tcp://\S+ has assay 0.0.1, and this machine"
        ):
            start([small], store, executor=DaskExecutor(cluster.address))


def test_a_worker_without_assay_is_told(tmp_path: Path, small: MemoryConfig, store: Store) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "sitecustomize.py").write_text(
        "from importlib import metadata\n\n"
        "found = metadata.version\n\n"
        "def version(name):\n"
        "    if name == 'assay':\n"
        "        raise metadata.PackageNotFoundError(name)\n"
        "    return found(name)\n\n"
        "metadata.version = version\n"
    )
    with DaskCluster(tmp_path) as cluster:
        cluster.add("bare-one", "--no-nanny", environment={"PYTHONPATH": str(bare)})
        cluster.wait_for_workers(1)
        with pytest.raises(ConfigError, match=r"worker tcp://\S+ has no assay, and this machine"):
            start([small], store, executor=DaskExecutor(cluster.address))
    assert store.runs() == []


def test_an_adaptive_cluster_grows_for_runs_that_wait(small: MemoryConfig, store: Store) -> None:
    with LocalCluster(n_workers=0, threads_per_worker=1, dashboard_address=":0") as cluster:
        cluster.adapt(minimum=0, maximum=1, interval="100ms")
        executor = DaskExecutor(cluster.scheduler_address)
        results = follow(start([small], store, executor=executor), lambda event: None)
    assert [result.status for result in results] == ["finished"]


def test_without_dask_it_is_told_what_to_install(
    small: MemoryConfig, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(ConfigError, match=r"pip install 'assay\[cluster\]'"):
        start([small], store, executor=DaskExecutor())
