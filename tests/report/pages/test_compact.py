"""Fewer bytes for the same drawing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.report.pages.compact import compact

NUMBERS = st.integers(-500_000_000, 500_000_000).map(lambda value: value / 1e6)
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=30)


def points(path: str) -> list[tuple[float, float]]:
    """The places that a compact path goes to."""
    start, steps = path[1:].split("l")
    x, y = map(float, start.split(" ") if " " in start else re.findall(r"-?[\d.]+", start))
    found = [(x, y)]
    numbers = list(map(float, re.findall(r"-?[\d.]+", steps)))
    for across, down in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + across, y + down
        found.append((x, y))
    return found


@given(POINTS)
def test_a_line_goes_where_it_went(given_points) -> None:
    path = "M " + " \nL ".join(f"{x:.6f} {y:.6f}" for x, y in given_points)
    found = re.search(' d="([^"]*)"', compact(f'<path id="a" d="{path}"/>'))
    assert found
    for (x, y), (other_x, other_y) in zip(given_points, points(found[1]), strict=True):
        assert other_x == pytest.approx(x, abs=0.06)
        assert other_y == pytest.approx(y, abs=0.06)


def test_what_is_referred_to_keeps_its_name() -> None:
    svg = '<g id="a">\n <path id="b" d="M 1 2"/>\n <use href="#b" x="1.23456"/></g>'
    assert compact(svg) == '<g><path id="b" d="M1 2"/><use href="#b" x="1.23"/></g>'


def test_text_keeps_its_blanks() -> None:
    assert compact("<text>0.123456 of  it</text>") == "<text>0.123456 of  it</text>"
