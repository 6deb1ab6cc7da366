"""Quality beside its floor."""

import pytest

from assay.figures.quality import quality_figure
from assay.store.log import Line, Probe
from tests.figures.made_up_gans import gan_arm, gan_log, own


def test_quality_is_drawn_beside_the_floor(make_arm) -> None:
    figure = quality_figure([make_arm([gan_log(0), gan_log(1)])])
    assert len(figure.axes) == 4
    ax = figure.axes[0]
    assert ax.get_yscale() == "log"
    assert "[squared feature distance]" in ax.get_ylabel()
    assert list(ax.get_lines()[0].get_ydata()) == [4000.0, 4000 / 501, 4000 / 2001]
    words = [text.get_text() for text in ax.texts]
    assert words == ["real images: 1.30", "pure noise: 5,000"]
    assert list(ax.get_lines()[0].get_xdata()) == [0, 500, 2_000]
    labels = [label.get_text() for label in ax.get_yticklabels(which="both")]
    assert {"10", "1,000"} <= set(labels)
    assert not any("$" in label for label in labels)


def test_images_of_each_kind_have_panels_and_a_floor_of_their_own() -> None:
    first, second, third = gan_log(0), gan_log(1), gan_log(2)
    second[0] = Probe(0, "quality_floor", {"floor": {"frechet": 0.9, "coverage": 0.8}, "noise": {}})
    arms = [
        gan_arm([first], "digits"),
        gan_arm([second], "small", **own("pics", 28)),
        gan_arm([third], "large", **own("pics", 32)),
    ]
    figure = quality_figure(arms)
    drawn = [ax for ax in figure.axes if ax.axison]
    assert len(drawn) == 4 + 3 + 3
    titles = [ax.get_title("left") for ax in drawn if ax.get_title("left")]
    assert titles == ["MNIST", "pics, 28 × 28, gray", "pics, 32 × 32, gray"]
    floors = [ax.texts[0].get_text() for ax in drawn if ax.get_yscale() == "log"]
    assert floors == ["real images: 1.30", "real images: 0.900", "real images: 1.30"]
    near = [ax for ax in drawn if ax.get_ylabel().startswith("as near")]
    assert near == [drawn[1]]  # in coarse gray pixels a blurred image is near
    together = quality_figure([gan_arm([first], "a", **own("pics", 28)), arms[1]])
    assert len([ax for ax in together.axes if ax.axison]) == 3
    assert not any(ax.get_title("left") for ax in together.axes)


@pytest.mark.parametrize("values", [(1.7, 8.3), (3.4, 11.0), (2.1, 4.7), (0.5, 60.0)])
def test_a_short_axis_of_distances_has_numbers(values: tuple[float, float]) -> None:
    others = {"near": 0.5, "coverage": 0.5, "isolated_pixels": 0.1}
    log: list[Line] = [
        Probe(update, "quality", {"frechet": value, **others})
        for update, value in zip((0, 20), values, strict=True)
    ]
    ax = quality_figure([gan_arm([log])]).axes[0]
    low, high = ax.get_ylim()
    labels = [
        label.get_text()
        for tick, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
        if low <= tick <= high
    ]
    assert len(set(labels) - {""}) >= 2


@pytest.mark.parametrize("end", [40, 3_000, 187_600, 2_000_000])
def test_the_axis_of_quality_ends_where_the_training_does(end: int) -> None:
    found = {"frechet": 2.0, "near": 0.5, "coverage": 0.5, "isolated_pixels": 0.1}
    log: list[Line] = [Probe(update, "quality", found) for update in (0, end // 2, end)]
    ax = quality_figure([gan_arm([log])]).axes[0]
    low, high = ax.get_xlim()
    assert low == 0
    assert end <= high <= 2 * end
    ticks = [tick for tick in ax.get_xticks() if low <= tick <= high]
    assert len(ticks) >= 2
    assert ticks == list(ax.get_xticks())
