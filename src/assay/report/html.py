"""The report as one HTML page that needs no other file and no network."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assay.claims.outcomes import OUTCOMES
from assay.figures.curves import FEW_EPOCHS
from assay.report import horizons, multiverse_words, verdict_words, words
from assay.report.notes import passes_of
from assay.report.plain import Data
from assay.report.table import ANSWERS, QUALITIES
from assay.report.text import QUALITY_HEADINGS, alternative, caption, curve_name, figure_name

_FILTERS = (
    words.amount,
    words.changed,
    words.count,
    words.duration,
    words.censored,
    words.each,
    words.facts,
    words.finding,
    words.measure,
    words.median,
    words.runs,
    words.setting_text,
    words.spread,
    words.test,
    horizons.estimate_words,
    horizons.interval_words,
    verdict_words.decisive,
    verdict_words.effect,
    verdict_words.interval,
    verdict_words.p_value,
    verdict_words.seeds,
    multiverse_words.median_text,
)


def render(data: Data, drawings: Mapping[str, str]) -> str:
    """The page of `report_data`, with the inlined SVG of each figure that has one, by its id."""
    template = environment().get_template("report.html.j2")
    return template.render(
        **data,
        answers=ANSWERS,
        qualities={name: OUTCOMES[name] for name in QUALITIES},
        headings=QUALITY_HEADINGS,
        few_epochs=FEW_EPOCHS,
        drawings={figure: Markup(svg) for figure, svg in drawings.items()},
        captions={figure["id"]: caption(figure, data) for figure in data["figures"]},
        alternatives={figure["id"]: alternative(figure, data) for figure in data["figures"]},
    )


def environment(**options: Any) -> Environment:
    """The report's templates, which print its numbers by filters."""
    made = Environment(
        loader=PackageLoader("assay.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    for function in (*_FILTERS, curve_name, figure_name, passes_of):
        made.filters[function.__name__] = function
    return made
