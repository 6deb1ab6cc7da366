"""All that a command tells: its output and its file of numbers, into the run's log."""

from collections.abc import Sequence
from typing import Self

from assay.kinds.command.files import NumberFiles
from assay.kinds.command.gathered import Gathered
from assay.kinds.command.output import Output
from assay.kinds.own.output import OUTPUT, Kept
from assay.kinds.own.words import untold
from assay.store import RunFolder
from assay.store.log import Numbers


class Intake:
    """Where the numbers of an attempt go.

    Args:
        folder: the run's, with its log.
        files: those that the command writes numbers to; None: there are none.
        patterns: of lines of its output.
        resumed: whether what an attempt before printed counts on.
    """

    def __init__(
        self,
        folder: RunFolder,
        files: NumberFiles | None,
        patterns: Sequence[str],
        *,
        resumed: bool,
    ) -> None:
        before = folder.metrics().numbers if resumed else []
        self._log = folder.log("metrics")
        self._log.rewind(None)
        self._gathered = Gathered(self._log, resumed=resumed)
        self._files = files
        self._output = Output(patterns)
        self._take_up(before)
        self._patterns = patterns
        self.kept = folder.path / OUTPUT
        self._kept = Kept(self.kept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._kept.close()
        self._log.close()

    @property
    def updates(self) -> int:
        """The last step that something was told of."""
        return self._gathered.updates

    @property
    def last_line(self) -> str:
        """The last line that was printed."""
        return self._kept.last_line()

    def print(self, content: bytes) -> None:
        """Take in some output.

        Raises:
            TrainingError: if it tells too many numbers.
        """
        self._kept.write(content)
        for source, at, numbers in self._output.feed(content):
            self._gathered.add(source, at, numbers)

    def read(self, *, final: bool = False) -> None:
        """Take in what is new in the files of numbers.

        Raises:
            TrainingError: if it tells too many numbers.
        """
        for source, found in self._files.read(final=final) if self._files else ():
            if found is None:
                self._gathered.void(source)
            else:
                self._gathered.add(source, *found)

    def finish(self) -> None:
        """Take in what is left, and put the log in order.

        Raises:
            TrainingError: if it tells too many numbers.
        """
        for source, at, numbers in self._output.finish():
            self._gathered.add(source, at, numbers)
        self.read(final=True)

    def settle(self, alarm: str) -> None:
        """Put the log in order, with what went wrong while the command ran."""
        self._gathered.settle()
        for damage in self._files.damages if self._files else ():
            self._gathered.alarm(damage)
        if alarm:
            self._gathered.alarm(alarm)

    def missing(self, expects: Sequence[str]) -> str:
        """Which number was not told though it was to be, or why none was; empty if all were."""
        if names := self._gathered.names:
            return untold(expects, names)
        reasons = []
        if self._files is not None:
            there = "has no number in it" if self._files.there else "is not there"
            reasons.append(f"{self._files} {there}")
        if self._patterns:
            named = " or ".join(map(repr, self._patterns))
            reasons.append(f"no line of its output, which is in {self.kept}, matches {named}")
        return f"told no number: {' and '.join(reasons)}"

    def _take_up(self, before: Sequence[Numbers]) -> None:
        """Take up what was printed before; what is in a file is read anew."""
        for line in before:
            for source, numbers in self._output.split(line.numbers):
                self._gathered.add(source, line.update, numbers)
                self._output.went_on(source, line.update)
