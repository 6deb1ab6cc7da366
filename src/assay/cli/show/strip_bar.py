"""Bars of evidence in characters, and the other marks of a strip in a terminal."""

import math
from dataclasses import dataclass

from assay.figures.strip_rows import Said, Side, StripRow, axis_powers


@dataclass(frozen=True)
class Marks:
    """The characters that a strip is drawn with.

    Attributes:
        dots: what a seed said.
        seen: the same, of one that had been seen before.
        decided: a cell of a bar.
        parts: what ends a bar to the right, by eighths of a cell; empty if only whole ones do.
        half: half a cell, at the end of a bar to the left.
        open: a cell of a bar that decides nothing.
        explored: a cell of the evidence of all seeds, where some had been seen.
        beyond: the end of a bar that is cut, to the left and to the right.
    """

    dots: dict[Said, str]
    seen: dict[Said, str]
    side: dict[Side, str]
    decided: str
    parts: str
    half: str
    open: str
    explored: str
    zero: str
    needed: str
    beyond: tuple[str, str]
    arrows: tuple[str, str]

    @property
    def all(self) -> str:
        """Every character."""
        groups = (*self.dots.values(), *self.seen.values(), *self.side.values(), *self.arrows)
        single = (self.decided, self.parts, self.half, self.open, self.explored, self.zero)
        return "".join((*groups, *single, self.needed, *self.beyond))


UNICODE = Marks(
    dots={"shown": "●", "not shown": "✖", "no value": "–"},
    seen={"shown": "○", "not shown": "✕", "no value": "·"},
    side={"for": "▶", "against": "◀", "mixed": "◆", "none": " "},
    decided="█",
    parts="▏▎▍▌▋▊▉",
    half="▐",
    open="▒",
    explored="░",
    zero="│",
    needed="┆",
    beyond=("◀", "▶"),
    arrows=("←", "→"),
)
ASCII = Marks(
    dots={"shown": "o", "not shown": "x", "no value": "-"},
    seen={"shown": "(", "not shown": "'", "no value": "."},
    side={"for": ">", "against": "<", "mixed": "+", "none": " "},
    decided="#",
    parts="",
    half="",
    open="=",
    explored=":",
    zero="|",
    needed="!",
    beyond=("<", ">"),
    arrows=("<-", "->"),
)


def bar(row: StripRow, end: float, half: int, marks: Marks) -> str:
    """The evidence of a row: so many cells on each side of the middle, `end` powers of ten each."""
    cells = [" "] * half, [" "] * half  # outwards from the middle, against and for
    if row.needed is not None:
        at = min(half - 1, math.floor(row.needed / end * half))
        for side in cells:
            side[at] = marks.needed
    if row.seen is not None:
        _fill(cells[row.seen > 0], row.seen, end, marks.explored, "", "")
    if row.evidence is not None:
        side = cells[row.evidence > 0]
        to_right = row.evidence > 0
        if row.decided:
            parts = marks.parts if to_right else marks.half
            _fill(side, row.evidence, end, marks.decided, parts, marks.beyond[to_right])
        else:
            _fill(side, row.evidence, end, marks.open, "", marks.beyond[to_right])
    middle = marks.zero if row.needed is not None or row.seen is not None else " "
    return "".join([*reversed(cells[0]), middle, *cells[1]])


def ticks(end: float, half: int) -> str:
    """The odds over a bar, as many as fit with a blank between two."""
    line = [" "] * (2 * half + 1)
    for power in sorted(axis_powers(end), key=abs):
        name = _short(abs(power))
        middle = half + power / end * half
        start = min(len(line) - len(name), max(0, math.floor(middle - len(name) / 2 + 0.5)))
        around = line[max(0, start - 1) : start + len(name) + 1]
        if all(each == " " for each in around):
            line[start : start + len(name)] = name
    return "".join(line)


def _fill(side: list[str], power: float, end: float, cell: str, parts: str, beyond: str) -> None:
    """Fill the cells of one side from the middle; `parts` are those that end it."""
    size = min(abs(power) / end, 1.0) * len(side)
    whole = math.floor(size) if parts else round(size)
    rest = math.floor((size - whole) * (len(parts) + 1)) if parts else 0
    if power and not whole and not rest:
        whole, rest = (0, 1) if parts else (1, 0)
    side[:whole] = cell * whole
    if rest and whole < len(side):
        side[whole] = parts[rest - 1]
    if beyond and abs(power) > end:
        side[-1] = beyond


def _short(power: int) -> str:
    """10 to a power in as few letters as can be: 100, 1k, 1M."""
    return f"{10 ** (power % 3)}{('', 'k', 'M', 'G')[power // 3]}" if power >= 3 else f"{10**power}"
