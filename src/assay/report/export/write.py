"""Writing what a paper needs of a study into a folder."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Literal

from matplotlib.figure import Figure

from assay.claims.snapshot import Snapshot
from assay.errors import ConfigError, StoreError, printable
from assay.figures.strip import strip_figure
from assay.figures.style import to_pdf, to_svg
from assay.report.data.gather import page_data
from assay.report.data.report import ReportData
from assay.report.data.rows import ClaimRow, PartRow
from assay.report.data.strip import strip_rows
from assay.report.export.latex import document, escaped, table
from assay.report.export.method import method
from assay.report.export.rows import (
    ClaimLine,
    PartLine,
    Result,
    ResultLine,
    claim_line,
    part_lines,
    results,
)
from assay.report.pages.strip import NAME, NARROW
from assay.report.pages.write import check_ended, report_drawings
from assay.report.words.caveats import ratio
from assay.report.words.cells import (
    decisive,
    effect,
    effect_range,
    evidence,
    in_points,
    seeds,
    verdict_and_fragility,
)
from assay.report.words.numbers import capital, count, median, spread
from assay.store.durable import to_json, write_atomic

Format = Literal["csv", "latex", "json"]
FORMATS: tuple[Format, ...] = ("csv", "latex", "json")

_CLAIM_HEAD = ("Claim", "Says", "Verdict", "Seeds", "Evidence", "Effect")
_CLAIM_COLUMNS = "l" + "".join(
    rf"p{{{share}\linewidth}}" for share in (0.27, 0.12, 0.1, 0.12, 0.21)
)
_CLAIM_LINES = 4


def write_export(snapshot: Snapshot, format: Format, folder: Path) -> Path:
    """Write tables, figures and a paragraph on method into `folder`, and return it.

    Tables are `claims`, `parts` and `results`, and the paragraph is `method`: as CSV and text, as
    LaTeX, with a document `example.tex` around it, or in one `export.json`. Figures are in
    `figures/`, as PDF and SVG.

    Raises:
        ConfigError: for another format.
        StoreError: if no run of the profile is finished, a run is damaged, or `folder` cannot be
            written.
    """
    if format not in FORMATS:
        raise ConfigError(f"format = {format!r}: should be {', '.join(map(repr, FORMATS))}")
    check_ended(snapshot)
    data = page_data(snapshot)
    found = results(snapshot.study, data)
    ended = {key: len(runs.seeds) for key, runs in snapshot.runs.items()}
    text = method(data, ended)
    try:
        (folder / "figures").mkdir(parents=True, exist_ok=True)
        names = [_figure(drawing, folder, name) for name, drawing in _figures(snapshot, data)]
        for name, content in _files(format, data, found, text, names):
            write_atomic(folder / name, content)
    except OSError as error:
        raise StoreError(f"export {folder} cannot be written: {error.strerror or error}") from None
    return folder


def _figures(snapshot: Snapshot, data: ReportData) -> Iterator[tuple[str, Figure]]:
    """The report's, of which the strip links nowhere."""
    if data.claims:
        yield NAME, strip_figure(strip_rows(data.claims))
    for name, drawing in report_drawings(snapshot):
        if name not in (NAME, NARROW):
            yield name, drawing


def _figure(drawing: Figure, folder: Path, name: str) -> str:
    write_atomic(folder / "figures" / f"{name}.svg", to_svg(drawing))
    write_atomic(folder / "figures" / f"{name}.pdf", to_pdf(drawing))
    return f"figures/{name}.pdf"


def _files(
    format: Format, data: ReportData, found: Sequence[Result], text: str, figures: Sequence[str]
) -> Iterator[tuple[str, bytes]]:
    claims = [claim_line(claim) for claim in data.claims]
    parts = [line for claim in data.claims for line in part_lines(claim)]
    lines = [each.line for each in found]
    if format == "csv":
        yield "claims.csv", _csv(claims, ClaimLine)
        yield "parts.csv", _csv(parts, PartLine)
        yield "results.csv", _csv(lines, ResultLine)
        yield "method.txt", f"{printable(text)}\n".encode()
    elif format == "json":
        every: dict[str, Sequence[PartLine | ResultLine]]
        every = {"claims": claims, "parts": parts, "results": lines}
        rows: dict[str, Any] = {name: [asdict(row) for row in of] for name, of in every.items()}
        yield "export.json", to_json({**rows, "method": text})
    else:
        yield "claims.tex", claims_tex(data.claims).encode()
        yield "parts.tex", _parts_tex(data.claims).encode()
        yield "results.tex", _results_tex(found).encode()
        yield "method.tex", f"{escaped(text)}\n".encode()
        inputs = ("method", "claims", "parts", "results")
        yield "example.tex", document(data.study.title, inputs, figures).encode()


def _csv(rows: Sequence[PartLine | ResultLine], of: type[PartLine] | type[ResultLine]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([field.name for field in fields(of)])
    writer.writerows([[_cell(value) for value in asdict(row).values()] for row in rows])
    return file.getvalue().encode()


def _cell(value: object) -> object:
    """As it is written; a text that a spreadsheet would work out begins with a `'`."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def claims_tex(claims: Sequence[ClaimRow]) -> str:
    """The table of claims, with seeds and effect of the part that each turns on."""
    rows = [
        (
            *(claim.id, claim.sentence, verdict_and_fragility(claim)),
            *_found(decisive(claim), evidence(claim)),
        )
        for claim in claims
    ]
    caption = "The claims, with seeds and effect of the part that each turns on."
    return table(_CLAIM_HEAD, _CLAIM_COLUMNS, rows, caption, "tab:claims", _CLAIM_LINES)


def _parts_tex(claims: Sequence[ClaimRow]) -> str:
    """The parts of claims that have several."""
    rows = [
        (f"{claim.id}.{number}", part.sentence, part.word, *_found(part, _odds(part)))
        for claim in claims
        if len(claim.parts) > 1
        for number, part in enumerate(claim.parts, start=1)
    ]
    if not rows:
        return "% Each claim has one part.\n"
    caption = "The parts of claims that have several."
    return table(_CLAIM_HEAD, _CLAIM_COLUMNS, rows, caption, "tab:parts", _CLAIM_LINES)


def _found(part: PartRow, odds: str) -> tuple[str, str, str]:
    ends = effect_range(part)
    return seeds(part), odds, in_points(f"{effect(part)} ({ends})" if ends else effect(part))


def _odds(part: PartRow) -> str:
    row = part.evidence
    larger = max(row.support, row.against)
    if part.computed is not None or larger <= 1:
        return "–"
    return f"{ratio(larger)}{'' if row.support >= row.against else ' against'}"


def _results_tex(found: Sequence[Result]) -> str:
    """A table an outcome: a row per arm."""
    groups: dict[tuple[str, str, int | None], list[Result]] = {}
    for each in found:
        groups.setdefault((each.line.outcome, each.line.unit, each.line.update), []).append(each)
    texts = []
    for number, ((outcome, unit, update), rows) in enumerate(groups.items(), start=1):
        at = "" if update is None else f", at update {count(update)}"
        caption = f"{capital(outcome)}{at} ({unit}): median and range over seeds."
        cells = [_result_cells(each) for each in rows]
        head = ("Setting", "Runs", "Median", "Range")
        texts.append(table(head, r"p{0.5\linewidth}rll", cells, caption, f"tab:results-{number}"))
    return "\n".join(texts) or "% No run has an outcome.\n"


def _result_cells(found: Result) -> tuple[str, str, str, str]:
    line, summary = found.line, found.summary
    return (
        line.label,
        str(line.runs),
        median(summary, line.metric, line.unit),
        spread(summary, line.metric, line.unit) or "–",
    )
