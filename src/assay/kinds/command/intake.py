"""All that a command tells: its output and its file of numbers, into the run's log."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from assay.kinds.command.gathered import Gathered
from assay.kinds.command.output import Output
from assay.kinds.command.reading import MetricsFile
from assay.kinds.own.output import OUTPUT, Kept
from assay.store import RunFolder
from assay.store.log import Numbers

_FILE = "\0file"


class Intake:
    """Where the numbers of an attempt go.

    Args:
        folder: the run's, with its log.
        metrics: the file that the command writes numbers to; None: there is none.
        step: what that calls the step; empty: it is found.
        patterns: of lines of its output.
        resumed: whether what an attempt before printed counts on.
    """

    def __init__(
        self,
        folder: RunFolder,
        metrics: Path | None,
        step: str,
        patterns: Sequence[str],
        *,
        resumed: bool,
    ) -> None:
        before = folder.metrics().numbers if resumed else []
        self._log = folder.log("metrics")
        self._log.rewind(None)
        self._gathered = Gathered(self._log, resumed=resumed)
        self._metrics = metrics
        self._file = None if metrics is None else MetricsFile(metrics, step)
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
        """Take in what is new in the file of numbers.

        Raises:
            TrainingError: if it tells too many numbers.
        """
        for found in self._file.read(final=final) if self._file else ():
            if found is None:
                self._gathered.void(_FILE)
            else:
                self._gathered.add(_FILE, *found)

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
        if self._file and self._file.bad:
            lines = f"{self._file.bad} line{'s' if self._file.bad > 1 else ''}"
            self._gathered.alarm(
                f"{lines} of its file of numbers could not be read, the first of them "
                f"{self._file.first_bad!r}"
            )
        if alarm:
            self._gathered.alarm(alarm)

    def nothing(self) -> str:
        """Why there is no number, as a clause; empty if there is one."""
        if not self._gathered.empty:
            return ""
        reasons = []
        if self._metrics is not None:
            there = "has no number in it" if self._metrics.exists() else "is not there"
            reasons.append(f"{self._metrics} {there}")
        if self._patterns:
            named = " or ".join(map(repr, self._patterns))
            reasons.append(f"no line of its output, which is in {self.kept}, matches {named}")
        return " and ".join(reasons)

    def _take_up(self, before: Sequence[Numbers]) -> None:
        """Take up what was printed before; what is in a file is read anew."""
        for line in before:
            for source, numbers in self._output.split(line.numbers):
                self._gathered.add(source, line.update, numbers)
                self._output.went_on(source, line.update)
