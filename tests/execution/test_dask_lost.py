"""Workers and schedulers that are lost: killed, stopped, cut off."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client

from assay.config import MemoryConfig, RunConfig
from assay.errors import TrainingError
from assay.execution.cluster import DaskExecutor, held
from assay.execution.events import Elsewhere, Event, Update
from assay.execution.executor import RunOptions, Session
from assay.execution.start import start
from assay.kinds.function.config import FunctionConfig
from assay.plugins import resolve
from assay.store import RunFolder, Store
from tests.execution.bits import bits, bits_here
from tests.execution.cable import Cable
from tests.execution.dask_cluster import DaskCluster

_OFTEN = RunOptions(checkpoint_seconds=0.3)


@pytest.fixture
def long(small: MemoryConfig) -> MemoryConfig:
    """Takes a few seconds."""
    return small.replace(epochs=150)


def _until_trained(session: Session) -> tuple[Update, Iterator[Event]]:
    events = session.events()
    return next(event for event in events if isinstance(event, Update) and event.update), events


def test_a_run_whose_machine_is_gone_goes_on_elsewhere_from_its_checkpoint(
    cluster: DaskCluster, long: MemoryConfig, store: Store, tmp_path: Path
) -> None:
    """All processes of a worker are killed at once, the run's among them."""
    with start([long], store, _OFTEN, DaskExecutor(cluster.address)) as session:
        events = session.events()
        saved = store.folder(long).checkpoints
        next(event for event in events if isinstance(event, Update) and list(saved.glob("*.json")))
        with Client(cluster.address, set_as_default=False) as client:
            (address,) = (worker for worker, keys in client.processing().items() if keys)
            name = client.scheduler_info(n_workers=-1)["workers"][address]["name"]
        cluster.remove(name)
        later = list(events)
        assert [result.status for result in session.results()] == ["finished"]
    updates = [event.update for event in later if isinstance(event, Update)]
    assert min(updates, default=9) > 8, "it began anew"
    assert bits(store, long) == bits_here(long, tmp_path)
    cluster.add(name, "--no-nanny", "--resources", "cores=2 gpus=1")
    cluster.wait_for_workers(2)


def test_a_run_whose_worker_is_killed_goes_on_elsewhere_from_its_checkpoint(
    cluster: DaskCluster, long: MemoryConfig, store: Store, tmp_path: Path
) -> None:
    """The run's process sees it, saves and ends."""
    with start([long], store, executor=DaskExecutor(cluster.address)) as session:
        before, events = _until_trained(session)
        with Client(cluster.address, set_as_default=False) as client:
            (address,) = (worker for worker, keys in client.processing().items() if keys)
            os.kill(client.run(os.getpid)[address], signal.SIGKILL)
        later = list(events)
        assert [result.status for result in session.results()] == ["finished"]
    updates = [event.update for event in later if isinstance(event, Update)]
    assert min(updates) > before.update, "it began anew"
    assert bits(store, long) == bits_here(long, tmp_path)
    cluster.fill_up("--no-nanny", "--resources", "cores=2")


_SLOW = """
import random
import time
from pathlib import Path

def train(run, steps):
    state = run.resume() or {"step": 0, "weight": 5.0}
    while state["step"] < steps:
        state["step"] += 1
        state["weight"] *= 1 - 0.1 * random.random()
        run.log(state["step"], loss=state["weight"])
        run.save(state)
        time.sleep(float(Path(__file__).with_name("pause").read_text()))
"""


@pytest.fixture
def slow(tmp_path: Path) -> RunConfig:
    """Takes long by waiting, as `pause` says."""
    (tmp_path / "slow.py").write_text(_SLOW)
    (tmp_path / "pause").write_text("0.1")
    folder = str(tmp_path)
    return resolve(FunctionConfig(train="slow:train", values={"steps": 1000}, folder=folder))


def _no_pause(folder: Path) -> None:
    """The file is whole at every moment: a run may read it at any."""
    (folder / "none").write_text("0")
    (folder / "none").replace(folder / "pause")


def test_a_run_whose_worker_is_stopped_goes_on_elsewhere_and_that_worker_harms_nothing(
    tmp_path: Path, slow: RunConfig, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts as lost, and wakes up when another has trained the run to its end."""
    monkeypatch.setattr(held, "_PATIENCE_SECONDS", 0.5)
    run = store.folder(slow)
    with DaskCluster(tmp_path, silent="3s") as cluster:
        cluster.add("first")
        cluster.wait_for_workers(1)
        with start([slow], store, _OFTEN, DaskExecutor(cluster.address)) as session:
            events = session.events()
            _until_saved(events, run)
            cut_off = run.owner
            cluster.signal("first", signal.SIGSTOP)
            cluster.add("second", "--no-nanny")
            _goes_on(events, run, cut_off)
            _no_pause(tmp_path)
            assert [result.status for result in session.results()] == ["finished"]
        whole = {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}
        cluster.signal("first", signal.SIGCONT)
        _until_gone(cut_off)
        assert whole == {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}
    assert bits(store, slow) == bits_here(slow, tmp_path)


def test_a_worker_whose_network_is_cut_trains_on_and_its_run_is_taken_from_it(
    tmp_path: Path, slow: RunConfig, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not told, so that it would train to the end; it stops at its next save."""
    monkeypatch.setattr(held, "_PATIENCE_SECONDS", 0.5)
    run = store.folder(slow)
    with DaskCluster(tmp_path, silent="3s") as cluster:
        cable = Cable(cluster.address)
        cluster.add("first", cable.address, "--no-nanny")
        cluster.wait_for_workers(1)
        with start([slow], store, _OFTEN, DaskExecutor(cluster.address)) as session:
            events = session.events()
            _until_saved(events, run)
            cut_off = run.owner
            cable.cut()
            cluster.add("second", "--no-nanny")
            _goes_on(events, run, cut_off)
            _until_gone(cut_off)
            _no_pause(tmp_path)
            assert [result.status for result in session.results()] == ["finished"]
        cable.close()
    assert bits(store, slow) == bits_here(slow, tmp_path)


def _until_saved(events: Iterator[Event], run: RunFolder) -> None:
    """Until it is some updates beyond the first of its checkpoints."""
    updates = (event.update for event in events if isinstance(event, Update))
    next(update for update in updates if update > 5 and list(run.checkpoints.glob("*.json")))


def _goes_on(events: Iterator[Event], run: RunFolder, cut_off: str) -> None:
    """It is found held, taken, and trained from its checkpoint by another."""
    assert next(event for event in events if isinstance(event, Elsewhere)).run_id == run.run_id
    first = next(event for event in events if isinstance(event, Update))
    assert first.update > 2, "it began anew"
    assert run.owner != cut_off


def _until_gone(owner: str) -> None:
    deadline = time.monotonic() + 60
    while Path("/proc", owner.split()[1]).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_worker_that_leaves_in_order_saves_first(
    cluster: DaskCluster, tmp_path: Path, slow: RunConfig, store: Store
) -> None:
    """As one does whose `--lifetime` is over, or that an adaptive cluster sends away."""
    with start([slow], store, executor=DaskExecutor(cluster.address)) as session:
        events = session.events()
        before = next(event for event in events if isinstance(event, Update) and event.update > 5)
        with Client(cluster.address, set_as_default=False) as client:
            (address,) = (worker for worker, keys in client.processing().items() if keys)
            client.retire_workers([address])
        _no_pause(tmp_path)
        later = [event for event in events if isinstance(event, Update)]
        assert [result.status for result in session.results()] == ["finished"]
    assert min(event.update for event in later) >= before.update, "it began anew"
    assert bits(store, slow) == bits_here(slow, tmp_path)
    cluster.fill_up("--no-nanny", "--resources", "cores=2")


def test_a_lost_scheduler_is_told_and_its_workers_save(
    tmp_path: Path, long: MemoryConfig, store: Store
) -> None:
    endless = long.replace(epochs=1_000_000)
    with DaskCluster(tmp_path) as cluster:
        cluster.add("first")
        session = start([endless], store, executor=DaskExecutor(cluster.address))
        with session:
            _until_trained(session)
            cluster.lose_scheduler()
            with pytest.raises(TrainingError, match="the Dask scheduler was lost"):
                session.results()
        _until_free(store, endless)
    assert list(store.folder(endless).checkpoints.iterdir())


def _until_free(store: Store, config: RunConfig) -> None:
    deadline = time.monotonic() + 60
    while store.folder(config).owned:
        assert time.monotonic() < deadline
        time.sleep(0.05)
