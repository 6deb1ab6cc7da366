import itertools
import xml.etree.ElementTree as ET

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from assay.figures.lettering import clip, text_width, wrap
from assay.figures.strip import strip_figure
from assay.figures.strip_layout import Form, place
from assay.figures.strip_rows import (
    alternative,
    axis_end,
    axis_powers,
    clean,
    lean,
    power_name,
    tally,
)
from assay.figures.style import PNG_DPI, to_png, to_svg
from tests.figures.made_up_strips import HOSTILE, NOT, SHOWN, every_word, many, odd, row, rows

CASES = {"none": [], "one": [row()], "words": every_word(), "31": many(), "odd": odd()}


@pytest.fixture(params=[False, True], ids=["wide", "narrow"])
def narrow(request) -> bool:
    return request.param


def boxes(figure) -> list[tuple[str, object]]:
    """Every text, and where it is."""
    figure.set_dpi(PNG_DPI)
    renderer = FigureCanvasAgg(figure).get_renderer()
    texts = [each for each in figure.axes[0].get_children() if isinstance(each, Text)]
    return [
        (each.get_text(), each.get_window_extent(renderer)) for each in texts if each.get_text()
    ]


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_drawn_upon_or_beyond_the_edge(case, narrow) -> None:
    figure = strip_figure(CASES[case], narrow=narrow)
    page = figure.bbox
    found = boxes(figure)
    for text, box in found:
        assert page.x0 <= box.x0 < box.x1 <= page.x1, text
        assert page.y0 <= box.y0 < box.y1 <= page.y1, text
    for (one, a), (other, b) in itertools.combinations(found, 2):
        over = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        # Letters' boxes reach above and below what is drawn of them.
        assert min(over) < 4, (one, other)


@pytest.mark.parametrize("case", CASES)
def test_marks_keep_clear_of_text_and_of_bars(case, narrow) -> None:
    form = Form.of(CASES[case], narrow=narrow)
    for each in place(CASES[case], form, 0.0):
        radius = form.pitch * 0.36
        for x, y in each.dots:
            assert not form.bars or x + radius < form.bar.left
            assert each.top < y - radius
            assert y + radius < each.bottom
            for piece in each.pieces:
                wide = text_width(piece.text, piece.size, bold=piece.bold)
                beside = x + radius < piece.x or piece.x + wide < x - radius
                apart = abs(piece.y - y) > radius + 0.35 * piece.size
                assert beside or apart, piece.text


@settings(max_examples=25, deadline=None)
@given(rows)
def test_whatever_is_in_it_every_row_has_its_place(rows) -> None:
    for narrow in (False, True):
        form = Form.of(rows, narrow=narrow)
        top = 0.0
        for each in place(rows, form, top):
            assert each.top == top
            top = each.bottom
            for piece in each.pieces:
                end = piece.x + text_width(piece.text, piece.size, bold=piece.bold)
                assert 0 <= piece.x <= end <= form.width, piece.text
                assert each.top < piece.y < each.bottom


def test_every_word_is_there_with_its_claim_and_note(narrow) -> None:
    texts = [text for text, _ in boxes(strip_figure(every_word(), narrow=narrow))]
    for each in every_word():
        assert each.id in texts
        assert each.word in texts
        assert each.note in texts
    assert "42 of 64" in texts


def test_what_is_decided_is_told_by_shape_as_well_as_by_colour() -> None:
    figure = strip_figure([row(), row("contrary"), row("partly supported")])
    sides = {line.get_marker(): line.get_color() for line in figure.axes[0].lines}
    used = {marker: colour for marker, colour in sides.items() if marker not in ("", "None")}
    assert len(used) == len({*used}) >= 5
    assert used["o"] != used["X"]


def test_titles_are_text(narrow) -> None:
    svg = to_svg(strip_figure(odd(), narrow=narrow, link=lambda id: f"#{id}"))
    read = ET.fromstring(svg)
    assert not [each for each in read.iter() if each.tag.endswith(("script", "img"))]
    assert b"<script" not in svg
    assert all(not name.startswith("on") for each in read.iter() for name in each.attrib)
    texts = "".join(each.text or "" for each in read.iter() if each.tag.endswith("text"))
    assert "$\\frac{1}{0}$" in texts
    assert HOSTILE[0] in texts


def test_the_same_rows_are_the_same_bytes_whatever_the_users_settings(narrow) -> None:
    first = to_svg(strip_figure(many(), narrow=narrow))
    with mpl.rc_context({"lines.markersize": 30, "axes.linewidth": 9, "font.size": 40}):
        assert to_svg(strip_figure(many(), narrow=narrow)) == first


def test_31_claims_are_a_picture_of_usual_size() -> None:
    wide, narrow = (strip_figure(many(), narrow=each).get_size_inches() for each in (False, True))
    assert wide[0] == pytest.approx(9.4, abs=0.1)
    assert wide[1] < 13
    assert narrow[0] == pytest.approx(3.7, abs=0.1)
    assert to_png(strip_figure([row()]))[:4] == b"\x89PNG"


def test_without_evidence_there_is_no_axis(narrow) -> None:
    texts = [text for text, _ in boxes(strip_figure([row("numbers only", note="")], narrow=narrow))]
    assert "for →" not in texts
    assert "numbers only" in texts


def test_evidence_is_a_power_of_ten_on_its_side() -> None:
    assert lean(1000, 0.01) == 3
    assert lean(0.01, 100) == -2
    assert lean(0.9, 0.2) == 0
    assert lean(float("inf"), 0) == float("inf")
    assert lean(float("nan"), 1) == 0


def test_the_axis_reaches_what_is_needed() -> None:
    assert axis_end([]) == axis_end([row(evidence=300.0, needed=None)]) == 3.3
    assert axis_end([row(needed=4.0)]) == 4.3
    assert axis_end([row(needed=float("inf"))]) == 3.3
    assert axis_end([row(needed=80.0)]) == 6.3
    assert list(axis_powers(3.3)) == [-3, -2, -1, 0, 1, 2, 3]
    assert power_name(3) == "1000"
    assert power_name(12) == "10¹²"


def test_a_row_in_words() -> None:
    claim = row(dots=[SHOWN, NOT], note="156 to 1")
    assert claim.spoken == ("C1, supported in 42 of 64 universes, 1 of 2 seeds show it, 156 to 1")
    assert row("not tested", seeds=0, note="").spoken == "C1, not tested, no seed"
    assert "as it was before: open" in row("open", restated=True).spoken


def test_verdicts_are_counted_without_what_was_restated() -> None:
    found = [row(), row(), row("open"), row("contrary", restated=True)]
    assert tally(found) == "2 supported, 1 open"
    assert alternative(found).startswith("Verdict strip of 3 claims: 2 supported, 1 open.")


def test_text_is_cut_to_fit() -> None:
    text = "On long inputs the LSTM ends higher"
    assert clip(text, 1_000, 9) == text
    assert clip(text, 60, 9).endswith("…")
    for width in (5, 40, 77):
        assert text_width(clip(text, width, 9), 9) <= max(width, text_width("…", 9)) + 0.02
    lines = wrap(text, 80, 9, 2)
    assert len(lines) == 2
    assert all(text_width(line, 9) <= 80.02 for line in lines)
    assert wrap(text, 1_000, 9, 2) == [text]
    assert wrap("", 10, 9, 2) == []


def test_a_line_has_no_control_characters() -> None:
    assert clean("a\nb\tc\x00\x1b[31m \ud800") == "a b c [31m"
    assert clean("2\xa0seeds") == "2\xa0seeds"
