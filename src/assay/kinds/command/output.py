"""What a command prints: lines that match patterns are read on the way."""

from collections.abc import Iterator, Sequence

from assay.kinds.command.pattern import STEP, Pattern
from assay.kinds.own.output import COLOURS
from assay.store.log import Measures

_LONGEST = 1 << 16


class Output:
    """Numbers from lines that match patterns.

    A pattern without a step tells of the last step that another told of; where none of them has
    steps, of how often it matched.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = [Pattern(text) for text in patterns]
        self._counts = not any(each.has_step for each in self._patterns)
        self._step = 0
        self._times = dict.fromkeys(patterns, 0)
        self._rest = b""

    def feed(self, content: bytes) -> Iterator[tuple[str, int, Measures]]:
        """The pattern, step and numbers of the lines that are whole now."""
        if not self._patterns:
            return
        # A carriage return ends a line, as progress bars have it.
        whole, newline, self._rest = (self._rest + content.replace(b"\r", b"\n")).rpartition(b"\n")
        if newline:
            yield from self._lines(whole)
        if len(self._rest) > _LONGEST:
            self._rest = self._rest[-_LONGEST:]

    def split(self, numbers: Measures) -> Iterator[tuple[str, Measures]]:
        """What of a line of a log each pattern had told."""
        for pattern in self._patterns:
            if own := {name: numbers[name] for name in pattern.names if name in numbers}:
                yield pattern.text, own

    def went_on(self, pattern: str, step: int) -> None:
        """Say up to where a pattern had told when it goes on."""
        self._times[pattern] = step
        self._step = max(step, self._step)

    def finish(self) -> Iterator[tuple[str, int, Measures]]:
        """The same of a last line without an end."""
        yield from self._lines(self._rest)
        self._rest = b""

    def _lines(self, content: bytes) -> Iterator[tuple[str, int, Measures]]:
        text = content.decode("utf-8", "replace")
        able = [each for each in self._patterns if each.may_match(text)]
        for line in text.split("\n") if able else ():
            plain = COLOURS.sub("", line) if "\x1b" in line else line
            for pattern in able:
                if (found := pattern.find(plain)) is not None:
                    yield self._at_step(pattern, found)

    def _at_step(
        self, pattern: Pattern, found: dict[str, float | None]
    ) -> tuple[str, int, Measures]:
        step = found.pop(STEP, None)
        if step is not None and step >= 0:
            self._step = int(step)
        elif self._counts:
            self._times[pattern.text] += 1
            return pattern.text, self._times[pattern.text], found
        return pattern.text, self._step, found
