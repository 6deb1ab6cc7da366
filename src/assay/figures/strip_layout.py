"""Where the rows of a verdict strip stand, in points from its upper left corner.

Wide, a claim is one row: what it says, its seeds, its evidence, the verdict. Narrow, for a phone,
it is a block: name and verdict, what it says, seeds beside evidence, what is missing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from assay.figures.lettering import clip, text_width, wrap
from assay.figures.strip_rows import StripRow

Tone = Literal["ink", "soft", "dim"]

MARGIN = 4.0
# Between two columns, and above and below what is in a row.
_GAP, _PAD = 14.0, 3.0
# Of a line, as a multiple of the letters' size.
LEADING = 1.22
# Beyond so many seeds they stand closer.
_FEW, _MANY_PER_LINE = 10, 20
_MOST_DOTS = 100
# The mark of the verdict's side, before its word.
SIDE = 9.0
BAR = 7.0
_LEAST_NOTE = 40.0


@dataclass(frozen=True)
class Span:
    """A column, from left to right."""

    left: float
    right: float

    @property
    def width(self) -> float:
        """From side to side."""
        return self.right - self.left


@dataclass(frozen=True)
class Form:
    """The columns of a strip, and the sizes of its letters.

    Attributes:
        dots: where the seeds begin.
        pitch: from one seed to the next.
        per_line: how many of them are side by side.
        bars: whether there is evidence to draw.
    """

    narrow: bool
    width: float
    text: float
    small: float
    label: Span
    dots: float
    bar: Span
    word: Span
    pitch: float
    per_line: int

    bars: bool

    @classmethod
    def of(cls, rows: Sequence[StripRow], *, narrow: bool) -> "Form":
        """For so many seeds as the rows have, and for bars where one has evidence."""
        most = min(_MOST_DOTS, max((len(row.dots) for row in rows), default=0))
        bars = any(row.evidence is not None or row.seen is not None for row in rows)
        if narrow:
            width, text, small, at = 266.0, 8.8, 7.8, MARGIN
            label = word = Span(MARGIN, width - MARGIN)
            pitch, per_line = (8.0, _FEW) if most <= _FEW else (5.3, 16)
            end = width - MARGIN
        else:
            width, text, small = 677.0, 8.2, 7.3
            label, word = Span(MARGIN, 258.0 if bars else 360.0), Span(508.0, width - MARGIN)
            pitch, per_line = (8.0, _FEW) if most <= _FEW else (5.6, _MANY_PER_LINE)
            at, end = label.right + _GAP, word.left - _GAP
        bar = Span(at + pitch * max(5, min(most, per_line)) + _GAP, end)
        return cls(narrow, width, text, small, label, at, bar, word, pitch, per_line, bars)


@dataclass(frozen=True)
class Piece:
    """A line of text: where it starts, or as `align` says, and at which height its middle is."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    tone: Tone = "ink"
    align: Literal["left", "center", "right"] = "left"
    link: str = ""


@dataclass(frozen=True)
class Placed:
    """A row with its place; `dots` are the places of its seeds, in their order."""

    row: StripRow
    top: float
    bottom: float
    bar: float
    dots: list[tuple[float, float]]
    pieces: list[Piece]
    side: tuple[float, float]


@dataclass
class _Lines:
    """Lines of text, one under another."""

    y: float
    pieces: list[Piece] = field(default_factory=list)

    def add(self, x: float, text: str, size: float, **how: object) -> None:
        self.y += LEADING * size / 2
        self.pieces.append(Piece(x, self.y, text, size, **how))  # type: ignore[arg-type]
        self.y += LEADING * size / 2


def place(rows: Sequence[StripRow], form: Form, top: float) -> list[Placed]:
    """Every row, each under the one before it."""
    found: list[Placed] = []
    for row in rows:
        found.append((_narrow if form.narrow else _wide)(row, form, top))
        top = found[-1].bottom
    return found


def _wide(row: StripRow, form: Form, top: float) -> Placed:
    first = top + _PAD + LEADING * form.text / 2
    names, says, word = _Lines(top + _PAD), _Lines(top + _PAD), _Lines(top + _PAD)
    left = form.label.left + 9.0 * min(row.level, 3)
    name = clip(row.id, form.label.width / 3, form.text, bold=True)
    names.add(left, name, form.text, bold=True, tone=_tone(row, "ink"), link=row.id)
    at = max(form.label.left + 26.0, left + text_width(name, form.text, bold=True) + 6)
    for line in wrap(row.sentence, form.label.right - at, form.text, 1 if row.restated else 2):
        says.add(at, line, form.text, tone=_tone(row, "ink"))
    at = form.word.left + SIDE
    end = _word(word, at, row, form)
    room = form.word.right - end - 6
    if row.restated and room > _LEAST_NOTE:  # as little height as it can be
        note = clip(row.note, room, form.small)
        word.pieces.append(Piece(end + 6, first, note, form.small, tone="dim"))
    else:
        for line in wrap(row.note, form.word.right - at, form.small, 2):
            word.add(at, line, form.small, tone=_tone(row, "soft"))
    dots = _dots(row, form, form.dots, first)
    more = _more(row, form, form.dots, dots)
    low = max(names.y, says.y, word.y, more.y)
    pieces = [*names.pieces, *says.pieces, *word.pieces, *more.pieces]
    return Placed(row, top, low + _PAD, first, dots, pieces, (form.word.left + 3.5, first))


def _narrow(row: StripRow, form: Form, top: float) -> Placed:
    lines = _Lines(top + 2 * _PAD)
    left = form.label.left + 5.0 * min(row.level, 2)
    name = clip(row.id, form.label.width / 2, form.text, bold=True)
    beside = left + text_width(name, form.text, bold=True) + _GAP + SIDE
    needs = text_width(row.word, form.text, bold=row.decided) + _fragile_width(row, form)
    lines.add(left, name, form.text, bold=True, tone=_tone(row, "ink"), link=row.id)
    at = left + SIDE
    if beside + needs <= form.word.right:
        lines.y -= LEADING * form.text
        at = form.word.right - needs
    side = at - SIDE + 3.5, lines.y + LEADING * form.text / 2
    _word(lines, at, row, form)
    for line in wrap(row.sentence, form.label.right - left, form.small, 1 if row.restated else 3):
        lines.add(left, line, form.small, tone=_tone(row, "ink"))
    first = lines.y + BAR / 2 + 5
    dots = _dots(row, form, left, first)
    if dots or row.needed is not None:
        more = _more(row, form, left, dots)
        lines.pieces += more.pieces
        lines.y = max(first + BAR / 2, more.y) + 3
    for line in wrap(row.note, form.label.right - left, form.small, 2):
        lines.add(left, line, form.small, tone=_tone(row, "soft"))
    return Placed(row, top, lines.y + 2 * _PAD, first, dots, lines.pieces, side)


def _word(lines: _Lines, at: float, row: StripRow, form: Form) -> float:
    """The verdict and, beside it or below, how fragile it is; returns where that line ends."""
    room = form.word.right - at
    word = clip(row.word, room, form.text, bold=row.decided)
    lines.add(at, word, form.text, bold=row.decided, tone=_tone(row, "ink"))
    end = at + text_width(word, form.text, bold=row.decided)
    if not row.fragile:
        return end
    needs = _fragile_width(row, form)
    if end + needs <= form.word.right + 0.1:
        beside = Piece(
            end + 6, lines.pieces[-1].y, row.fragile, form.small, tone=_tone(row, "soft")
        )
        lines.pieces.append(beside)
        return end + needs
    fragile = clip(row.fragile, room, form.small)
    lines.add(at, fragile, form.small, tone=_tone(row, "soft"))
    return form.word.right


def _fragile_width(row: StripRow, form: Form) -> float:
    return 6 + text_width(row.fragile, form.small) if row.fragile else 0.0


def _dots(row: StripRow, form: Form, left: float, first: float) -> list[tuple[float, float]]:
    shown = min(len(row.dots), _MOST_DOTS)
    return [
        (
            left + form.pitch * (number % form.per_line + 0.5),
            first + (form.pitch + 0.6) * math.floor(number / form.per_line),
        )
        for number in range(shown)
    ]


def _more(row: StripRow, form: Form, left: float, dots: list[tuple[float, float]]) -> _Lines:
    """How many seeds are not drawn, under those that are."""
    lines = _Lines(dots[-1][1] + form.pitch / 2 if dots else 0.0)
    if len(row.dots) > len(dots):
        text = f"and {len(row.dots) - len(dots):,} more"
        lines.add(left, text, form.small, tone=_tone(row, "soft"))
    return lines


def _tone(row: StripRow, tone: Tone) -> Tone:
    return "dim" if row.restated else tone
