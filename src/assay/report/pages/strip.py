"""The verdict strip as drawings of a report, and as a picture that stands alone."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from matplotlib.figure import Figure

from assay.claims.snapshot import Snapshot
from assay.figures.strip import strip_figure
from assay.figures.strip_rows import StripRow
from assay.figures.style import to_svg
from assay.report.data.claims import claim_rows
from assay.report.data.strip import strip_rows
from assay.report.pages.svg import coloured

NAME = "verdict-strip"
NARROW = f"{NAME}-narrow"


def strip_drawings(snapshot: Snapshot) -> Iterator[tuple[str, Figure]]:
    """The strip in both widths, by its name in files; none of a study without claims."""
    rows = strip_rows(claim_rows(snapshot))
    if rows:
        yield NAME, study_strip(snapshot)
        yield NARROW, strip_figure(rows, narrow=True, link=_anchor)


def study_strip(snapshot: Snapshot) -> Figure:
    """The wide one; the same object as long as the store holds the same."""
    rows = strip_rows(claim_rows(snapshot))
    return snapshot.once(NAME, lambda: strip_figure(rows, link=_anchor))


def strip_svg(rows: Sequence[StripRow], *, narrow: bool = False) -> bytes:
    """The strip as an SVG file in the reader's colours, light or dark."""
    head, body = to_svg(strip_figure(rows, narrow=narrow)).decode().split("<defs>", 1)
    return f"{head}<style>{_colours()}</style>\n<defs>{coloured(body, alone=True)}".encode()


@cache
def _colours() -> str:
    """The page's colours, light and dark, for a file of its own."""
    css = (files("assay.report.pages") / "templates" / "colours.css").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", css).strip()


def _anchor(claim: str) -> str:
    """Where the page says more of a claim."""
    return f"#claim-{quote(claim, safe='')}"
