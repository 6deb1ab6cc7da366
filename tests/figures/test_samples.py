"""Figures of generated images draw those that they are given."""

import numpy as np

from assay.figures.grid import tile
from assay.figures.samples import interpolation_figure, samples_figure
from assay.figures.style import to_png, to_svg


def images(count: int, channels: int = 1, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, channels, 8, 8), dtype=np.uint8)


def test_figure_4_has_a_titled_panel_a_moment() -> None:
    panels = [("start: 0", images(25)), ("10,000", images(25, seed=1)), ("end", images(25, seed=2))]
    figure = samples_figure(panels)
    assert [ax.get_title("left") for ax in figure.axes] == [title for title, _ in panels]
    for ax, (_, given) in zip(figure.axes, panels, strict=True):
        np.testing.assert_array_equal(ax.images[0].get_array(), tile(given, 5))
    assert to_png(figure).startswith(b"\x89PNG")
    assert b"start: 0" in to_svg(figure)


def test_many_panels_go_into_rows() -> None:
    figure = samples_figure([(str(number), images(25, 3, number)) for number in range(7)])
    assert sum(bool(ax.images) for ax in figure.axes) == 7
    assert not any(ax.axison for ax in figure.axes)
    assert len({round(ax.get_position().y0, 3) for ax in figure.axes if ax.images}) == 2


def test_figure_5_has_a_labelled_row_a_path() -> None:
    rows = [("3 → 8,\nline", images(9)), ("great circle", images(9, seed=1))]
    figure = interpolation_figure(rows)
    drawn = [ax.images[0].get_array() for ax in figure.axes if ax.images]
    for found, (_, given) in zip(drawn, rows, strict=True):
        np.testing.assert_array_equal(found, tile(given, 9))
    assert [t.get_text() for ax in figure.axes for t in ax.texts] == [label for label, _ in rows]


def test_each_arm_has_a_block_under_its_name() -> None:
    panels = [(str(number), images(25, seed=number)) for number in range(7)]
    figure = samples_figure(panels, {0: "one", 5: "another arm"})
    shown = [
        text
        for ax in figure.axes
        for text in [*(each.get_text() for each in ax.texts), ax.get_title("left")]
        if text
    ]
    assert shown == ["one", "0", "1", "2", "3", "4", "another arm", "5", "6"]
    heights = [round(ax.get_position().y0, 3) for ax in figure.axes if ax.images]
    assert len(set(heights[:4])) == len(set(heights[5:])) == 1
    assert len(set(heights)) == 3
    rows = [(str(number), images(9, seed=number)) for number in range(4)]
    figure = interpolation_figure(rows, {0: "one", 2: "another arm"})
    heads = [(ax.images[0], t.get_text()) for ax in figure.axes if ax.images for t in ax.texts]
    assert [text for _, text in heads] == ["one", "another arm"]
    np.testing.assert_array_equal(heads[1][0].get_array(), tile(rows[2][1], 9))
