"""The verdict strip in a terminal: a line per claim, in at most 80 columns.

A mark per seed, a bar of evidence from the middle, a mark where it is enough, and the word.
"""

import sys
from collections.abc import Sequence
from shutil import get_terminal_size

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from assay.cli.show.strip_bar import ASCII, UNICODE, Marks, bar, ticks
from assay.errors import one_line
from assay.figures.strip_rows import Said, StripRow, axis_end
from assay.text import SPELLED

WIDTH, LEAST_WIDTH = 80, 40
_MOST_ID, _MOST_WORD, _SMALL_WORD, _MOST_DOTS = 10, 26, 16, 10
# Cells on each side of a bar, and those that a note beside it may take from it.
_MOST_HALF, _LEAST_HALF, _MOST_NOTE = 11, 5, 21
_STYLES = {"for": "bright_blue", "against": "yellow", "mixed": "bold", "none": ""}


def print_strip(rows: Sequence[StripRow]) -> None:
    """Print it in colour where the output is a terminal that has any, unless NO_COLOR is set.

    In ASCII where the output's encoding lacks the characters.
    """
    encoding = sys.stdout.encoding or "ascii"
    marks = UNICODE if _can(encoding, UNICODE.all) else ASCII
    columns = get_terminal_size((WIDTH, 24)).columns if sys.stdout.isatty() else WIDTH
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    for line in strip_lines(rows, max(LEAST_WIDTH, min(WIDTH, columns)), marks):
        line.plain = line.plain.encode(encoding, SPELLED).decode(encoding)
        console.print(line, soft_wrap=True)


def strip_lines(rows: Sequence[StripRow], width: int, marks: Marks) -> list[Text]:
    """The strip in lines of at most `width` cells: a head, the claims, what the marks mean."""
    table = _Table(rows, width, marks)
    lines = table.head()
    for row in rows:
        lines += table.row(row)
    return [*lines, *table.legend()]


class _Table:
    """How wide its columns are, and a line of it."""

    def __init__(self, rows: Sequence[StripRow], width: int, marks: Marks) -> None:
        self._rows, self._width, self._marks = rows, width, marks
        self._end = axis_end(rows)
        small = width < WIDTH - 8
        names = max((cell_len(_name(row)) for row in rows), default=0)
        self._most = _SMALL_WORD if small else _MOST_WORD
        told = [_told(row, self._most) for row in rows]
        words = max((cell_len(word) for word, _ in told), default=0)
        self._name = min(max(5, names), _MOST_ID)
        self._word = min(max(7, words), self._most)
        self._dots = max(5, *(cell_len(self._seeds(row)) for row in rows), 0)
        left = width - self._name - self._word - self._dots - 5
        notes = max((cell_len(_last(note)) for _, note in told), default=0)
        beside = (left - 2 - (0 if small else min(notes, _MOST_NOTE) + 1)) // 2
        half = max(beside, min(_LEAST_HALF, (left - 2) // 2))
        self._bars = half >= _LEAST_HALF and any(
            row.evidence is not None or row.seen is not None for row in rows
        )
        self._half = min(_MOST_HALF, half) if self._bars else -1
        self._note = left - (2 * self._half + 2)
        self._below = small

    def head(self) -> list[Text]:
        """The names of the columns, and the powers of ten over the bars."""
        left, right = self._marks.arrows
        span = 2 * self._half + 1
        room = span - cell_len(left) - 8
        sides = f"{left} against{'for ' + right:>{max(0, room)}}"
        if room < cell_len(right) + 5:
            sides = f"{left}{right:>{max(0, span - cell_len(left))}}"
        first = self._line("claim", " ", "verdict", "seeds", sides if self._bars else "", "")
        lines = [first]
        if self._bars:
            lines.append(self._line("", " ", "", "", ticks(self._end, self._half), ""))
        return [Text(line.rstrip(), "dim") for line in lines]

    def row(self, row: StripRow) -> list[Text]:
        """A claim: its line, and one more where what is missing has no room in it."""
        word, said = _told(row, self._most)
        note = self._fitting(said)
        side = self._marks.side[row.side]
        evidence = bar(row, self._end, self._half, self._marks) if self._bars else ""
        line = Text(self._line(_name(row), side, word, self._seeds(row), evidence, note).rstrip())
        style = _STYLES[row.side]
        start = self._name + 1
        line.stylize(f"bold {style}" if row.side != "none" else "", start, start + 2 + self._word)
        if self._bars:
            start += self._word + self._dots + 4
            line.stylize(style, start, start + 2 * self._half + 1)
        lines = [line]
        if self._below and said:
            indent = " " * (self._name + 3)
            room = self._width - len(indent)
            lines.append(Text(indent + _clip(said, room).rstrip(), "dim"))
        if row.restated:
            for each in lines:
                each.stylize("dim")
        return lines

    def legend(self) -> list[Text]:
        """What the marks mean that occur."""
        dots = {dot for row in self._rows for dot in row.dots}
        texts = [
            f"{self._marks.dots[said]} {text}"
            for said, text in _MEANS.items()
            if any(dot.said == said for dot in dots)
        ]
        if any(dot.seen for dot in dots):
            texts.append(f"{self._marks.seen['shown']} seen before the claim was declared")
        if any(row.needed is not None for row in self._rows):
            texts.append(f"{self._marks.needed} enough for a verdict")
        lines: list[str] = []
        for text in texts:
            if lines and cell_len(lines[-1]) + cell_len(text) + 3 <= self._width:
                lines[-1] += f"   {text}"
            else:
                lines.append(text)
        return [Text(line, "dim") for line in lines]

    def _line(self, name: str, side: str, word: str, dots: str, bar: str, note: str) -> str:
        cells = [
            set_cell_size(_clip(name, self._name), self._name),
            f"{side} {set_cell_size(_clip(word, self._word), self._word)}",
            set_cell_size(dots, self._dots),
        ]
        cells += [set_cell_size(bar, 2 * self._half + 1)] if self._bars else []
        return " ".join([*cells, note])

    def _seeds(self, row: StripRow) -> str:
        """A mark per seed; of many, how many show the claim."""
        marks = self._marks
        if len(row.dots) <= _MOST_DOTS:
            return "".join((marks.seen if dot.seen else marks.dots)[dot.said] for dot in row.dots)
        shown = sum(dot.said == "shown" for dot in row.dots)
        return f"{marks.dots['shown']} {shown}/{len(row.dots)}"

    def _fitting(self, note: str) -> str:
        """The note, or what is missing alone, or its beginning, as the room allows."""
        if self._below:
            return ""
        last = _last(note)
        return next(
            (each for each in (note, last) if cell_len(each) <= self._note),
            _clip(last, self._note),
        )


_MEANS: dict[Said, str] = {
    "shown": "a seed that shows the claim",
    "not shown": "one that does not",
    "no value": "one without a value",
}


def _name(row: StripRow) -> str:
    return "  " * min(row.level, 2) + one_line(row.id)


def _told(row: StripRow, most: int) -> tuple[str, str]:
    """The word with what stands beside it, in `most` cells, and the note with what has no room."""
    word, _, rest = row.word.partition(", ")
    unsaid = "" if rest in row.note else rest
    universes = row.fragile and f"{row.fragile} universes"
    ways = (
        (f"{row.word} {row.fragile}".rstrip(), ()),
        (f"{word} {row.fragile}".rstrip(), (unsaid,)),
        (word, (unsaid, universes)),
    )
    told, others = next((way for way in ways if cell_len(way[0]) <= most), ways[-1])
    return one_line(told), one_line("; ".join(filter(None, [*others, row.note])))


def _last(note: str) -> str:
    """What is missing, which a note ends with."""
    return note.rpartition("; ")[2]


def _clip(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - 2)).rstrip() + ".."


def _can(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
