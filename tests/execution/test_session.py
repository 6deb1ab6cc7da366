"""A session as a server or a notebook has it: started, stopped and followed from any thread."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.api import Study
from assay.config import MemoryConfig
from assay.errors import ConfigError
from assay.execution import local, process
from assay.execution.events import Elsewhere, Event, Result, Update
from assay.execution.executor import NOT_SAVED, Executor, RunOptions, Session
from assay.execution.mailbox import Mailbox
from assay.execution.start import follow, open_session, start
from assay.store import RunFolder, Store


@pytest.fixture
def endless(small: MemoryConfig) -> MemoryConfig:
    return small.replace(epochs=1_000_000)


def _until_trained(session: Session) -> Update:
    return next(event for event in session.events() if isinstance(event, Update))


def test_stop_from_another_thread_saves(endless: MemoryConfig, store: Store) -> None:
    configs = [endless.replace(seed=seed) for seed in range(3)]
    with start(configs, store, RunOptions(workers=1)) as session:
        _until_trained(session)
        threading.Thread(target=session.stop).start()
        results = session.results()
    assert [(result.status, result.message) for result in results] == [("stopped", "")]
    assert list(store.folder(session.configs[0]).checkpoints.iterdir())
    assert len(store.runs()) == 1, "runs that were not reached have no folder"
    assert not store.folder(session.configs[0]).owned


def test_a_session_runs_in_a_thread_that_is_not_the_main_one(
    small: MemoryConfig, store: Store
) -> None:
    found: list[Result] = []
    events: list[Event] = []

    def serve() -> None:
        found.extend(follow(start([small], store), events.append))

    thread = threading.Thread(target=serve)
    thread.start()
    thread.join(60)
    assert [result.status for result in found] == ["finished"]
    assert any(isinstance(event, Update) for event in events)


def test_runs_go_on_though_nobody_reads_and_unread_updates_do_not_pile_up(
    small: MemoryConfig, store: Store
) -> None:
    configs = [small.replace(epochs=60, seed=seed) for seed in range(2)]
    with start(configs, store, RunOptions(workers=1)) as session:
        assert len(session.results()) == 2
        events = list(session.events())
    assert [type(event) for event in events] == [Update, Result] * 2
    assert [event.update for event in events if isinstance(event, Update)] == [480, 480]


def test_stop_now_saves_nothing_and_frees_the_run(endless: MemoryConfig, store: Store) -> None:
    with start([endless], store) as session:
        _until_trained(session)
        session.stop(now=True)
        results = session.results()
    assert [(result.status, result.message) for result in results] == [("stopped", NOT_SAVED)]
    folder = store.folder(endless)
    assert not list(folder.checkpoints.iterdir())
    assert not folder.owned


def test_leaving_the_block_on_an_error_stops_and_saves(endless: MemoryConfig, store: Store) -> None:
    def watch(event: Event) -> None:
        raise RuntimeError("the page is gone")

    with pytest.raises(RuntimeError, match="the page is gone"):
        follow(start([endless], store), watch)
    folder = store.folder(endless)
    assert list(folder.checkpoints.iterdir())
    assert not folder.owned


def test_a_worker_that_is_killed_fails_its_run_and_is_replaced(
    small: MemoryConfig, endless: MemoryConfig, store: Store
) -> None:
    killed: list[str] = []

    def watch(event: Event) -> None:
        if isinstance(event, Update) and event.run_id == endless.run_id and not killed:
            killed.append(event.run_id)
            os.kill(_owner(store, endless), signal.SIGKILL)

    results = follow(start([small, endless], store, RunOptions(workers=1)), watch)
    assert [(result.run_id, result.status) for result in results] == [
        (endless.run_id, "failed"),
        (small.run_id, "finished"),
    ]
    assert "its process ended by signal SIGKILL" in results[0].message


def test_a_worker_that_is_asked_to_end_saves_and_the_next_run_is_not_lost(
    small: MemoryConfig, endless: MemoryConfig, store: Store
) -> None:
    def watch(event: Event) -> None:
        if isinstance(event, Update) and event.run_id == endless.run_id:
            os.kill(_owner(store, endless), signal.SIGTERM)

    results = follow(start([small, endless], store, RunOptions(workers=1)), watch)
    assert [(result.run_id, result.status) for result in results] == [
        (endless.run_id, "stopped"),
        (small.run_id, "finished"),
    ]


def _owner(store: Store, config: MemoryConfig) -> int:
    """The process that holds a run's lock."""
    lock = (store.folder(config).path / "lock").stat().st_ino
    for line in Path("/proc/locks").read_text().splitlines():
        words = line.split()
        if words[1] == "FLOCK" and words[5].split(":")[-1] == str(lock):
            return int(words[4])
    raise AssertionError("nobody owns the run")


def test_a_run_of_another_process_is_waited_for(small: MemoryConfig, store: Store) -> None:
    other = small.replace(seed=1)
    store.create(other)
    events: list[Event] = []
    with store.folder(other).lock():
        session = start([other, small], store, RunOptions(workers=1))
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


def test_a_run_that_others_take_again_and_again_is_told_once(
    small: MemoryConfig, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "_LOOK_SECONDS", 0.02)
    # As if it were free whenever it is looked at, and not any more when it is begun.
    monkeypatch.setattr(RunFolder, "owned", False)
    begun: list[str] = []
    begin = local.Worker.begin

    def counted(self, config) -> None:
        begun.append(config.run_id)
        begin(self, config)

    monkeypatch.setattr(local.Worker, "begin", counted)
    folder = store.create(small)
    with folder.lock():
        session = start([small], store)
        deadline = time.monotonic() + 60
        while len(begun) < 4 and time.monotonic() < deadline:
            time.sleep(0.02)
    with session:
        events = list(session.events())
    assert len(begun) >= 4
    assert events.count(Elsewhere(small.run_id)) == 1
    assert events[-1] == Result(small.run_id, "finished")


def test_what_ended_elsewhere_is_reported_as_it_ended(
    small: MemoryConfig, store: Store, tmp_path: Path
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
        session = start([small], store)
        assert next(session.events()) == Elsewhere(small.run_id)
        folder.write_record(failed)
    with session:
        assert session.results() == [Result(small.run_id, "failed", "by zero")]


def test_an_open_session_takes_runs_while_it_trains(small: MemoryConfig, store: Store) -> None:
    """It waits for them with nothing to do, before the first and after the last."""
    configs = [small.replace(seed=seed) for seed in range(4)]
    with open_session(configs, store, RunOptions(workers=2)) as session:
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


def _until_ended(events: Iterator[Event], runs: int) -> Iterator[Event]:
    """Events up to the end of so many runs."""
    while runs:
        event = next(events)
        runs -= isinstance(event, Result)
        yield event


def test_an_open_session_starts_no_worker_before_there_is_a_run(
    small: MemoryConfig, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    begin = local.Worker.__init__

    def count(self, *arguments: object) -> None:
        started.append(len(started))
        begin(self, *arguments)

    monkeypatch.setattr(local.Worker, "__init__", count)
    with open_session([small], store, RunOptions(workers=4)) as session:
        time.sleep(0.2)
        assert not started
        session.add([small])
        list(_until_ended(session.events(), 1))
        session.add([small.replace(seed=1)])
        session.finish()
        assert len(session.results()) == 2
    assert len(started) == 1, "a worker that is free takes the next run"


def test_an_open_session_that_is_stopped_ends_without_being_told_to_finish(
    endless: MemoryConfig, store: Store
) -> None:
    with open_session([endless], store, RunOptions(workers=1)) as session:
        session.add([endless])
        _until_trained(session)
        session.stop()
        session.add([endless.replace(seed=1)])
        assert [result.status for result in session.results()] == ["stopped"]
    assert len(store.runs()) == 1, "what is added after a stop is not taken up"


def test_of_runs_added_from_two_threads_none_is_lost(small: MemoryConfig, store: Store) -> None:
    first, second = small, small.replace(seed=1)
    with open_session([], store, RunOptions(workers=1)) as session:
        session.stop(now=True)
        other = threading.Thread(target=session.add, args=([second],))

        class Meanwhile(list[MemoryConfig]):
            """Runs during whose reading the other thread comes in, if it may."""

            def __iter__(self) -> Iterator[MemoryConfig]:
                if other.ident is None:
                    other.start()
                    other.join(0.2)
                return super().__iter__()

        session.add(Meanwhile([first]))
        other.join()
    assert sorted(each.seed for each in session.configs) == [0, 1]


def test_nothing_is_added_to_a_session_that_was_told_to_finish(
    small: MemoryConfig, store: Store
) -> None:
    with open_session([small], store) as session:
        session.finish()
        with pytest.raises(ValueError, match="after finish"):
            session.add([small])
        assert session.results() == []


def test_an_executor_without_open_sessions_says_so(small: MemoryConfig, store: Store) -> None:
    class Old(Executor):
        def start(self, configs, store, options):
            raise AssertionError

    with pytest.raises(ConfigError, match="Old takes no further runs while it trains"):
        open_session([small], store, executor=Old())


@pytest.fixture
def spawned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process.mp, "get_all_start_methods", lambda: ["spawn"])


@pytest.mark.usefixtures("spawned")
def test_where_processes_are_spawned_all_is_the_same(
    small: MemoryConfig, endless: MemoryConfig, store: Store
) -> None:
    assert follow(start([small], store), lambda event: None)[0].status == "finished"
    with start([endless], store) as session:
        _until_trained(session)
        session.stop()
        assert [result.status for result in session.results()] == ["stopped"]
    assert list(store.folder(endless).checkpoints.iterdir())


def test_nothing_to_train_is_over_at_once(store: Store) -> None:
    with start([], store) as session:
        assert session.results() == []
        assert list(session.events()) == []


def test_a_session_that_breaks_says_so(
    small: MemoryConfig, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(local, "Worker", broken)
    session = start([small], store)
    with pytest.raises(OSError, match="no more processes"):
        session.results()
    with pytest.raises(OSError, match="no more processes"):
        list(session.events())
    session.close()


def test_another_executor_fits(small: MemoryConfig, store: Store) -> None:
    """One that trains in this process, as the protocol allows."""

    class Here(Executor):
        def start(self, configs, store, options):
            return _HereSession(configs, store, options)

    class _HereSession(Session):
        def __init__(self, configs, store, options):
            self.configs, self.workers = configs, 1
            self._store, self._options = store, options
            self._results: list[Result] = []
            self._stopped = False

        def events(self) -> Iterator[Event]:
            from assay.execution.runner import execute

            for config in self.configs:
                if not self._stopped:
                    seconds = self._options.checkpoint_seconds
                    stopped = lambda: self._stopped  # noqa: E731
                    ended = execute(config, self._store, lambda at: None, stopped, seconds)
                    assert isinstance(ended, Result)
                    self._results.append(ended)
                    yield ended

        def stop(self, *, now: bool = False) -> None:
            self._stopped = True

        def results(self) -> list[Result]:
            return self._results

        def close(self) -> None:
            self.stop()

    configs = [small.replace(seed=seed) for seed in range(3)]
    seen: list[Event] = []
    results = follow(start(configs, store, executor=Here()), seen.append)
    assert results == seen
    assert [result.status for result in results] == ["finished"] * 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "workers = 0: should be 1 or more"),
        ({"checkpoint_seconds": -1.0}, "checkpoint_seconds = -1: should be 0 or more"),
        ({"checkpoint_seconds": float("nan")}, "checkpoint_seconds = nan"),
    ],
)
def test_options_out_of_range_are_refused(options: dict, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        RunOptions(**options)


def test_a_mailbox_keeps_the_latest_update_and_every_result() -> None:
    box = Mailbox()
    for update in range(5):
        box.put(Update("a", update, 10, 1, None))
        box.put(Update("b", update, 10, 1, None))
    box.put(Result("a", "finished"))
    box.put(Result("a", "finished"))
    box.close()
    assert list(box) == [
        Update("a", 4, 10, 1, None),
        Update("b", 4, 10, 1, None),
        Result("a", "finished"),
        Result("a", "finished"),
    ]
    assert list(box) == []


def test_a_study_is_run_with_workers_and_options(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which options reach the executor; `workers` alone, beside others, and out of range."""
    (tmp_path / "small.toml").write_text(
        'title = "Small"\n[experiments.one]\nlength = 4\nupdates = 1\nhidden_size = 4\n'
    )
    study = Study(str(tmp_path / "small.toml"), store)
    seen: list[RunOptions | None] = []
    monkeypatch.setattr(study, "start", lambda *given, **_: seen.append(given[2]))
    monkeypatch.setattr("assay.execution.start.follow", lambda session, watch: [])
    study.run("quick", workers=1)
    study.run("quick", None, 3)
    study.run("quick", options=RunOptions(workers=2, checkpoint_seconds=5))
    study.run("quick", workers=1, options=RunOptions(workers=2, checkpoint_seconds=5))
    study.run("quick")
    assert seen == [
        RunOptions(workers=1),
        RunOptions(workers=3),
        RunOptions(workers=2, checkpoint_seconds=5),
        RunOptions(workers=1, checkpoint_seconds=5),
        RunOptions(),
    ]
    with pytest.raises(ConfigError, match="workers = 0: should be 1 or more"):
        study.run("quick", workers=0)
