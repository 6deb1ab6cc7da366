"""Writing a report to a folder, and drawing one figure of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from matplotlib.figure import Figure as Drawing

from assay.claims.evidence import ArmRuns, gather
from assay.claims.multiverse import Curve, curves
from assay.config.kind import attribute
from assay.errors import StoreError, StudyError
from assay.figures.specification import specification_figure
from assay.figures.style import to_png, to_svg
from assay.report.data.commands import run_command
from assay.report.data.gather import figure_arms, report_data
from assay.report.data.plain import Data
from assay.report.pages.html import render
from assay.report.pages.notebook import Place, check_nbformat, notebook
from assay.report.pages.pictures import finished_seeds
from assay.report.pages.svg import inline
from assay.report.words.figures import curve_name, figure_name
from assay.store import Store
from assay.store.durable import to_json, write_atomic
from assay.study import StudyPlan
from assay.study.file import Figure


def write_report(
    study: StudyPlan,
    profile: str,
    store: Store,
    folder: Path,
    format: Literal["html", "json", "ipynb"] = "html",
) -> Path:
    """Write the report of a profile's runs into `folder`, and return the file to open.

    `html` gives index.html, complete in itself, and its figures once more as SVG and PNG in
    `figures/`; `json` gives report.json, every number of the report; `ipynb` gives report.ipynb, a
    notebook that draws the figures from the store.

    Raises:
        ConfigError: if `ipynb` is asked for and nbformat is not there.
        StoreError: if no run of the profile is finished, a run is damaged, or `folder` cannot be
            written.
    """
    if format == "ipynb":
        check_nbformat()
    arms = study.arms(profile)
    runs = gather(arms, store)
    if not any(found.logs for found in runs.values()):
        raise StoreError(
            f"{store} has no finished run of {study.name}, profile {profile}; to train: "
            f"{run_command(study, store, profile=profile)}"
        )
    over_universes = curves(study, store)
    data = report_data(study, profile, arms, runs, store, over_universes)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if format == "json":
            target = folder / "report.json"
            write_atomic(target, to_json(data))
        elif format == "ipynb":
            target = folder / "report.ipynb"
            drawn = {
                figure.id: to_png(drawing)
                for figure in study.figures
                if (drawing := _draw(study, figure, runs, store))
            } | {
                curve_name(curve.multiverse.claim.id): to_png(specification_figure(curve))
                for curve in over_universes
                if curve.complete
            }
            write_atomic(target, notebook(data, drawn, Place.of(study, store, folder)))
        else:
            target = folder / "index.html"
            # The page comes last: when it is there, so are the figures it links to.
            drawings = _write_figures(study, runs, store, folder / "figures")
            drawings |= _write_curves(over_universes, folder / "figures")
            write_atomic(target, render(data, drawings).encode())
    except OSError as error:
        raise StoreError(f"report {folder} cannot be written: {error.strerror or error}") from None
    return target


def _write_figures(
    study: StudyPlan, runs: Mapping[str, ArmRuns], store: Store, folder: Path
) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    drawings = {}
    for figure in study.figures:
        drawn = _draw(study, figure, runs, store)
        if drawn is not None:
            drawings[figure.id] = _write(drawn, folder, figure_name(figure.id))
    return drawings


def _write_curves(found: Sequence[Curve], folder: Path) -> dict[str, str]:
    drawings = {}
    for curve in found:
        if curve.complete:
            name = curve_name(curve.multiverse.claim.id)
            drawings[name] = _write(specification_figure(curve), folder, name)
    return drawings


def _write(figure: Drawing, folder: Path, name: str) -> str:
    """Write a figure as SVG and PNG, and return it for the page."""
    svg = to_svg(figure)
    write_atomic(folder / f"{name}.svg", svg)
    write_atomic(folder / f"{name}.png", to_png(figure))
    return inline(svg, name)


def study_data(study: StudyPlan, profile: str, store: Store) -> Data:
    """Every number of the report of a profile's runs, finished or not.

    Raises:
        StoreError: if a run is damaged.
    """
    arms = study.arms(profile)
    return report_data(study, profile, arms, gather(arms, store), store)


def study_figure(study: StudyPlan, profile: str, store: Store, id: str) -> Drawing:
    """One figure of the report, by its id.

    Raises:
        StudyError: if there is none of that id.
        StoreError: if no run of it is finished, or one is damaged.
    """
    figures = {figure.id: figure for figure in study.figures}
    if id not in figures:
        raise StudyError(f"{study.path}: no figure {id!r}: there are {', '.join(figures)}")
    drawing = _draw(study, figures[id], gather(study.arms(profile), store), store)
    if drawing is None:
        raise StoreError(
            f"store {store.root} has no finished run of figure {id} of {study.name}, profile "
            f"{profile}"
        )
    return drawing


def study_curve(study: StudyPlan, store: Store, claim: str) -> Drawing:
    """The specification curve of a claim, by its id.

    Raises:
        StudyError: if the study has no multiverse of it.
        StoreError: if no universe of it is finished, or a run is damaged.
    """
    found = {curve.multiverse.claim.id: curve for curve in curves(study, store)}
    if claim not in found:
        raise StudyError(
            f"{study.path}: no multiverse of claim {claim!r}: there is one of "
            f"{', '.join(found) or 'none'}"
        )
    if not found[claim].complete:
        raise StoreError(
            f"{store} has no finished universe of claim {claim}; to train: "
            f"{run_command(study, store, multiverse=True)}"
        )
    return specification_figure(found[claim])


def _draw(
    study: StudyPlan, figure: Figure, runs: Mapping[str, ArmRuns], store: Store
) -> Drawing | None:
    """A figure, or None where no run of it is finished."""
    arms, kind = figure_arms(figure, runs), study.figure_kind(figure)
    if not any(finished_seeds(found) if kind.from_store else found.logs for found in arms):
        return None
    draw = attribute(kind.draw)
    drawing: Drawing = draw(arms, store) if kind.from_store else draw(arms)
    return drawing
