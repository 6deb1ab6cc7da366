"""A run is brought whole, whatever the tracker and the training do meanwhile."""

import queue
from collections.abc import Callable, Mapping, Sequence

import pytest

from assay.store import Store
from assay.tracking.bringing import Bringing, Finish, Message, Standing
from assay.tracking.entries import Entry, Point
from assay.tracking.sink import Ended, Scalar, Sink, Subject
from tests.tracking.made import begun, bring, end, line, subject, write

LINES = [line(update, 1 / update) for update in range(1, 9)]


class Memory:
    """A tracker in memory, which forgets runs that are begun again; it fails when it is told to."""

    def __init__(self) -> None:
        self.points: list[tuple[str, int, float]] = []
        self.ended: list[str] = []
        self.settings: Mapping[str, Scalar] = {}
        self.fails = 0

    def whole(self, subject: Subject, how: Ended) -> bool:
        return False

    def begin(self, subject: Subject, settings: Mapping[str, Scalar]) -> "Memory":
        self.settings = settings
        self.points.clear()
        return self

    def discard(self, subject: Subject) -> None:
        self.points.clear()

    def write(self, found: Sequence[Entry], grid: Callable[[int, str], bytes]) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError(28, "No space left on device")
        self.points += [tuple(each) for each in found if isinstance(each, Point)]

    def end(self, how: Ended) -> None:
        self.ended.append(how.status)

    def losses(self) -> list[tuple[int, float]]:
        return [(update, value) for name, update, value in self.points if name == "loss"]


WHOLE = [(update, 1 / update) for update in range(1, 9)]


class Steps:
    """Bringing one run, looked at between its steps."""

    def __init__(self, sink: Sink) -> None:
        self.inbox: queue.Queue[Message] = queue.Queue()
        self.bringing = Bringing(lambda: sink, self.inbox, self._see)
        self.seen: list[Standing] = []

    def _see(self, standing: Standing) -> None:
        self.seen.append(standing)

    def step(self, *messages: Message) -> bool:
        for message in messages:
            self.inbox.put(message)
        if messages:
            self.bringing._take()
        return self.bringing._bring()


def test_lines_come_as_they_are_written_and_none_twice(store: Store) -> None:
    folder, sink = begun(store, LINES[:2]), Memory()
    steps = Steps(sink)
    steps.step(subject(folder))
    assert sink.losses() == WHOLE[:2]
    steps.step()
    write(folder, LINES[:5])
    with (folder.path / "metrics.jsonl").open("a") as log:
        log.write(LINES[5][:9])  # a line that is not all there yet
    steps.step()
    assert sink.losses() == WHOLE[:5]
    write(folder, LINES)
    end(folder)
    assert steps.step((folder.run_id, Ended("finished")))
    assert sink.losses() == WHOLE
    assert sink.ended == ["finished"]


def test_a_log_that_is_cut_back_to_a_checkpoint_comes_once(store: Store) -> None:
    folder, sink = begun(store, LINES[:6]), Memory()
    steps = Steps(sink)
    steps.step(subject(folder))
    write(folder, LINES[:3])  # killed, and resumed from there
    steps.step()
    write(folder, LINES)
    end(folder)
    assert steps.step((folder.run_id, Ended("finished")))
    assert sink.losses() == WHOLE


def test_a_run_that_was_trained_anew_replaces_what_was_there(store: Store) -> None:
    folder, sink = begun(store, [line(1, 9.0), line(2, 8.0)]), Memory()
    steps = Steps(sink)
    steps.step(subject(folder))
    write(folder, LINES)
    end(folder)
    assert steps.step((folder.run_id, Ended("finished")))
    assert sink.losses() == WHOLE


def test_a_tracker_that_fails_gets_all_once_it_works_again(store: Store) -> None:
    folder, sink = begun(store, LINES[:4]), Memory()
    sink.fails = 1
    steps = Steps(sink)
    assert not steps.step(subject(folder))
    assert steps.bringing.standing.problem == "No space left on device"
    write(folder, LINES)
    end(folder)
    assert steps.step((folder.run_id, Ended("finished")))
    assert steps.bringing.standing.problem == ""
    assert sink.losses() == WHOLE


def test_one_that_fails_to_the_end_is_told(store: Store) -> None:
    folder, sink = begun(store, LINES), Memory()
    end(folder)
    sink.fails = 99
    standing = bring(lambda: sink, folder)
    assert (standing.whole, standing.problem) == (0, "No space left on device")


def test_what_was_stopped_or_failed_without_a_record_ends_so(store: Store) -> None:
    for how in (None, Ended("failed", "its process ended by signal SIGKILL")):
        sink = Memory()
        standing = bring(lambda sink=sink: sink, begun(store, LINES[:4]), how)  # type: ignore[misc]
        assert standing.whole == 1
        assert sink.ended == ["failed" if how else "stopped"]
        assert sink.losses() == WHOLE[:4]


def test_a_damaged_run_is_named_and_the_others_come(store: Store) -> None:
    folder, sink = begun(store, LINES), Memory()
    end(folder)
    write(folder, LINES[:2])
    standing = bring(lambda: sink, folder)
    assert standing.whole == 0
    assert len(standing.damaged) == 1
    assert "metrics.jsonl is damaged" in standing.damaged[0]


def test_settings_within_others_have_names_with_dots(store: Store) -> None:
    sink = Memory()
    folder = begun(store)
    bring(lambda: sink, folder)
    assert sink.settings["hidden_size"] == 8
    assert sink.settings["seed"] == 3
    assert "data" not in sink.settings  # it has none
    assert all(isinstance(value, str | int | float) for value in sink.settings.values())


def test_nothing_to_bring_ends_at_once() -> None:
    inbox: queue.Queue[Message] = queue.Queue()
    inbox.put(Finish())
    bringing = Bringing(lambda: pytest.fail("opened"), inbox, lambda standing: None)
    bringing.run()
