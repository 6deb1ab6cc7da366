"""The report's text in Markdown, as notebooks have it."""

import re
from functools import cache
from typing import Any

from jinja2 import Template
from markupsafe import Markup

from assay.errors import StudyError
from assay.kinds.gan.outcomes import OUTCOMES
from assay.report.data.report import ReportData
from assay.report.data.table import ANSWERS, shown_qualities
from assay.report.pages.html import environment
from assay.report.words.figures import QUALITY_HEADINGS

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
    text = re.sub(r"\s*\n\s*", " ", str(value).strip())
    return Markup(_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text)))
