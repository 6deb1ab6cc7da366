"""Whether code that the user brings may run in this process.

A study names code, and may be a stranger's. Who calls assay from Python has decided that it runs;
the command line puts a gate here, which asks. Every way to own code leads through `require`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Code:
    """Something that runs because a study, a run or a command names it.

    Attributes:
        what: `module:attribute`, or a command line.
        folder: where it is named from.
        files: the names of those that are known to belong to it.
        sha256: a hash of these files, and of a command line.
    """

    what: str
    folder: str
    files: str
    sha256: str


class Gate(Protocol):
    """Decides whether code may run."""

    def require(self, code: Iterable[Code]) -> None:
        """See that code may run.

        Raises:
            TrustError: if not.
        """

    def announce(self, code: Callable[[], Iterable[Code]]) -> None:
        """Know of all code of a study, so that one question can be about all of it."""


_gate: Gate | None = None


def use_gate(gate: Gate | None) -> None:
    """Have a gate decide in this process; None: all code may run."""
    global _gate
    _gate = gate


def require(code: Iterable[Code]) -> None:
    """See that code may run here.

    Raises:
        TrustError: if not.
    """
    if _gate is not None:
        _gate.require(code)


def announce(code: Callable[[], Iterable[Code]]) -> None:
    """Tell of all code of a study that is opened."""
    if _gate is not None:
        _gate.announce(code)
