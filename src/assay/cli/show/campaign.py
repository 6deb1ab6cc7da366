"""What the terminal shows while claims are trained for, and what it says at the end."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from assay.campaign import Campaign, CampaignEnd
from assay.claims.standing import Standing
from assay.cli.show.heartbeat import Heartbeat, now
from assay.cli.show.progress import run_ended, told, where
from assay.cli.show.tables import counted, duration
from assay.errors import one_line, printable
from assay.execution.events import Elsewhere, Event, Update
from assay.report.words.caveats import ratio, seeds_text

_ROWS = 12
"""As many open claims are shown at once on a terminal."""
_LINES = 3
"""As many are told of in a line elsewhere."""


class CampaignProgress:
    """Each open claim with how far it is, and each run under way."""

    def __init__(self, campaign: Campaign, console: Console) -> None:
        self._campaign, self._console = campaign, console
        self._standings: list[Standing] | None = None
        self._running: dict[str, Update] = {}
        self._elsewhere: set[str] = set()
        self._noted: set[str] = set()
        self._done = 0
        self._live: Live | None = None
        self._heartbeat = Heartbeat(self.still_on)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show a live display on a terminal; elsewhere a line for what is decided or ended."""
        if not self._console.is_terminal:
            with self._heartbeat:
                yield
            return
        with Live(console=self._console, refresh_per_second=4, transient=True) as self._live:
            yield

    def see(self, event: Event) -> None:
        """Take in what is told of a run."""
        with self._heartbeat.lock:
            self._see(event)
        self._show()

    def _see(self, event: Event) -> None:
        label = self._label(event.run_id)
        if isinstance(event, Update):
            self._running[event.run_id] = event
            self._elsewhere.discard(event.run_id)
        elif isinstance(event, Elsewhere):
            self._elsewhere.add(event.run_id)
            self._say(f"{label}: another process is training it")
        else:
            last = self._running.pop(event.run_id, None)
            self._elsewhere.discard(event.run_id)
            if event.status != "stopped":
                self._done += 1
                self._say(run_ended(label, event, last, self._noted))

    def look(self, standings: list[Standing]) -> None:
        """Take in where the claims stand."""
        with self._heartbeat.lock:
            self._look(standings)
        self._show()

    def _look(self, standings: list[Standing]) -> None:
        before, self._standings = self._standings, standings
        decided = [each for each in standings if each.decided]
        count = f"{len(decided)} of {len(standings)}"
        if before is None:
            if decided:
                self._say(f"{_are_decided(len(decided), len(standings))} already")
        else:
            known = {each.claim for each in before if each.decided}
            for each in decided:
                if each.claim not in known:
                    self._say(f"claim {each.claim}: {verdict(each)}; {count} decided")

    def _label(self, run: str) -> str:
        configs = self._campaign.configs
        return next((config.label for config in reversed(configs) if config.run_id == run), run)

    def still_on(self) -> None:
        """Say how far all is, each open claim that is nearest to a verdict, and each run on."""
        claims = [f"{each.claim} {_how_far(each)}" for each in self._open()[:_LINES]]
        running = [f"{self._label(run)} {told(at)}" for run, at in self._running.items()]
        self._say(f"{now()} {'; '.join([self._sum(), *claims, *running])}")

    def _say(self, text: str) -> None:
        self._heartbeat.said()
        self._console.print(printable(text), soft_wrap=True, highlight=False, markup=False)

    def _show(self) -> None:
        if self._live and self._standings is not None:
            self._live.update(Group(self._claims(), self._runs(), Text(self._sum())))

    def _claims(self) -> Table:
        table = Table.grid(padding=(0, 2))
        open_ = self._open()
        for each in open_[:_ROWS]:
            table.add_row(
                Text(one_line(each.claim)),
                ProgressBar(total=1, completed=1 - _far(each), width=10),
                f"{_number(each.evidence)} of {_number(each.needed)}",
                seeds_text(each.seeds),
                _missing(each),
            )
        if len(open_) > _ROWS:
            table.add_row("", "", f"and {len(open_) - _ROWS} more")
        return table

    def _open(self) -> list[Standing]:
        """The claims that seeds are trained for, those that have most of what they need first."""
        return sorted((each for each in self._standings or [] if each.open), key=_far)

    def _runs(self) -> Table:
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True, overflow="ellipsis", max_width=36)
        for run, at in self._running.items():
            table.add_row(
                Text(one_line(self._label(run))),
                ProgressBar(total=at.updates, completed=at.update, width=12),
                where(at),
                "" if at.accuracy is None else f"accuracy {at.accuracy:.3f}",
            )
        return table

    def _sum(self) -> str:
        standings = self._standings or []
        decided = sum(each.decided for each in standings)
        left = sum(not each.decided and not each.open for each in standings)
        words = [f"{decided} of {len(standings)} claims decided"]
        words += [f"{left} left"] if left else []
        words += [counted(self._done, "run"), f"{duration(self._campaign.spent)} of core time"]
        words += [f"{len(self._elsewhere)} elsewhere"] if self._elsewhere else []
        return ", ".join(words)


def ending(end: CampaignEnd) -> list[str]:
    """What a campaign came to: how many claims are decided, and of each open one why it is."""
    every, open_ = len(end.standings), end.open
    spent = f"{duration(end.seconds)} of core time"
    runs = sum(result.status != "stopped" for result in end.results)
    head = f"{_are_decided(every - len(open_), every)}: {counted(runs, 'run')}, {spent}"
    if not open_:
        return [head]
    if end.why == "budget":
        head = f"the budget is spent; {head}"
    return [head, *(f"  {each.claim} is open: {_why(each)}" for each in open_)]


def _are_decided(decided: int, every: int) -> str:
    if decided == every:
        return "the claim is decided" if every == 1 else f"all {every} claims are decided"
    return f"{decided} of {every} claims {'is' if decided == 1 else 'are'} decided"


def verdict(standing: Standing) -> str:
    """The word, and the evidence that it rests on."""
    if not standing.seeds:
        return standing.verdict.word
    seeds = standing.verdict.decision.seeds or standing.seeds
    return f"{standing.verdict.word}, evidence {ratio(standing.evidence)} after {seeds_text(seeds)}"


def _why(standing: Standing) -> str:
    if standing.why:
        return standing.why
    return f"evidence {_how_far(standing)}"


def _how_far(standing: Standing) -> str:
    far = f"{ratio(standing.evidence)} of {_number(standing.needed)}"
    return f"{far} after {seeds_text(standing.seeds)}; {_missing(standing)}"


def _missing(standing: Standing) -> str:
    """How many seeds would decide it, and the core-time of them."""
    outlook = standing.outlook
    if outlook.least is None:
        return ""
    seconds = outlook.seconds_least
    cost = "" if seconds is None else f", {duration(seconds)}"
    agree = "agrees" if outlook.least == 1 else "agree"
    return f"+{outlook.least} if {'it' if outlook.least == 1 else 'all'} {agree}{cost}"


def _far(standing: Standing) -> float:
    """How far it is from a verdict, 1 to 0: the share of the logarithm of the evidence."""
    needed = math.log(max(standing.needed, 1.01))
    return min(1.0, max(0.0, 1 - math.log(max(standing.evidence, 1.0)) / needed))


def _number(evidence: float) -> str:
    return f"{evidence:,.0f}" if evidence >= 10 else f"{evidence:.2g}"
