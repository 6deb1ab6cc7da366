"""A page with the verdict on a table of results, which needs no other file and no network."""

from pathlib import Path

from markupsafe import Markup

from assay.errors import DataError
from assay.figures.strip import strip_figure
from assay.figures.strip_rows import alternative
from assay.figures.style import to_svg
from assay.judging.question import Question
from assay.judging.verdict import Judgement
from assay.report.data.strip import strip_rows
from assay.report.pages.html import environment
from assay.report.pages.strip import NAME, NARROW
from assay.report.pages.svg import inline
from assay.store.durable import write_atomic


def write_page(found: Judgement, question: Question, path: Path) -> Path:
    """Write the page, whole or not at all, and return its path.

    Raises:
        DataError: if it cannot be written.
    """
    rows = strip_rows(found.claims)
    drawings = {
        name: Markup(inline(to_svg(strip_figure(rows, narrow=narrow)), name))
        for name, narrow in ((NAME, False), (NARROW, True))
    }
    text = (
        environment()
        .get_template("judgement.html.j2")
        .render(
            question=question,
            claims=found.claims,
            notes=found.notes,
            strip=rows,
            strip_alternative=alternative(rows),
            drawings=drawings,
        )
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, text.encode(errors="backslashreplace"))
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror or error}") from None
    return path
