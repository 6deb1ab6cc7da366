"""How runs compare in length, and how long is left of those under way; without PyTorch."""

import time
from collections.abc import Sequence

from assay.config import RunConfig, kind_named
from assay.execution.events import Event, Result, Update


def makespan(seconds: Sequence[float], workers: int) -> float:
    """Seconds until the last of the runs ends, when each free worker takes the longest one left."""
    ends = [0.0] * workers
    for length in sorted(seconds, reverse=True):
        ends[ends.index(min(ends))] += length
    return max(ends)


def work(config: RunConfig) -> float:
    """The size of a run, to compare runs: about seconds on one core."""
    return kind_named(config.kind).work(config)


class TimeLeft:
    """Time left of several runs, from the pace of those that are under way.

    Runs of one shape have one pace, in seconds a unit of work; a shape not seen yet is taken to be
    as fast as the others were so far. Of a run whose updates nobody knows it is known once it ends.
    """

    def __init__(self, configs: Sequence[RunConfig], workers: int) -> None:
        self._work = {config.run_id: work(config) for config in configs}
        self._shape = {each.run_id: kind_named(each.kind).pace(each) for each in configs}
        self._first: dict[str, tuple[float, int]] = {}
        self._pace: dict[str, float] = {}
        self._unknown: dict[str, float] = {}
        self._left = dict(self._work)
        self._workers = workers

    def see(self, event: Event) -> None:
        """Take in what a worker told."""
        run = event.run_id
        if not isinstance(event, Update):
            if run in self._unknown and isinstance(event, Result):
                self._pace[self._shape[run]] = time.monotonic() - self._unknown[run]
            self._left[run] = 0.0
            return
        if event.updates is None:
            self._unknown.setdefault(run, time.monotonic())
            self._first.setdefault(run, (time.monotonic(), event.update))
            return
        self._left[run] = self._work[run] * (1 - event.update / event.updates)
        since, update = self._first.setdefault(run, (time.monotonic(), event.update))
        done = self._work[run] * (event.update - update) / event.updates
        if done > 0:
            self._pace[self._shape[run]] = (time.monotonic() - since) / done

    def rate(self, event: Update) -> float | None:
        """Updates per second of the run that an event is about."""
        since, update = self._first.get(event.run_id, (0.0, event.update))
        seconds = time.monotonic() - since
        return (event.update - update) / seconds if event.update > update else None

    def seconds(self) -> float | None:
        """Seconds left for all, or None before anything was seen."""
        if not self._pace:
            return None
        usual = sum(self._pace.values()) / len(self._pace)
        left = [
            amount * self._pace.get(self._shape[run], usual) for run, amount in self._left.items()
        ]
        return makespan(left, self._workers)
