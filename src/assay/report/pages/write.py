"""Writing a report to a folder, and drawing one figure of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from matplotlib.figure import Figure as Drawing

from assay.claims.snapshot import Snapshot
from assay.config import FigureSettings
from assay.config.registry import attribute
from assay.errors import ConfigError, StoreError, StudyError
from assay.figures.own import left_out, own_figure
from assay.figures.specification import specification_figure
from assay.figures.style import to_png, to_svg
from assay.plugins import own_code
from assay.report.data.commands import run_command
from assay.report.data.gather import figure_arms, page_data, report_data
from assay.report.pages.html import render
from assay.report.pages.markdown import markdown_page
from assay.report.pages.notebook import Place, check_nbformat, notebook
from assay.report.pages.printing import printed, printer
from assay.report.pages.seeds import drawn_by_seeds
from assay.report.pages.strip import NARROW, strip_drawings
from assay.report.pages.svg import inline
from assay.report.words.figures import curve_name, figure_name
from assay.store.durable import to_json, write_atomic
from assay.study.file import Figure

FORMATS = ("html", "md", "pdf", "json", "ipynb")


def write_report(
    snapshot: Snapshot,
    folder: Path,
    format: Literal["html", "md", "pdf", "json", "ipynb"] = "html",
) -> Path:
    """Write the report of a profile's runs into `folder`, and return the file to open.

    `html` gives index.html, complete in itself, and its figures once more as SVG and PNG in
    `figures/`; `md` gives report.md with its figures in `figures/`; `pdf` gives report.pdf, the
    page as a browser prints it; `json` gives report.json, every number of the report; `ipynb` gives
    report.ipynb, a notebook that draws the figures from the store.

    Raises:
        ConfigError: for another format, if `ipynb` is asked for and nbformat is not there, or if
            `pdf` is and no browser.
        StoreError: if no run of the profile is finished, a run is damaged, or `folder` cannot be
            written.
    """
    if format not in FORMATS:
        *most, last = map(repr, FORMATS)
        raise ConfigError(f"format = {format!r}: should be {', '.join(most)} or {last}")
    if format == "ipynb":
        check_nbformat()
    browser = printer() if format == "pdf" else ""
    check_ended(snapshot)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if format == "json":
            return _written(folder / "report.json", to_json(report_data(snapshot)))
        if format == "ipynb":
            place = Place.of(snapshot.study, snapshot.store, folder)
            content = notebook(page_data(snapshot), _pngs(snapshot), place)
            return _written(folder / "report.ipynb", content)
        if format == "md":
            return _write_markdown(snapshot, folder)
        if format == "pdf":
            content = printed(_page(snapshot, None), browser)
            return _written(folder / "report.pdf", content)
        # The page comes last: when it is there, so are the figures that it tells of.
        return _written(folder / "index.html", _page(snapshot, folder / "figures"))
    except OSError as error:
        raise StoreError(f"report {folder} cannot be written: {error.strerror or error}") from None


def _page(snapshot: Snapshot, figures: Path | None) -> bytes:
    """The page, complete in itself; its figures once more into a folder where one is given."""
    data = page_data(snapshot)
    if figures is not None:
        figures.mkdir(exist_ok=True)
    drawings = {name: _write(drawing, figures, name) for name, drawing in report_drawings(snapshot)}
    page = render(data, drawings, drawn_by_seeds(snapshot, data.generators))
    return page.encode(errors="backslashreplace")


def _write_markdown(snapshot: Snapshot, folder: Path) -> Path:
    """The report as text, and its figures as pictures beside it."""
    figures = folder / "figures"
    figures.mkdir(exist_ok=True)
    pictures = _pngs(snapshot)
    for name, content in pictures.items():
        write_atomic(figures / f"{name}.png", content)
    text = markdown_page(page_data(snapshot), set(pictures))
    return _written(folder / "report.md", text.encode(errors="backslashreplace"))


def _pngs(snapshot: Snapshot) -> dict[str, bytes]:
    """Every figure as PNG, by its name; the strip in its wide form alone."""
    drawings = report_drawings(snapshot)
    return {name: to_png(drawing) for name, drawing in drawings if name != NARROW}


def _written(target: Path, content: bytes) -> Path:
    write_atomic(target, content)
    return target


def check_ended(snapshot: Snapshot) -> None:
    """See that there is something to tell.

    Raises:
        StoreError: if no run of the profile has ended, with the command that trains them.
    """
    study, store = snapshot.study, snapshot.store
    if not {"finished", "diverged"} & set(snapshot.status.values()):
        raise StoreError(
            f"{store} has no finished run of {study.name}, profile {snapshot.profile}; to train: "
            f"{run_command(study, store, profile=snapshot.profile)}"
        )


def report_drawings(snapshot: Snapshot) -> Iterator[tuple[str, Drawing]]:
    """The verdict strip, and every figure and curve that has runs, by its name in files."""
    yield from strip_drawings(snapshot)
    for figure in snapshot.study.figures:
        drawn = _draw(figure, snapshot)
        if drawn is not None:
            yield figure_name(figure.id), drawn
    for curve in snapshot.curves:
        if curve.complete:
            yield curve_name(curve.multiverse.claim.id), specification_figure(curve)


def _write(figure: Drawing, folder: Path | None, name: str) -> str:
    """Write a figure as SVG and PNG, where there is a folder, and return it for the page."""
    svg = to_svg(figure)
    if folder is not None:
        write_atomic(folder / f"{name}.svg", svg)
        write_atomic(folder / f"{name}.png", to_png(figure))
    return inline(svg, name)


def study_figure(snapshot: Snapshot, id: str) -> Drawing:
    """One figure of the report, by its id.

    Raises:
        StudyError: if there is none of that id.
        StoreError: if no run of it is finished, or one is damaged.
    """
    study = snapshot.study
    figures = {figure.id: figure for figure in study.figures}
    if id not in figures:
        raise StudyError(f"{study.path}: no figure {id!r}: there are {', '.join(figures)}")
    drawing = _draw(figures[id], snapshot)
    if drawing is None:
        raise StoreError(
            f"{snapshot.store} has no finished run of figure {id} of {study.name}, profile "
            f"{snapshot.profile}"
        )
    return drawing


def study_curve(snapshot: Snapshot, claim: str) -> Drawing:
    """The specification curve of a claim, by its id.

    Raises:
        StudyError: if the study has no multiverse of it.
        StoreError: if no universe of it is finished, or a run is damaged.
    """
    study = snapshot.study
    found = {curve.multiverse.claim.id: curve for curve in snapshot.curves}
    if claim not in found:
        raise StudyError(
            f"{study.path}: no multiverse of claim {claim!r}: there is one of "
            f"{', '.join(found) or 'none'}"
        )
    if not found[claim].complete:
        raise StoreError(
            f"{snapshot.store} has no finished universe of claim {claim}; to train: "
            f"{run_command(study, snapshot.store, multiverse=True)}"
        )
    return snapshot.once(f"curve {claim}", lambda: specification_figure(found[claim]))


def _draw(figure: Figure, snapshot: Snapshot) -> Drawing | None:
    """A figure, or None where no run of it is finished."""
    return snapshot.once(f"figure {figure.id}", lambda: _drawn(figure, snapshot))


def _drawn(figure: Figure, snapshot: Snapshot) -> Drawing | None:
    study, kind = snapshot.study, snapshot.study.figure_kind(figure)
    arms = figure_arms(figure, snapshot.runs)
    if not any(found.finished_seeds if kind.from_store else found.logs for found in arms):
        return None
    if kind.own:
        draw = study.own_drawing(figure)
        options = figure.settings
        return own_figure(kind.draw, draw, arms, options) if draw else left_out(kind.draw)
    given: list[Any] = [arms]
    if kind.from_store:
        given.append(snapshot.store)
    if kind.from_store or kind.settings is not FigureSettings:
        given.append(study.figure_settings(figure))
    others = [] if kind.draw.startswith("assay.") else [kind.draw]  # not assay's own faults
    with own_code(others, f"as it drew figure {figure.id}"):
        drawing: Drawing = attribute(kind.draw)(*given)
    return drawing
