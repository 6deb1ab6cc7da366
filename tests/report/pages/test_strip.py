"""The verdict strip on the page, as a browser shows it, and as a file of its own."""

import itertools
import re
import xml.etree.ElementTree as ET

import pytest
from markupsafe import Markup

from assay.figures.strip import strip_figure
from assay.figures.strip_rows import alternative
from assay.figures.style import INK, PAPER, to_svg
from assay.report.pages.html import environment
from assay.report.pages.strip import NAME, NARROW, strip_svg
from assay.report.pages.svg import inline
from tests.figures.made_up_strips import HOSTILE, every_word, many, odd, row
from tests.report.page import Page
from tests.report.pages.browser import chromium, measured

WIDE, PHONE = 1280, 390
CASES = {"one": [row()], "words": every_word(), "31": many(), "odd": odd()}
AROUND = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Strip</title>
<style>{% include "colours.css" %}{% include "report.css" %}{% include "strip.css" %}</style>
<main><h1>Strip</h1>{% include "strip.html.j2" %}</main></html>"""


def page(rows) -> str:
    """A page with the strip alone."""
    drawings = {
        name: Markup(inline(to_svg(strip_figure(rows, narrow=narrow, link=_link)), name))
        for name, narrow in ((NAME, False), (NARROW, True))
    }
    return (
        environment()
        .from_string(AROUND)
        .render(strip=rows, strip_alternative=alternative(rows), drawings=drawings)
    )


def _link(claim: str) -> str:
    return f"#claim-{claim}"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("case", CASES)
def test_a_browser_shows_it_at_any_width(case, dark, tmp_path) -> None:
    chromium()
    for width, found in zip(
        (WIDE, PHONE),
        measured(page(CASES[case]), [WIDE, PHONE], tmp_path, dark=dark),
        strict=True,
    ):
        assert found["dark"] is dark
        assert found["page"] == [width, width]  # nothing scrolls sideways
        assert found["scripts"] == found["focusable"] == 0
        (picture,) = found["pictures"]  # one of the two
        left, _, right, _ = picture
        assert 0 <= left < right <= width
        assert right - left > (1_000 if width == WIDE else 340)
        for text in found["texts"]:
            assert text["size"] > 9.5, text
            assert text["contrast"] > 4.5, text
            assert left - 1 <= text["box"][0] <= text["box"][2] <= right + 1, text
        for mark in found["marks"]:
            assert mark["contrast"] > 3, mark
        for one, other in itertools.combinations(found["texts"], 2):
            assert not _overlap(one["box"], other["box"]), (one, other)


def _overlap(one, other) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    # Boxes of lines reach above and below what is drawn of them.
    return across > 1 and down > 0.35 * min(one[3] - one[1], other[3] - other[1])


def test_who_does_not_see_it_is_told_every_row() -> None:
    rows = every_word()
    found = Page(page(rows))
    assert alternative(rows) in found.text
    assert len(found.all("li")) == len(rows)
    for each in rows:
        assert each.spoken in found.text
    assert all(each["aria-hidden"] == "true" for each in found.all("svg"))


def test_titles_stay_text_in_the_page() -> None:
    found = Page(page(odd()))
    assert not found.all("script")
    assert not found.all("img")
    assert HOSTILE[0] in found.text
    assert all(each["tabindex"] == "-1" for each in found.all("a") if "#" in each["href"])


def test_a_name_leads_to_its_claim() -> None:
    found = Page(page([row(number=7)]))
    assert [each["href"] for each in found.all("a") if "#" in each["href"]] == ["#claim-C7"] * 2


@pytest.mark.parametrize("narrow", [False, True])
def test_a_file_has_the_readers_colours(narrow) -> None:
    svg = strip_svg(many(), narrow=narrow)
    ET.fromstring(svg)
    text = svg.decode()
    assert "prefers-color-scheme: dark" in text
    assert INK not in text.split("</style>")[-1]
    assert PAPER not in text.split("</style>")[-1]
    used = set(re.findall(r"var\((--\w+)\)", text))
    assert {"--ink", "--paper", "--blue", "--vermillion"} <= used
    assert all(text.count(f"{name}: #") == 2 for name in used)
    assert svg == strip_svg(many(), narrow=narrow)
