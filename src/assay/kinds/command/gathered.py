"""The numbers of a run as they come in, and its log made of them.

While a command runs its log grows line by line. At the end the log is put in order: a line a step,
the steps ascending. Its bytes then follow from what was told, not from when it was read.
"""

from collections.abc import Iterable

from assay.errors import TrainingError
from assay.store.log import Alarm, LogWriter, Measures, Numbers

MOST = 1_000_000
"""Numbers that a run may tell."""

_Column = dict[int, float | None]


class Gathered:
    """Numbers by source, name and step.

    Of two for one step the last counts. A step that lies before the last one of its number goes
    back: what was told from there on is told anew. A command that goes on after a stop does that;
    of any other it is an alarm.
    """

    def __init__(self, log: LogWriter, *, resumed: bool = False) -> None:
        self._log, self._resumed = log, resumed
        self._columns: dict[tuple[str, str], _Column] = {}
        self._ordered, self._newest, self._source = True, -1, ""
        self._back: dict[str, tuple[int, int]] = {}
        self._count = 0

    @property
    def names(self) -> set[str]:
        """The names of the numbers that were told."""
        return {name for (_, name), column in self._columns.items() if column}

    @property
    def updates(self) -> int:
        """The last step that something was told of."""
        return max((next(reversed(each)) for each in self._columns.values() if each), default=0)

    def add(self, source: str, step: int, numbers: Measures) -> None:
        """Take in numbers at a step.

        Raises:
            TrainingError: if there are too many.
        """
        if not numbers:
            return
        for name, value in numbers.items():
            self._put((source, name), step, value)
        if step <= self._newest or self._source not in ("", source):
            self._ordered = False
        self._newest, self._source = max(step, self._newest), source
        self._log.append(Numbers(step, dict(sorted(numbers.items()))))

    def void(self, source: str) -> None:
        """Take back all of a source, which begins anew."""
        for key in [key for key in self._columns if key[0] == source]:
            del self._columns[key]
        self._ordered = False

    def settle(self) -> None:
        """Put the log in order, and add to it where steps went back."""
        if not self._ordered:
            self._log.rewind(None)
            for line in self._rows():
                self._log.append(line)
        for name, (before, step) in self._back.items():
            self.alarm(
                f"{name} went back from step {before} to step {step}: what was told from there on "
                "was told anew, and the last counts"
            )

    def alarm(self, text: str) -> None:
        """Put down that something went wrong."""
        self._log.append(Alarm(self.updates, text))

    def _put(self, key: tuple[str, str], step: int, value: float | None) -> None:
        column = self._columns.setdefault(key, {})
        last = next(reversed(column), -1)
        if step < last and not self._resumed:
            self._back.setdefault(key[1], (last, step))
        while column and next(reversed(column)) > step:
            column.popitem()
        column[step] = value
        self._count += 1
        if self._count > MOST:
            raise TrainingError(f"told more than {MOST:,} numbers: let it tell fewer")

    def _rows(self) -> Iterable[Numbers]:
        rows: dict[int, dict[str, float | None]] = {}
        for (_, name), column in self._columns.items():
            for step, value in column.items():
                rows.setdefault(step, {})[name] = value
        return (Numbers(step, dict(sorted(rows[step].items()))) for step in sorted(rows))
