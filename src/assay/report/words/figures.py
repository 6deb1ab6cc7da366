"""What is said under a figure, and in its place where it cannot be seen."""

import re
from collections.abc import Iterable

from assay.report.data.report import FigureRow, ReportData, TableRow
from assay.report.words.finding import finding, rows_of
from assay.report.words.numbers import count

QUALITY_HEADINGS = {
    "frechet_over_floor": "Fréchet distance over the floor",
    "frechet": "Fréchet distance",
    "kernel": "Kernel distance",
    "precision": "Precision",
    "recall": "Recall",
    "density": "Density",
    "coverage": "Coverage",
    "near": "Near",
    "class_balance": "Uneven classes, nats",
    "isolated_pixels": "Isolated pixels an image",
}


def figure_name(figure_id: str) -> str:
    """A figure's name in files and in the page."""
    return "figure-" + re.sub(r"[^A-Za-z0-9_-]+", "-", figure_id)


def curve_name(claim_id: str) -> str:
    """The name of a claim's specification curve in files and in the page."""
    return figure_name(f"multiverse-{claim_id}")


def caption(figure: FigureRow, data: ReportData) -> str:
    """What a figure shows in numbers, after its title and the study's own caption."""
    parts = [figure.caption, finding(figure, data)]
    parts += [_beyond(figure, row) for row in rows_of(figure, data)]
    parts += [_not_shown(figure, data), _not_comparable(figure, data)]
    missing = figure.planned - figure.finished
    if missing:
        parts.append(f"{missing} of its {figure.planned} runs are missing.")
    return " ".join(part for part in parts if part)


def alternative(figure: FigureRow, data: ReportData) -> str:
    """A figure in words: what it draws, and where each curve ends."""
    rows = [row.sentence for row in data.horizons if row.figure == figure.id]
    arms = ", ".join(row.label for row in rows_of(figure, data))
    parts = [figure.title, figure.shows.format(arms=arms).removesuffix("."), *rows]
    if figure.kind == "curves":
        parts.append(finding(figure, data))
    return " ".join(f"{part.removesuffix('.')}." for part in parts if part)


def left_out(figures: Iterable[FigureRow]) -> str:
    """Which numbers between those of the figures none has; empty where they have no gap."""
    numbers = {int(figure.id) for figure in figures if figure.id.isdecimal()}
    gaps = [str(each) for each in range(1, max(numbers, default=0)) if each not in numbers]
    if not gaps or len(gaps) > len(numbers):
        return ""
    one = len(gaps) == 1
    return f"The study draws no figure{'' if one else 's'} {_listed(gaps)}."


def _beyond(figure: FigureRow, row: TableRow) -> str:
    """Which of the moments that a figure names a training does not reach."""
    end = row.updates
    later = [moment for moment in figure.settings.get("moments", []) if end and moment > end]
    if not later:
        return ""
    return f"{row.label} ends after {count(end)} updates, before {_listed(map(count, later))}."


def _not_shown(figure: FigureRow, data: ReportData) -> str:
    """Which arms have no pictures, of a figure of what only a finished run keeps."""
    rows = rows_of(figure, data) if figure.finished_only else []
    names = [row.label for row in rows if row.finished == row.diverged]
    if not names or len(names) == len(rows):
        return ""
    return f"Not shown, since no run is finished: {_listed(names)}."


def _not_comparable(figure: FigureRow, data: ReportData) -> str:
    """That arms of several sets of images are not to be compared, where a figure shows them."""
    sets = {row.measured.against for row in data.generators if row.arm in figure.arms}
    if figure.kind != "quality" or len(sets) < 2:
        return ""
    return "Numbers of different images or sizes cannot be compared with each other."


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
