"""What the terminal shows while runs train."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from assay.cli.show.heartbeat import Heartbeat, now
from assay.cli.show.tables import duration
from assay.config import RunConfig
from assay.errors import one_line, printable
from assay.execution.events import Elsewhere, Event, Result, Update
from assay.execution.pace import TimeLeft


class Progress:
    """Each run under way with its epoch, rate and last accuracy, and the time left of all."""

    def __init__(self, configs: Sequence[RunConfig], workers: int, console: Console) -> None:
        self._configs = {config.run_id: config for config in configs}
        self._left = TimeLeft(configs, workers)
        self._running: dict[str, Update] = {}
        self._elsewhere: set[str] = set()
        self._noted: set[str] = set()
        self._done = 0
        self._console = console
        self._live: Live | None = None
        self._heartbeat = Heartbeat(self.still_on)
        self._started = time.monotonic()

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show a live display on a terminal; elsewhere a line for each run that ends."""
        if not self._console.is_terminal:
            with self._heartbeat:
                yield
            return
        with Live(console=self._console, refresh_per_second=4, transient=True) as self._live:
            yield

    def see(self, event: Event) -> None:
        """Take in what a worker told."""
        with self._heartbeat.lock:
            self._see(event)
        if self._live:
            self._live.update(self._table())

    def _see(self, event: Event) -> None:
        self._left.see(event)
        if isinstance(event, Update):
            self._running[event.run_id] = event
            self._elsewhere.discard(event.run_id)
        elif isinstance(event, Elsewhere):
            self._elsewhere.add(event.run_id)
            label = self._configs[event.run_id].label
            self._say(f"{label}: another process is training it, so it comes last")
        else:
            last = self._running.pop(event.run_id, None)
            self._elsewhere.discard(event.run_id)
            self._done += 1
            self._say(self._ended(event, last))

    def still_on(self) -> None:
        """Say how far all is, and each run under way."""
        running = [f"{self._configs[run].label} {told(at)}" for run, at in self._running.items()]
        self._say(f"{now()} {'; '.join([self._sum(), *running])}")

    def _say(self, text: str) -> None:
        self._heartbeat.said()
        self._console.print(printable(text), soft_wrap=True, highlight=False, markup=False)

    def _ended(self, result: Result, last: Update | None) -> str:
        counted = f"[{self._done}/{len(self._configs)}] {self._configs[result.run_id].label}"
        left = self._left.seconds()
        then = f"; {duration(left)} left" if left and not self._live else ""
        return run_ended(counted, result, last, self._noted, then)

    def _table(self) -> Group:
        table = Table.grid(padding=(0, 2))
        for run_id, at in self._running.items():
            rate = self._left.rate(at)
            table.add_row(
                Text(one_line(self._configs[run_id].label)),
                ProgressBar(total=at.updates, completed=at.update, width=24),
                where(at),
                f"{rate:,.0f} updates/s" if rate else "",
                "" if at.accuracy is None else f"accuracy {at.accuracy:.3f}",
            )
        return Group(table, Text(self._sum()))

    def _sum(self) -> str:
        left = self._left.seconds()
        words = [
            f"{self._done} of {len(self._configs)} runs",
            f"{duration(time.monotonic() - self._started)} spent",
            "measuring the time left" if left is None else f"{duration(left)} left",
        ]
        if self._elsewhere:
            others = f"{len(self._elsewhere)} trained by other processes"
            words[2:] = [words[2], others] if self._running else [f"waiting for {others}"]
        return ", ".join(words)


def where(at: Update) -> str:
    """How far a run is, in words."""
    return f"epoch {at.epoch}" if at.epoch else f"step {at.update:,}"


def told(at: Update) -> str:
    """How far a run is, with what it comes to by then."""
    return where(at) if at.accuracy is None else f"{where(at)}, accuracy {at.accuracy:.3f}"


def run_ended(
    label: str, result: Result, last: Update | None, noted: set[str], then: str = ""
) -> str:
    """How a run ended, with what it was last told to have come to, and its notices below.

    Those in `noted` were shown before, and those that are new are added to it.
    """
    accuracy = ""
    if last is not None and last.accuracy is not None and result.status != "failed":
        accuracy = f", accuracy {last.accuracy:.3f}"
    lines = [f"{label}: {result.status}{accuracy}{then}"]
    if result.status == "failed":
        lines.append(f"  run {result.run_id}: {result.message}")
    fresh = [notice for notice in result.notices if notice not in noted]
    noted.update(fresh)
    return "\n".join([*lines, *(f"  {notice}" for notice in fresh)])
