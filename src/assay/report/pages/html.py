"""The report as one HTML page that needs no other file and no network."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assay.figures.curves import FEW_EPOCHS
from assay.figures.strip_rows import alternative as strip_alternative
from assay.kinds.gan.outcomes import OUTCOMES
from assay.report.data.report import ReportData
from assay.report.data.strip import strip_rows
from assay.report.data.table import ANSWERS, shown_qualities
from assay.report.words import caveats, cells, horizons, missing, multiverse, numbers
from assay.report.words.figures import (
    QUALITY_HEADINGS,
    alternative,
    caption,
    curve_name,
    figure_name,
)
from assay.report.words.notes import passes_of

_FILTERS = (
    numbers.amount,
    numbers.capital,
    numbers.changed,
    numbers.count,
    numbers.duration,
    numbers.censored,
    numbers.each,
    numbers.facts,
    numbers.measure,
    numbers.median,
    numbers.runs,
    numbers.setting_text,
    numbers.spread,
    numbers.test,
    horizons.estimate_words,
    horizons.interval_words,
    cells.asked_and_shown,
    cells.css,
    cells.decisive,
    cells.effect,
    cells.effect_range,
    cells.evidence,
    cells.fragility,
    cells.in_points,
    cells.seeds,
    cells.tally,
    cells.verdict_word,
    caveats.day,
    missing.missing_short,
    multiverse.mean_text,
)


def render(data: ReportData, drawings: Mapping[str, str]) -> str:
    """The page of `page_data`, with the inlined SVG of each figure that has one, by its name."""
    template = environment().get_template("report.html.j2")
    return template.render(
        **vars(data),
        answers=ANSWERS,
        qualities={name: OUTCOMES[name] for name in shown_qualities(data.generators)},
        headings=QUALITY_HEADINGS,
        few_epochs=FEW_EPOCHS,
        strip=strip_rows(data.claims),
        strip_files=True,
        strip_alternative=strip_alternative(strip_rows(data.claims)),
        drawings={name: Markup(svg) for name, svg in drawings.items()},
        captions={figure.id: caption(figure, data) for figure in data.figures},
        alternatives={figure.id: alternative(figure, data) for figure in data.figures},
    )


def environment(**options: Any) -> Environment:
    """The report's templates, which print its numbers by filters."""
    made = Environment(
        loader=PackageLoader("assay.report.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    for function in (*_FILTERS, curve_name, figure_name, passes_of):
        made.filters[function.__name__] = function
    return made
