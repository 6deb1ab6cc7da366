"""How every figure looks, and how it becomes a file.

Colours are darker ones of Okabe and Ito's, which people with any colour vision tell apart; line
style and marker say the same again, for grey print. Text and axes are drawn in `INK` on `PAPER`,
two colours that nothing else uses, so that a page that inlines the SVG can put its own there.
"""

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.text import Text

from assay.errors import printable

LineStyle = Literal["-", ":"] | tuple[float, Sequence[float]]

INK = "#1b1b1f"
PAPER = "#fffffe"

BLUE = "#0072b2"
VERMILLION = "#c04a00"
GREEN = "#007f5c"
ORANGE = "#9a6700"
PURPLE = "#b3508a"
SKY = "#2a7fb5"

WIDTH = 7.6
"""Inches across a figure: its 9 pt text is then about as large as a page's small print."""

SEED_ALPHA = 0.8
"""Of the line of one seed: it stands out from paper at 3 to 1, light or dark."""

SEED_WIDTH = 0.55
PNG_DPI = 150


@dataclass(frozen=True)
class Look:
    """How one line among several is told from the others."""

    colour: str
    line: LineStyle
    marker: str


LOOKS = [
    Look(BLUE, "-", "o"),
    Look(VERMILLION, (0, (5, 1.6)), "s"),
    Look(GREEN, (0, (1.2, 1.2)), "^"),
    Look(PURPLE, (0, (6, 1.4, 1.2, 1.4)), "D"),
    Look(ORANGE, (0, (3, 1.2, 1.2, 1.2, 1.2, 1.2)), "v"),
    Look(SKY, (0, (9, 2)), "P"),
]

_RC: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": INK,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "axes.linewidth": 0.7,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 9.5,
    "axes.unicode_minus": True,
    "figure.constrained_layout.use": True,
    "figure.facecolor": PAPER,
    "figure.titlesize": 10,
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "grid.alpha": 0.18,
    "grid.color": INK,
    "grid.linewidth": 0.6,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "legend.handlelength": 2.8,
    "legend.labelcolor": INK,
    "lines.linewidth": 1.8,
    "lines.markersize": 4,
    # TrueType, which every publisher takes.
    "pdf.fonttype": 42,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "none",
    # Without a salt the ids in an SVG are random, and the same figure is never the same file.
    "svg.hashsalt": "assay",
    "text.color": INK,
    # A title is the user's text: a dollar sign in it is a dollar sign.
    "text.parse_math": False,
    "xtick.color": INK,
    "xtick.labelsize": 8.5,
    "ytick.color": INK,
    "ytick.labelsize": 8.5,
}


@contextmanager
def style() -> Iterator[None]:
    """Draw in the house style, whatever the user's own settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_RC)
        yield


def look(index: int) -> Look:
    """The look of the line number `index`; they repeat after the last."""
    return LOOKS[index % len(LOOKS)]


def halo(width: float = 1.8) -> list[AbstractPathEffect]:
    """What sets a median of `width` points off from the seeds below it."""
    return [withStroke(linewidth=width + 1.6, foreground=PAPER)]


def arrange(figure: Figure) -> None:
    """Lay a drawn figure out, once for all: each layout starts from the last and differs a little.

    Every file of a figure then shows the same, however often it is saved, and so does a notebook.
    """
    for ax in figure.axes:
        # Said of the axes, since how many ticks there are is read from the settings at every draw.
        ax.tick_params(axis="x", labelsize=_RC["xtick.labelsize"])
        ax.tick_params(axis="y", labelsize=_RC["ytick.labelsize"])
    _show_texts(figure)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def to_svg(figure: Figure) -> bytes:
    """The figure as SVG, with its text as text; the same figure gives the same bytes."""
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    return _saved(figure, format="svg", metadata=nothing)


def to_pdf(figure: Figure) -> bytes:
    """The figure as PDF; the same figure gives the same bytes."""
    nothing = dict.fromkeys(("CreationDate", "Creator", "Producer"))
    return _saved(figure, format="pdf", metadata=nothing)


def to_png(figure: Figure) -> bytes:
    """The figure as PNG."""
    return _saved(figure, format="png", dpi=PNG_DPI)


def _saved(figure: Figure, **options: Any) -> bytes:
    file = io.BytesIO()
    _show_texts(figure)
    with style(), warnings.catch_warnings():
        # Of letters that the font lacks: in an SVG they are text, which is drawn in another.
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        figure.savefig(file, **options)
    return file.getvalue()


def _show_texts(figure: Figure) -> None:
    """Have what of its texts would steer how they are shown be shown itself."""
    for text in figure.findobj(Text):
        if (shown := printable(text.get_text())) != text.get_text():
            text.set_text(shown)
