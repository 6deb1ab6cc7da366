"""What a figure finds, in a sentence worked out from the runs that it draws."""

from collections.abc import Sequence

from assay.report.data.report import FigureRow, HorizonRow, ReportData, TableRow
from assay.report.words.cells import verdict_word
from assay.report.words.horizons import estimate_words
from assay.report.words.links import claims_of
from assay.report.words.numbers import capital, median, spread

_MOST = 4
"""Arms that are told one by one; of more, the first and the last in order of what they come to."""


def finding(figure: FigureRow, data: ReportData) -> str:
    """What its arms come to, or else what the claims on them do; empty where no run has ended."""
    own = [row for row in data.horizons if row.figure == figure.id]
    if own:
        return _horizons(own)
    answers = [("last_accuracy", "accuracy", "Median validation accuracy after the last epoch")]
    if figure.kind == "curves":
        return _medians(figure, data.table, answers[0]) or _of_others(figure, data)
    if any(row.arm in figure.arms for row in data.generators):
        told = ("frechet", "squared feature distance", "Median Fréchet distance at the end")
        return _medians(figure, data.generators, told)
    return _of_others(figure, data) or _verdicts(figure, data)


def rows_of(figure: FigureRow, data: ReportData) -> list[TableRow]:
    """The rows of the tables whose arms a figure draws."""
    others = [row for table in data.others for row in table.rows]
    rows = [*data.table, *data.generators, *others]
    return [row for row in rows if row.arm in figure.arms]


def _medians(figure: FigureRow, rows: Sequence[TableRow], what: tuple[str, str, str]) -> str:
    """The median of each arm, and its range over seeds where there is one."""
    name, unit, words = what
    told = [
        row
        for row in rows
        if row.arm in figure.arms and name in row.summaries and row.summaries[name].n
    ]
    if len(told) > _MOST:
        told.sort(key=lambda row: _middle(row, name))
        told = [told[0], told[-1]]
        words += ", of the least and the largest arm"
    texts = []
    for row in told:
        summary = row.summaries[name]
        value, ends = median(summary, name, unit), spread(summary, name, unit)
        around = f" ({ends})" if ends and ends != value else ""
        texts.append(f"{value}{around} for {row.label}")
    return f"{words}: {'; '.join(texts)}." if texts else ""


def _middle(row: TableRow, name: str) -> float:
    middle = row.summaries[name].median
    return float("inf") if middle is None else float(middle)


def _of_others(figure: FigureRow, data: ReportData) -> str:
    """The first number of the table of another kind of run."""
    for table in data.others:
        for column in table.columns:
            what = (column.name, column.unit, f"{capital(column.describe)}, median")
            found = _medians(figure, table.rows, what)
            if found:
                return found
    return ""


def _horizons(rows: Sequence[HorizonRow]) -> str:
    """The longest and the shortest of several horizons."""
    known = sorted((row for row in rows if row.estimate), key=lambda row: row.estimate or 0.0)
    if not known:
        return rows[0].sentence
    words = [f"{estimate_words(row)} for {row.label}" for row in (known[-1], known[0])]
    if len(known) == 1:
        return f"Horizon: {words[0]}."
    return (
        f"Of {len(rows)} horizons the longest that is known is {words[0]}, the shortest {words[1]}."
    )


def _verdicts(figure: FigureRow, data: ReportData) -> str:
    """The words of the claims that rest on a figure's arms, where verdicts are passed."""
    if not data.profile.verdicts:
        return ""
    claims = claims_of(figure, data.claims)
    words = ", ".join(f"{claim.id} {verdict_word(claim)}" for claim in claims[:_MOST])
    more = len(claims) - _MOST
    rest = f" and {more} more" if more > 0 else ""
    return f"Of the claims on these runs: {words}{rest}." if words else ""
