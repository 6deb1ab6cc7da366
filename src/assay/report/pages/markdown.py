"""The report's text in Markdown, as notebooks have it."""

import re
from functools import cache
from typing import Any

from jinja2 import Template
from markupsafe import Markup

from assay.errors import StudyError, one_line
from assay.kinds.gan.outcomes import OUTCOMES
from assay.report.data.report import ReportData
from assay.report.data.table import ANSWERS, shown_qualities
from assay.report.pages.html import environment
from assay.report.pages.strip import NAME
from assay.report.words.figures import (
    QUALITY_HEADINGS,
    alternative,
    caption,
    curve_name,
    figure_name,
    left_out,
)

SETTINGS = (
    ("assumed", "Settings that the report leaves open", "why it is filled in like this"),
    ("reported", "Settings that the report states", "where"),
)
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~&])")
# What would begin a list, a rule, or make a heading of the line above.
_START = re.compile(r"^(\d*)([-+=.)])(?=[-= ]|$)")


class Markdown(str):
    """Text that a notebook renders, and that is well read as it is."""

    def __repr__(self) -> str:
        return str(self)

    def _repr_markdown_(self) -> str:
        return str(self)


def sections(data: ReportData) -> Any:
    """The macros of `notebook.md.j2` for `page_data`, each a section of the report."""
    return _template().make_module(
        {
            **vars(data),
            "answers": ANSWERS,
            "qualities": {name: OUTCOMES[name] for name in shown_qualities(data.generators)},
            "headings": QUALITY_HEADINGS,
        }
    )


def markdown_page(data: ReportData, pictures: set[str]) -> str:
    """The whole report, with links to pictures of those names in `figures/`."""
    text = sections(data)

    def picture(name: str, words: str) -> list[str]:
        return [f"![{_escaped(words)}](figures/{name}.png)"] if name in pictures else []

    found = [text.head(), *picture(NAME, "Verdict strip: a row per claim, a mark per seed")]
    if data.claims:
        found.append("## Claims")
    for each in data.claims:
        found += [text.claim(each), *picture(curve_name(each.id), f"{each.id} over its universes")]
    found += ["## Figures"] if data.figures else []
    for figure in data.figures:
        found.append(text.figure(figure, caption(figure, data)))
        found += picture(figure_name(figure.id), alternative(figure, data))
    if left_out(data.figures):
        found.append(left_out(data.figures))
    found += [tables(data), *_settings(data, text), text.reproduce()]
    return "\n\n".join(str(each).strip() for each in found if str(each).strip()) + "\n"


def _settings(data: ReportData, text: Any) -> list[str]:
    return [
        text.settings_of(name, title, reason)
        for name, title, reason in SETTINGS
        if getattr(data.settings, name)
    ]


def tables(data: ReportData) -> Markdown:
    """Memory horizons, Table 1, of sequences, and Table 2, of generators, where it has them."""
    module = sections(data)
    found = [module.horizons_table()] if data.horizons else []
    found += [module.table_1()] if data.table else []
    found += [module.table_2()] if data.generators else []
    found += [module.other_table(table) for table in data.others]
    found += [module.noted()] if data.notices else []
    return Markdown("\n\n".join(map(str.strip, found)))


def claim(data: ReportData, id: str) -> Markdown:
    """One claim with its verdict and numbers.

    Raises:
        StudyError: if there is none of that id.
    """
    claims = {each.id: each for each in data.claims}
    if id not in claims:
        allowed = ", ".join(claims) or "none"
        raise StudyError(f"study {data.study.name}: no claim {id!r}: there are {allowed}")
    return Markdown(str(sections(data).claim(claims[id])).strip())


@cache
def _template() -> Template:
    return environment(finalize=_escaped).get_template("notebook.md.j2")


def _escaped(value: object) -> Markup:
    """A value as text that Markdown shows as it is, unless it is marked up already."""
    if isinstance(value, Markup):
        return value
    text = one_line(str(value)).strip()
    return Markup(_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text)))
