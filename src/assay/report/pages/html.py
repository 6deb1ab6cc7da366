"""The report as one HTML page that needs no other file and no network."""

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assay.errors import printable
from assay.figures.curves import FEW_EPOCHS
from assay.figures.strip_rows import alternative as strip_alternative
from assay.kinds.gan.outcomes import OUTCOMES
from assay.report.data.report import ReportData
from assay.report.data.single import alone, asked, most_split
from assay.report.data.strip import strip_rows
from assay.report.data.table import ANSWERS, shown_qualities
from assay.report.pages.dots import dots
from assay.report.pages.reached import reached
from assay.report.pages.seeds import Drawn
from assay.report.words import (
    caveats,
    cells,
    horizons,
    links,
    missing,
    multiverse,
    numbers,
    single,
)
from assay.report.words.figures import (
    QUALITY_HEADINGS,
    alternative,
    caption,
    curve_name,
    figure_name,
    left_out,
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
    cells.counts,
    cells.css,
    cells.decisive,
    cells.effect,
    cells.effect_range,
    cells.evidence,
    cells.fragility,
    cells.in_points,
    cells.margin,
    cells.seeds,
    cells.tally,
    cells.verdict_word,
    caveats.day,
    links.claims_of,
    links.figures_of,
    missing.missing_short,
    multiverse.mean_text,
    single.alone_words,
    single.split_words,
)


SHOWN_FIGURES = 5
"""The drawings of more figures than these are behind a click, their captions before it."""


def render(data: ReportData, drawings: Mapping[str, str], films: Sequence[Drawn] = ()) -> str:
    """The page of `page_data`.

    Args:
        data: its numbers.
        drawings: the inlined SVG of each figure that has one, by its name.
        films: what each seed of generators draws.
    """
    template = environment().get_template("report.html.j2")
    rows = asked(data.claims)
    return template.render(
        **vars(data),
        lead=most_split(data.claims),
        films=films,
        asked_rows=rows,
        alone_rows=alone(rows),
        shown_figures=SHOWN_FIGURES,
        answers=ANSWERS,
        qualities={name: OUTCOMES[name] for name in shown_qualities(data.generators)},
        headings=QUALITY_HEADINGS,
        few_epochs=FEW_EPOCHS,
        strip=strip_rows(data.claims),
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
        **{"finalize": _shown, **options},
    )
    for function in (*_FILTERS, curve_name, dots, figure_name, left_out, passes_of, reached):
        made.filters[function.__name__] = function
    return made


def _shown(value: object) -> object:
    """A value for a page: what of a text would steer how it is shown is shown itself."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
