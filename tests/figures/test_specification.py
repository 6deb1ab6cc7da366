"""The specification curve draws every universe once, by its effect and its choices."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex

from assay.claims.multiverse import Curve, curves
from assay.config import MemoryConfig
from assay.figures.specification import LOOKS, specification_figure
from assay.figures.style import to_png, to_svg
from assay.store import Store
from assay.study import load_study
from tests.claims.made_up_universes import fill, write


def _time(run: MemoryConfig) -> int | None:
    """With Adam the RNN is faster; chrono's LSTM alone is never solved."""
    if run.initialisation == "chrono":
        return None
    fast = (run.cell == "lstm") == (run.optimizer == "rmsprop")
    return (100 if fast else 200) + 25 * run.seed


@pytest.fixture
def found(tmp_path: Path, store: Store) -> list[Curve]:
    path = write(tmp_path)
    fill(path, store, _time)
    return curves(load_study(str(path)), store)


@pytest.mark.parametrize("number", [0, 1])
def test_every_universe_is_drawn_in_order_with_its_choices(found, number) -> None:
    curve = found[number]
    above, below = specification_figure(curve).axes[:2]
    points = {
        (float(x), to_hex(line.get_color())): y
        for line in above.lines[1:]
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }
    ordered = sorted(curve.complete, key=lambda each: each.size)
    assert len(points) == len(ordered) == 8
    heights = [points[float(x), LOOKS[each.side].colour] for x, each in enumerate(ordered)]
    assert heights == sorted(heights)
    expected = [each.size for each in ordered]
    if number == 0:
        np.testing.assert_allclose(heights, 100 * np.array(expected))
    else:
        np.testing.assert_allclose(heights, expected)
        assert above.get_yticklabels()[0].get_text().startswith("1/")
    dots = sum(len(line.get_xdata()) for line in below.lines)
    assert dots == 8 * 3
    names = [label.get_text() for label in below.get_yticklabels()]
    assert names == ["linear", "chrono", "rmsprop", "adam", "standard", "as_reported"]
    hollow = [line for line in below.lines if line.get_markerfacecolor() == "none"]
    # The RNN has neither chrono, in 4 universes, nor the other form of equation 6, in 4.
    assert sum(len(line.get_xdata()) for line in hollow) == 8


def test_sides_are_told_by_colour_and_marker_and_counted(found) -> None:
    figure = specification_figure(found[1])
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "claimed side: 2",
        "other side: 6",
        "no difference: 0",
        "one arm lacks the value",
    ]
    assert len({look.colour for look in LOOKS.values()}) == 3
    assert len({look.marker for look in LOOKS.values()}) == 3


def test_the_same_curve_is_the_same_file(found) -> None:
    one, two = specification_figure(found[0]), specification_figure(found[0])
    assert to_svg(one) == to_svg(two)
    assert to_png(one).startswith(b"\x89PNG")
