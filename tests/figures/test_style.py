import matplotlib as mpl
import numpy as np
import pytest

from assay.figures.curves import curves_figure
from assay.figures.labels import number, scientific, setting
from assay.figures.lines import Line, Lines
from assay.figures.style import INK, LOOKS, PAPER, to_png, to_svg


@pytest.fixture
def figure(make_arm, epoch_log):
    return lambda: curves_figure([make_arm([epoch_log([0.2, 0.4]), epoch_log([0.3, 0.5])])])


def test_the_same_figure_is_the_same_bytes(figure) -> None:
    first = figure()
    assert to_svg(first) == to_svg(first) == to_svg(figure())


def test_an_svg_has_no_date_and_its_text_is_text(figure) -> None:
    svg = to_svg(figure()).decode()
    assert "<dc:date>" not in svg
    assert "metadata" not in svg
    assert ">accuracy [%]</text>" in svg
    assert INK in svg
    assert PAPER in svg


def test_the_users_settings_do_not_matter_and_are_kept(figure) -> None:
    plain = to_svg(figure())
    with mpl.rc_context({"lines.linewidth": 9, "svg.fonttype": "path", "font.size": 30}):
        assert to_svg(figure()) == plain
        assert mpl.rcParams["lines.linewidth"] == 9


def test_a_figure_has_its_ticks_wherever_it_is_drawn(figure) -> None:
    drawn = figure()
    ticks = [list(ax.get_yticks()) for ax in drawn.axes]
    with mpl.rc_context({"ytick.labelsize": 60}):
        assert [list(ax.get_yticks()) for ax in drawn.axes] == ticks


def test_a_png_is_150_dots_an_inch(figure) -> None:
    content = to_png(figure())
    assert content.startswith(b"\x89PNG")
    width = int.from_bytes(content[16:20], "big")
    assert width == round(7.6 * 150)


def test_lines_are_told_apart_without_colour() -> None:
    assert len({str(look.line) for look in LOOKS}) == len(LOOKS)
    assert len({look.marker for look in LOOKS}) == len(LOOKS)
    assert {INK, PAPER}.isdisjoint(look.colour for look in LOOKS)


@pytest.mark.parametrize(
    ("value", "text"), [(1e-4, "1e-4"), (1e-2, "1e-2"), (2.5e-4, "2.5e-4"), (1.0, "1e0")]
)
def test_learning_rates(value, text) -> None:
    assert scientific(value) == text


def test_settings_as_text() -> None:
    assert setting("learning_rate", 1e-3) == "1e-3"
    assert setting("data_size", 100_000) == "100,000"
    assert setting("max_norm", 10.0) == "10"
    assert setting("flag", True) == "true"
    assert setting("cell", "rnn") == "rnn"
    assert setting("updates", None) == "none"


def test_a_median_keeps_every_x_of_every_seed() -> None:
    lines = Lines([Line.of([(1, 1.0), (2, None)]), Line.of([(2, 4.0), (3, None)])])
    assert lines.median.x.tolist() == [1, 2, 3]
    np.testing.assert_array_equal(lines.median.y, [1.0, 4.0, np.nan])
    assert Lines([Line.of([(1, None)])]).empty
    assert not lines.empty


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"),
        (0.5, "0.500"),
        (-12.0, "−12.0"),
        (99.97, "100"),
        (999.6, "1,000"),
        (4_996.0, "5,000"),
        (98_712.0, "98,700"),
        (0.002164, "0.00216"),
        (1.2e-6, "1.2e-6"),
        (3.2e12, "3.2e12"),
    ],
)
def test_numbers_have_three_digits(value, text) -> None:
    assert number(value) == text
