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
from assay.execution.executor import Executor, RunOptions, Session
from assay.execution.mailbox import Mailbox
from assay.execution.start import follow, open_session, start
from assay.store import RunFolder, Store


@pytest.fixture
def endless(small: MemoryConfig) -> MemoryConfig:
    return small.replace(epochs=1_000_000)


def _until_trained(session: Session) -> Update:
    return next(event for event in session.events() if isinstance(event, Update))


def test_runs_go_on_though_nobody_reads_and_unread_updates_do_not_pile_up(
    small: MemoryConfig, store: Store
) -> None:
    configs = [small.replace(epochs=60, seed=seed) for seed in range(2)]
    with start(configs, store, RunOptions(workers=1)) as session:
        assert len(session.results()) == 2
        events = list(session.events())
    assert [type(event) for event in events] == [Update, Result] * 2
    assert [event.update for event in events if isinstance(event, Update)] == [480, 480]


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
