"""Where runs are trained: what local processes, a cluster or a test's own executor offer.

An `Executor` starts runs and returns at once; the `Session` it returns tells what happens and can
be stopped. Whoever started it only reads events and calls `stop`, from any thread, so a command
that shows a progress bar and a server that answers requests use the same calls::

    with executor.start(configs, store, RunOptions(workers=2)) as session:
        for event in session.events():
            ...

What every executor keeps to, version 2 of this protocol:

- Runs are taken up in the order given. Each is trained by `assay.execution.runner.execute`, or by
  something that leaves the same bytes in its folder of the store.
- Each run that was taken up has one `Result`, the last event about it. A failed run does not stop
  the others; a worker that is lost takes no more than its run with it.
- A run that another process owns is passed over: an `Elsewhere` says so. When nothing else is left,
  the session waits for those runs to end and takes up what they left unfinished.
- Runs go on whether or not anybody reads the events. Of several unread updates of one run the
  latest is kept; results are never dropped.
- No signal is handled: what Ctrl-C means is for the caller to say (see `assay.execution.start`).

Version 2 adds sessions that take further runs, for whoever decides by the runs that ended which
come next. `Executor.open` starts one; an executor that does not offer it says so in a sentence:

- `add` hands over runs, from any thread; they are taken up after those that wait already.
- A session with nothing to do waits, for `add` or for `finish`; it never ends by itself before.
- After `finish` it ends as any other, when all that it was given has ended. After `stop` as well,
  and runs that are added then are not taken up.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from assay.config import RunConfig
from assay.errors import ConfigError
from assay.execution.events import Event, Result
from assay.store import Store

CHECKPOINT_SECONDS = 20.0

NOT_SAVED = "ended without a save"
"""The message of a run that `stop(now=True)` ended."""


@dataclass(frozen=True)
class RunOptions:
    """How runs are trained; none of it changes a number.

    Attributes:
        workers: runs side by side; None: one for each core that may be used.
        checkpoint_seconds: time between the checkpoints of a run.

    Raises:
        ConfigError: if one is out of range.
    """

    workers: int | None = None
    checkpoint_seconds: float = CHECKPOINT_SECONDS

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise ConfigError(f"workers = {self.workers}: should be 1 or more")
        if not self.checkpoint_seconds >= 0:
            raise ConfigError(
                f"checkpoint_seconds = {self.checkpoint_seconds:g}: should be 0 or more"
            )


class Session(ABC):
    """Runs under way. Leaving its `with` block ends it.

    Attributes:
        configs: the runs, in the order in which they are taken up.
        workers: how many are trained side by side.
    """

    configs: Sequence[RunConfig]
    workers: int

    @abstractmethod
    def events(self) -> Iterator[Event]:
        """What happens from now on, to the end; for one reader.

        Raises:
            Exception: what broke the session itself, not a run of it.
        """

    @abstractmethod
    def stop(self, *, now: bool = False) -> None:
        """Ask for an end, and return at once; from any thread, and from a signal handler.

        Runs under way are saved and have the result `stopped`; those not reached have none. With
        `now` nothing is saved, which loses no more than the work since the last checkpoint, and
        the message of those results is `NOT_SAVED`.
        """

    @abstractmethod
    def results(self) -> list[Result]:
        """Wait for the end, and return how each run that was taken up ended, in order of ending.

        Raises:
            Exception: what broke the session itself, not a run of it.
        """

    @abstractmethod
    def close(self) -> None:
        """End the session: stop it, wait for what is saved, and free what it holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class OpenSession(Session):
    """A session that takes further runs until it is told that no more will come."""

    @abstractmethod
    def add(self, configs: Sequence[RunConfig]) -> None:
        """Hand over further runs, and return at once; from any thread.

        Raises:
            ValueError: after `finish`.
        """

    @abstractmethod
    def finish(self) -> None:
        """Say that no more will come, and return at once; from any thread."""


class Executor(ABC):
    """A place where runs are trained."""

    def prepare(self, configs: Sequence[RunConfig]) -> None:  # noqa: B027 - nothing need be done
        """Begin, without waiting, what takes a while and will be needed to start these runs."""

    @abstractmethod
    def start(self, configs: Sequence[RunConfig], store: Store, options: RunOptions) -> Session:
        """Start training runs into a store, in the order given, and return at once."""

    def open(self, store: Store, options: RunOptions) -> OpenSession:
        """Start a session without runs, which takes them while it trains.

        Raises:
            ConfigError: if this executor has none.
        """
        raise ConfigError(
            f"{type(self).__name__} takes no further runs while it trains: it has no 'open'"
        )
