"""What every executor keeps to: the same tests of a session here and on a Dask cluster."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.config import MemoryConfig
from assay.execution.cluster import DaskExecutor
from assay.execution.events import Elsewhere, Event, Result, Update
from assay.execution.executor import NOT_SAVED, Executor, RunOptions, Session
from assay.execution.start import follow, open_session, start
from assay.store import Store


@pytest.fixture(params=["here", "cluster"])
def executor(request: pytest.FixtureRequest) -> Executor | None:
    if request.param == "here":
        return None
    return DaskExecutor(request.getfixturevalue(request.param).address)


@pytest.fixture
def endless(small: MemoryConfig) -> MemoryConfig:
    return small.replace(epochs=1_000_000)


def _until_trained(session: Session) -> Update:
    return next(event for event in session.events() if isinstance(event, Update))


def _until_ended(events: Iterator[Event], runs: int) -> Iterator[Event]:
    """Events up to the end of so many runs."""
    while runs:
        event = next(events)
        runs -= isinstance(event, Result)
        yield event


def _until_free(store: Store, config: MemoryConfig) -> None:
    """Until nobody owns a run that was ended at once, which another machine does in a moment."""
    deadline = time.monotonic() + 60
    while store.folder(config).owned:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_stop_from_another_thread_saves(
    endless: MemoryConfig, store: Store, executor: Executor | None
) -> None:
    configs = [endless.replace(seed=seed) for seed in range(3)]
    with start(configs, store, RunOptions(workers=1), executor) as session:
        _until_trained(session)
        threading.Thread(target=session.stop).start()
        results = session.results()
    assert [(result.status, result.message) for result in results] == [("stopped", "")]
    assert list(store.folder(session.configs[0]).checkpoints.iterdir())
    assert len(store.runs()) == 1, "runs that were not reached have no folder"
    assert not store.folder(session.configs[0]).owned


def test_a_session_runs_in_a_thread_that_is_not_the_main_one(
    small: MemoryConfig, store: Store, executor: Executor | None
) -> None:
    found: list[Result] = []
    events: list[Event] = []

    def serve() -> None:
        found.extend(follow(start([small], store, executor=executor), events.append))

    thread = threading.Thread(target=serve)
    thread.start()
    thread.join(60)
    assert [result.status for result in found] == ["finished"]
    assert any(isinstance(event, Update) for event in events)


def test_stop_now_saves_nothing_and_frees_the_run(
    endless: MemoryConfig, store: Store, executor: Executor | None
) -> None:
    with start([endless], store, executor=executor) as session:
        _until_trained(session)
        session.stop(now=True)
        results = session.results()
    assert [(result.status, result.message) for result in results] == [("stopped", NOT_SAVED)]
    folder = store.folder(endless)
    assert not list(folder.checkpoints.iterdir())
    _until_free(store, endless)


def test_leaving_the_block_on_an_error_stops_and_saves(
    endless: MemoryConfig, store: Store, executor: Executor | None
) -> None:
    def watch(event: Event) -> None:
        raise RuntimeError("the page is gone")

    with pytest.raises(RuntimeError, match="the page is gone"):
        follow(start([endless], store, executor=executor), watch)
    folder = store.folder(endless)
    assert list(folder.checkpoints.iterdir())
    assert not folder.owned


def test_a_run_of_another_process_is_waited_for(
    small: MemoryConfig, store: Store, executor: Executor | None
) -> None:
    other = small.replace(seed=1)
    store.create(other)
    events: list[Event] = []
    with store.folder(other).lock():
        session = start([other, small], store, RunOptions(workers=1), executor)
        seen = session.events()
        while not (events and events[-1] == Result(small.run_id, "finished")):
            events.append(next(seen))
        time.sleep(1.5)
        assert len(session.configs) == 2
        assert not store.folder(other).record()
    with session:
        events += seen
        results = session.results()
    assert events.count(Elsewhere(other.run_id)) == 1
    assert [result.run_id for result in results] == [small.run_id, other.run_id]
    assert {result.status for result in results} == {"finished"}
    assert store.folder(other).complete


def test_what_ended_elsewhere_is_reported_as_it_ended(
    small: MemoryConfig, store: Store, tmp_path: Path, executor: Executor | None
) -> None:
    """A run that failed in another process meanwhile is not tried again by this one."""
    from assay.store.record import LogDigest, Record

    failed = Record(
        status="failed",
        message="by zero",
        updates=1,
        seconds=1.0,
        started="2026-01-01T00:00:00+00:00",
        ended="2026-01-01T00:00:01+00:00",
        compute_path={},
        versions={},
        machine={},
        metrics=LogDigest(bytes=0, sha256="0" * 64),
    )
    folder = store.create(small)
    with folder.lock():
        session = start([small], store, executor=executor)
        assert next(session.events()) == Elsewhere(small.run_id)
        folder.write_record(failed)
    with session:
        assert session.results() == [Result(small.run_id, "failed", "by zero")]


def test_an_open_session_takes_runs_while_it_trains(
    small: MemoryConfig, store: Store, executor: Executor | None
) -> None:
    """It waits for them with nothing to do, before the first and after the last."""
    configs = [small.replace(seed=seed) for seed in range(4)]
    with open_session(configs, store, RunOptions(workers=2), executor) as session:
        assert (session.workers, list(session.configs)) == (2, [])
        session.add(configs[:1])
        events = session.events()
        seen = list(_until_ended(events, 1))
        session.add(configs[1:])
        seen += _until_ended(events, 3)
        assert session.configs == tuple(configs)
        threading.Timer(0.2, session.finish).start()
        assert [event for event in events if isinstance(event, Result)] == []
        results = session.results()
    assert sorted(result.run_id for result in results) == sorted(c.run_id for c in configs)
    assert {result.status for result in results} == {"finished"}


def test_an_open_session_that_is_stopped_ends_without_being_told_to_finish(
    endless: MemoryConfig, store: Store, executor: Executor | None
) -> None:
    with open_session([endless], store, RunOptions(workers=1), executor) as session:
        session.add([endless])
        _until_trained(session)
        session.stop()
        session.add([endless.replace(seed=1)])
        assert [result.status for result in session.results()] == ["stopped"]
    assert len(store.runs()) == 1, "what is added after a stop is not taken up"


def test_nothing_is_added_to_a_session_that_was_told_to_finish(
    small: MemoryConfig, store: Store, executor: Executor | None
) -> None:
    with open_session([small], store, executor=executor) as session:
        session.finish()
        with pytest.raises(ValueError, match="after finish"):
            session.add([small])
        assert session.results() == []


def test_nothing_to_train_is_over_at_once(store: Store, executor: Executor | None) -> None:
    with start([], store, executor=executor) as session:
        assert session.results() == []
        assert list(session.events()) == []
