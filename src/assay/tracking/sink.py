"""What a tracker has to offer for runs to be brought to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assay.tracking.entries import Entry

Scalar = str | int | float | bool


@dataclass(frozen=True)
class Subject:
    """A run that is brought to a tracker.

    Attributes:
        run: its id.
        folder: where it is in the store.
        study: the study's name.
        arms: the arms that it is a run of, as messages name them.
        experiments: those of these arms.
        seed: its seed.
    """

    run: str
    folder: str
    study: str
    arms: tuple[str, ...] = ()
    experiments: tuple[str, ...] = ()
    seed: int = 0

    @property
    def name(self) -> str:
        """What it is called there."""
        return f"{self.arms[0] if self.arms else self.run} seed={self.seed}"


@dataclass(frozen=True)
class Ended:
    """How a run ended.

    Attributes:
        status: finished, diverged, failed or stopped.
        message: why, where it did not finish.
        log_sha256: the hash of its whole log; empty where it goes on another time.
        seconds: when, since 1970; None: now.
    """

    status: str
    message: str = ""
    log_sha256: str = ""
    seconds: float | None = None


class Differs(Exception):  # noqa: N818 - what was found, and no fault
    """The tracker holds other numbers of a run than its log: it was trained anew."""


class Writer(Protocol):
    """One run in the tracker, while it is written. Any method may raise what its package raises."""

    def write(self, found: Sequence[Entry], grid: Callable[[int, str], bytes]) -> None:
        """Add what a piece of the log tells; what is there already is not written again.

        Args:
            found: in the order of the log; the first call after `begin` begins with its first.
            grid: a grid of samples as PNG, by its update and hash; empty if it cannot be read.

        Raises:
            Differs: if what is there already is something else.
        """

    def end(self, how: Ended) -> None:
        """Say how the run ended.

        Raises:
            Differs: if there is more than was written.
        """


class Sink(Protocol):
    """A tracker. Any method may raise what its package raises."""

    def whole(self, subject: Subject, how: Ended) -> bool:
        """Whether an ended run is there already, as it is."""

    def begin(self, subject: Subject, settings: Mapping[str, Scalar]) -> Writer:
        """Begin a run, or take up what is there of it."""

    def discard(self, subject: Subject) -> None:
        """Take away what is there of a run."""
