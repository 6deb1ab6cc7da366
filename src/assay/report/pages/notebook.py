"""The report as a Jupyter notebook: its text, and cells that draw its figures from the store.

The figures are in it already, so that it can be read without running it.
"""

import base64
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from assay.errors import ConfigError
from assay.figures.style import PNG_DPI
from assay.report.data.report import ReportData
from assay.report.pages.markdown import SETTINGS, sections
from assay.report.pages.strip import NAME
from assay.report.words.figures import caption, curve_name, figure_name
from assay.store import Store
from assay.store.archive import Archive
from assay.study import StudyPlan

_GO_ON = """
## Go on from here

`study.data(PROFILE)` has every number of this report, and `study.runs(PROFILE)` the runs: each
gives its metrics, and its predictions or images.
"""
_SCREEN_DPI = 100


@dataclass(frozen=True)
class Place:
    """How the notebook's own code opens the study, from the notebook's folder.

    Attributes:
        study: its name or file.
        names: what the code imports of assay.
        store: a keyword's value, in Python.
    """

    study: str
    names: str
    store: str

    @classmethod
    def of(cls, study: StudyPlan, store: Store, folder: Path) -> "Place":
        """For a notebook in `folder`."""
        named = study.name if study.shipped else _from(folder, study.path)
        if isinstance(store, Archive):
            return cls(named, "Archive, Study", f"Archive({_from(folder, store.source)!r})")
        return cls(named, "Study", repr(_from(folder, store.root)))


def check_nbformat() -> None:
    """See that notebooks can be written.

    Raises:
        ConfigError: if nbformat is not installed.
    """
    try:
        import nbformat.v4  # noqa: F401
    except ModuleNotFoundError:
        raise ConfigError(
            "format = 'ipynb' needs the package nbformat: install assay with its extra, "
            "assay[notebook], or nbformat alone"
        ) from None


def notebook(data: ReportData, drawings: Mapping[str, bytes], place: Place) -> bytes:
    """The notebook of `page_data`, with the PNG of each figure and curve that has one, by name."""
    import nbformat

    cells = _cells(data, drawings, place)
    for number, cell in enumerate(cells, start=1):
        cell["id"] = f"cell-{number}"  # random otherwise, and the same report never the same file
    made = nbformat.v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
    )
    nbformat.validate(made)
    text: str = nbformat.writes(made)
    return f"{text}\n".encode(errors="backslashreplace")


def _cells(data: ReportData, drawings: Mapping[str, bytes], place: Place) -> list[Any]:
    from nbformat.v4 import new_code_cell, new_markdown_cell

    text = sections(data)
    profile = data.profile.name
    setup = (
        "%matplotlib inline\n"
        f"from assay import {place.names}\n\n"
        f"PROFILE = {profile!r}\n"
        f"study = Study({place.study!r}, store={place.store})"
    )

    def say(words: str) -> None:
        cells.append(new_markdown_cell(words.strip()))

    def do(source: str, **fields: Any) -> None:
        cells.append(new_code_cell(source, **fields))

    cells: list[Any] = []
    say(text.head())
    do(setup)
    strip = drawings.get(NAME)
    if strip:
        do("study.strip(PROFILE)", outputs=[_shown(strip)])
    if data.horizons:
        say(text.horizons_table())
    if data.table:
        say(text.table_1())
    if data.generators:
        say(text.table_2())
    for table in data.others:
        say(text.other_table(table))
    if data.notices:
        say(text.noted())
    for figure in data.figures:
        say(text.figure(figure, caption(figure, data)))
        drawn = drawings.get(figure_name(figure.id))
        if drawn:
            do(f"study.figure({figure.id!r}, PROFILE)", outputs=[_shown(drawn)])
    if data.claims:
        say("## Claims")
    for claim in data.claims:
        say(text.claim(claim))
        curve = drawings.get(curve_name(claim.id))
        if curve:
            do(f"study.specification_curve({claim.id!r})", outputs=[_shown(curve)])
    for name, title, reason in SETTINGS:
        if getattr(data.settings, name):
            say(text.settings_of(name, title, reason))
    say(text.reproduce())
    say(_GO_ON)
    do("run = study.runs(PROFILE)[0]\nprint(run.config.label)\nrun.metrics()[-1]")
    return cells


def _shown(png: bytes) -> Any:
    """A picture as the output of a cell, as wide as the figure is meant to be."""
    from nbformat.v4 import new_output

    width, _ = Image.open(io.BytesIO(png)).size
    return new_output(
        "display_data",
        {"image/png": base64.b64encode(png).decode()},
        metadata={"image/png": {"width": round(width * _SCREEN_DPI / PNG_DPI)}},
    )


def _from(folder: Path, path: Path) -> str:
    """The way from a folder to a path; relative, so that both can be moved together."""
    return Path(os.path.relpath(path, folder)).as_posix()
