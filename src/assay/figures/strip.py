"""The verdict strip: a row per claim, with a mark per seed, a bar of evidence, and the verdict."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from assay.figures.lettering import text_width
from assay.figures.strip_layout import BAR, LEADING, MARGIN, SIDE, Form, Piece, Placed, Tone, place
from assay.figures.strip_rows import Dot, Said, Side, StripRow, axis_end, axis_powers, power_name
from assay.figures.style import BLUE, INK, VERMILLION, style

_INCH = 72
_ALPHA: dict[Tone, float] = {"ink": 1.0, "soft": 0.72, "dim": 0.62}
# A page's links are in a colour of their own, which is paler than ink.
_LINK_ALPHA = 0.8
# Of a claim that was restated: bars, and its seeds, which are still 3 : 1 on paper.
_DIM, _DIM_SEEDS = 0.7, 0.85
_MARKS: dict[Said, tuple[str, str]] = {
    "shown": ("o", BLUE),
    "not shown": ("X", VERMILLION),
    "no value": ("_", INK),
}
_EDGES: dict[Said, float] = {"shown": 0.9, "not shown": 0.65, "no value": 0.9}
_MEANS: dict[Said, str] = {
    "shown": "a seed that shows the claim",
    "not shown": "one that does not",
    "no value": "one without a value",
}
_SIDES: dict[Side, tuple[str, str]] = {
    "for": (">", BLUE),
    "against": ("<", VERMILLION),
    "mixed": ("D", INK),
}
_OPEN = 0.45
_DASHES = (0, (2, 1.2))
_REPEAT_AXIS = 12


def strip_figure(
    rows: Sequence[StripRow],
    *,
    narrow: bool = False,
    link: Callable[[str], str] | None = None,
) -> Figure:
    """Draw the strip.

    Args:
        rows: a row per claim, from top to bottom.
        narrow: for a width of some 360 pixels, such as a phone's.
        link: where the name of a claim leads to, from its id.
    """
    form, end = Form.of(rows, narrow=narrow), axis_end(rows)
    legend = _legend(rows, form)
    lines = 1 + max((line for line, *_ in legend), default=0)
    axis = MARGIN + lines * 1.5 * form.small + (2.4 * LEADING * form.small if form.bars else 0)
    placed = place(rows, form, axis)
    bottom = placed[-1].bottom if placed else axis
    again = form.bars and len(rows) > _REPEAT_AXIS
    height = bottom + MARGIN + (LEADING * form.small if again else 0)
    with style():
        figure = Figure(figsize=(form.width / _INCH, height / _INCH))
        figure.set_layout_engine("none")
        ax = figure.add_axes((0, 0, 1, 1), xlim=(0, form.width), ylim=(height, 0))
        ax.set_axis_off()
        sheet = _Sheet(ax, form, end, link)
        sheet.legend(legend)
        if form.bars:
            sheet.axis(placed, axis, again=again)
        sheet.rules(placed)
        for each in placed:
            sheet.row(each)
        sheet.dots(placed)
    return figure


class _Sheet:
    """Axes in points, and how evidence is put on them."""

    def __init__(self, ax: Axes, form: Form, end: float, link: Callable[[str], str] | None) -> None:
        self._ax, self._form, self._end, self._link = ax, form, end, link

    def _x(self, power: float) -> float:
        bar, end = self._form.bar, self._end
        return bar.left + bar.width * (max(-end, min(end, power)) + end) / (2 * end)

    def legend(self, entries: Iterable[tuple[int, float, str, Dot | None]]) -> None:
        """What each mark means."""
        size = self._form.small
        for line, x, text, dot in entries:
            y = MARGIN + (line + 0.5) * 1.5 * size
            if dot is None:
                self._needed(x + 4, y, BAR)
            else:
                self._marks([(x + 4, y)], dot, 8.0, 1.0)
            self._text(Piece(x + 11, y, text, size, tone="soft"))

    def axis(self, placed: Sequence[Placed], top: float, *, again: bool) -> None:
        """Powers of ten with their names, above the rows and, if there are many, below as well."""
        form, size = self._form, self._form.small
        upper, lower = top - 1.75 * LEADING * size, top - 0.65 * LEADING * size
        self._text(Piece(form.bar.left, upper, "← against", size, tone="soft"))
        middle = "evidence, to 1"
        if text_width(f"← against {middle} against →", size) < form.bar.width:
            self._text(Piece(self._x(0), upper, middle, size, tone="soft", align="center"))
        self._text(Piece(form.bar.right, upper, "for →", size, tone="soft", align="right"))
        small = size if form.narrow else 0.9 * size
        every = _every(self._x(1) - self._x(0), small, self._end)
        bottom = placed[-1].bottom if placed else top
        bands = _bands(placed) if form.narrow else [(top, bottom)]
        for power in axis_powers(self._end):
            x, alpha = self._x(power), 0.9 if power == 0 else 0.16
            for band in bands:
                self._ax.plot([x, x], band, color=INK, alpha=alpha, lw=0.7)
            if power % every == 0:
                below = [bottom + 0.7 * LEADING * size] if again else []
                for y in (lower, *below):
                    name = power_name(abs(power))
                    self._text(Piece(x, y, name, small, tone="soft", align="center"))

    def rules(self, placed: Sequence[Placed]) -> None:
        """A hairline between two claims; what is under one belongs to it."""
        for above, below in pairwise(placed):
            if below.row.level == 0:
                y = above.bottom
                self._ax.plot(
                    [MARGIN, self._form.width - MARGIN], [y, y], color=INK, alpha=0.16, lw=0.5
                )

    def row(self, placed: Placed) -> None:
        """Its texts and its bar."""
        for piece in placed.pieces:
            self._text(piece)
        row, dim = placed.row, _DIM if placed.row.restated else 1.0
        if row.side != "none":
            marker, colour = _SIDES[row.side]
            x, y = placed.side
            self._ax.plot([x], [y], marker, color=colour, ms=0.55 * SIDE, mew=0, alpha=dim)
        if row.seen:
            self._bar(row.seen, placed.bar, None, dim)
        if row.evidence:
            self._bar(row.evidence, placed.bar, row, dim)
        if row.needed is not None:
            for side in (-row.needed, row.needed):
                self._needed(self._x(side), placed.bar, 1.9 * BAR, dim)

    def dots(self, placed: Sequence[Placed]) -> None:
        """All seeds, those that look alike at once."""
        alike: dict[tuple[Dot, float], list[tuple[float, float]]] = {}
        for each in placed:
            dim = _DIM_SEEDS if each.row.restated else 1.0
            for dot, at in zip(each.row.dots, each.dots, strict=False):
                alike.setdefault((dot, dim), []).append(at)
        for (dot, dim), places in alike.items():
            self._marks(places, dot, self._form.pitch, dim)

    def _marks(
        self, places: Sequence[tuple[float, float]], dot: Dot, pitch: float, dim: float
    ) -> None:
        marker, colour = _MARKS[dot.said]
        self._ax.plot(
            *zip(*places, strict=True),
            marker=marker,
            color=colour,
            markerfacecolor="none" if dot.seen else colour,
            markeredgewidth=_EDGES[dot.said] if dot.seen or dot.said == "no value" else 0,
            ms=(0.5 if dot.said == "no value" else 0.72) * pitch,
            ls="none",
            alpha=dim,
        )

    def _bar(self, power: float, y: float, row: StripRow | None, dim: float) -> None:
        """A bar to a power of ten, pointed where it goes on; hollow without a row."""
        start, x, half = self._x(0), self._x(power), BAR / 2
        points = [(start, y - half), (x, y - half), (x, y + half), (start, y + half)]
        if abs(power) > self._end:
            tip = x - (half if power > 0 else -half)
            points[1:3] = [(tip, y - half), (x, y), (tip, y + half)]
        colour, alpha = INK, _OPEN
        if row is None:
            alpha = 1.0
        elif row.decided:
            colour, alpha = BLUE if power > 0 else VERMILLION, 1.0
        face, edge = ("none", colour) if row is None else (colour, "none")
        self._ax.add_patch(
            Polygon(points, facecolor=face, edgecolor=edge, linewidth=0.7, alpha=alpha * dim)
        )

    def _needed(self, x: float, y: float, height: float, dim: float = 1.0) -> None:
        half = height / 2
        self._ax.plot([x, x], [y - half, y + half], color=INK, lw=1.0, ls=_DASHES, alpha=dim)

    def _text(self, piece: Piece) -> None:
        alpha, weight = _ALPHA[piece.tone], "bold" if piece.bold else "normal"
        drawn = self._ax.text(
            piece.x,
            piece.y,
            piece.text,
            fontsize=piece.size,
            fontweight=weight,
            alpha=alpha,
            ha=piece.align,
            va="center_baseline",
        )
        if piece.link and self._link is not None:
            drawn.set_url(self._link(piece.link))
            drawn.set_alpha(max(alpha, _LINK_ALPHA))


def _bands(placed: Iterable[Placed]) -> list[tuple[float, float]]:
    """Where evidence is drawn, of the rows that have any."""
    return [
        (each.bar - BAR, each.bar + BAR)
        for each in placed
        if each.row.evidence is not None or each.row.seen is not None
    ]


def _every(apart: float, size: float, end: float) -> int:
    """Of how many powers one is named, so that names do not touch."""
    widest = max(text_width(power_name(power), size) for power in axis_powers(end) if power >= 0)
    return 1 + int((widest + 2) // apart)


def _legend(rows: Sequence[StripRow], form: Form) -> list[tuple[int, float, str, Dot | None]]:
    """The marks that occur: on which line, from where, what they mean; None is what is needed."""
    dots = {dot for row in rows for dot in row.dots}
    entries: list[tuple[str, Dot | None]] = [
        (text, Dot(said)) for said, text in _MEANS.items() if any(dot.said == said for dot in dots)
    ]
    if any(dot.seen for dot in dots):
        entries.append(("hollow: seen before the claim was declared", Dot("shown", seen=True)))
    if any(row.needed is not None for row in rows):
        entries.append(("enough for a verdict", None))
    found, line, x = [], 0, MARGIN
    for text, dot in entries:
        wide = 11 + text_width(text, form.small)
        if x > MARGIN and x + wide > form.width - MARGIN:
            line, x = line + 1, MARGIN
        found.append((line, x, text, dot))
        x += wide + 14
    return found
