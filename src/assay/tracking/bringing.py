"""What brings runs to one tracker: the loop of the process that `tracking` starts for it."""

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from assay.errors import AssayError
from assay.tracking.follow import Following
from assay.tracking.sink import Ended, Sink, Subject
from assay.tracking.target import without_password

_LOOK_SECONDS = 1.0
_LONGEST_PAUSE = 60.0


@dataclass(frozen=True)
class Finish:
    """No more runs will come, and none will change."""


Message = Subject | tuple[str, Ended] | Finish
"""A run to follow, how the attempt at one ended, or that this was all."""


@dataclass
class Standing:
    """How far it is.

    Attributes:
        brought: pieces that were handed over, which grows as long as it gets on.
        whole: runs that are there in full.
        problem: what the tracker said last; empty while it takes what it is given.
        damaged: a sentence for each run that cannot be read.
    """

    brought: int = 0
    whole: int = 0
    problem: str = ""
    damaged: list[str] = field(default_factory=list)


class Bringing:
    """Runs brought to a tracker, which is opened again after it failed."""

    def __init__(
        self,
        open_sink: Callable[[], Sink],
        inbox: "queue.Queue[Message]",
        tell: Callable[[Standing], None],
    ) -> None:
        self._open, self._inbox, self._tell = open_sink, inbox, tell
        self._sink: Sink | None = None
        self._runs: dict[str, Following] = {}
        self._finishing = False
        self._again_at, self._pause = 0.0, 1.0
        self.standing = Standing()

    def run(self) -> None:
        """Go on until all is brought, or the tracker fails once no more will come."""
        while True:
            self._take()
            if self._finishing or time.monotonic() >= self._again_at:
                whole = self._bring()
                self._tell(self.standing)
                if self._finishing and (whole or self.standing.problem):
                    return

    def _take(self) -> None:
        """Take what is told; wait for it if nothing else is to be done."""
        wait = 0.0 if self._finishing else _LOOK_SECONDS
        while True:
            try:
                message = self._inbox.get(timeout=wait) if wait else self._inbox.get_nowait()
            except queue.Empty:
                return
            wait = 0.0
            match message:
                case Subject():
                    self._runs.setdefault(message.run, Following(message))
                case Finish():
                    self._finishing = True
                    for run in self._runs.values():
                        run.ended = run.ended or Ended("stopped")
                case (run, ended) if run in self._runs:
                    self._runs[run].ended = ended

    def _bring(self) -> bool:
        """Bring what has come of all runs; whether none is left."""
        if self._finishing and not self._runs:
            return True
        try:
            self._sink = self._sink or self._open()
            for run, each in list(self._runs.items()):
                self._bring_one(run, each, self._sink)
        except Exception as error:  # of its package, of a database, of the network, of a disk
            self.standing.problem = _sentence(error)
            self._sink = None
            for each in self._runs.values():
                each.reset()
            self._again_at = time.monotonic() + self._pause
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)
            return False
        self.standing.problem, self._pause = "", 1.0
        return not self._runs

    def _bring_one(self, run: str, each: Following, sink: Sink) -> None:
        try:
            for _ in each.bring(sink):
                self.standing.brought += 1
                self._tell(self.standing)
        except AssayError as error:
            self.standing.damaged.append(str(error))
            del self._runs[run]
            return
        if each.whole:
            self.standing.brought += 1
            self.standing.whole += 1
            del self._runs[run]
            self._tell(self.standing)


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = without_password(str(error).strip()) or type(error).__name__
    return text.splitlines()[0][:300]
