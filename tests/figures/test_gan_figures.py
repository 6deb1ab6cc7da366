"""Figures of generators draw the numbers and images that they are given."""

import io
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from assay.claims.evidence import ArmRuns
from assay.config import GanConfig
from assay.figures.audit import audit_figure
from assay.figures.gan_curves import averaged, gan_curves_figure
from assay.figures.grid import columns_for, enlarged, film, grid_png, image_png, tile
from assay.figures.quality import quality_figure
from assay.figures.samples import interpolation_figure, samples_figure
from assay.figures.style import to_png, to_svg
from assay.inference.audit import Space
from assay.store.log import Alarm, Check, Line, Log, Probe
from assay.study import Arm


def images(count: int, channels: int = 1, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, channels, 8, 8), dtype=np.uint8)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_sheet_holds_every_image_in_its_place(channels: int) -> None:
    given = images(7, channels)
    sheet = tile(given, 3)
    assert sheet.shape[:2] == (3 * 10 + 2, 3 * 10 + 2)
    for place, image in enumerate(given):
        row, column = divmod(place, 3)
        part = sheet[2 + 10 * row : 10 + 10 * row, 2 + 10 * column : 10 + 10 * column]
        np.testing.assert_array_equal(part, image[0] if channels == 1 else image.transpose(1, 2, 0))


def test_pictures_can_be_opened_and_read_back() -> None:
    given = images(4)
    single = np.asarray(Image.open(io.BytesIO(image_png(given[0]))))
    np.testing.assert_array_equal(single, given[0, 0])
    grid = Image.open(io.BytesIO(grid_png(given, 2)))
    assert grid.width >= 500
    factor = grid.width // 22
    np.testing.assert_array_equal(np.asarray(grid)[::factor, ::factor], tile(given, 2))
    assert enlarged(tile(given, 2)).size == grid.size
    assert [columns_for(count) for count in (1, 2, 4, 5, 25, 26)] == [1, 2, 2, 3, 5, 6]


@pytest.mark.parametrize("format", ["GIF", "WEBP"])
def test_a_film_has_every_frame(format: str) -> None:
    frames = [images(4, seed=seed) for seed in range(5)]
    made = Image.open(io.BytesIO(film(frames, 2, format)))
    assert made.n_frames == 5  # type: ignore[attr-defined]
    assert made.format == format


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


def gan_log(seed: int = 0, checks: int = 40) -> list[Line]:
    rng = np.random.default_rng(seed)
    floor = {"frechet": 1.3, "near": 0.99, "coverage": 0.94, "isolated_pixels": 0.01}
    pure = {"frechet": 5000.0, "near": 0.0, "coverage": 0.0, "isolated_pixels": 0.1}
    log: list[Line] = [Probe(0, "quality_floor", {"floor": floor, "noise": pure})]
    for update in (0, 500, 2_000):
        values = rng.uniform(0.1, 0.9, 3).tolist()
        found = dict(zip(("near", "coverage", "isolated_pixels"), values, strict=True))
        log.append(Probe(update, "quality", {"frechet": 4000 / (1 + update), **found}))
    for number in range(1, checks + 1):
        names = ("generator_loss", "discriminator_loss", "accuracy_real", "accuracy_fake")
        check = dict(zip(names, rng.uniform(0, 1, 4).tolist(), strict=True))
        log.append(Check(50 * number, check))
    return log


def test_many_checks_are_averaged_and_few_are_not() -> None:
    log = Log(tuple(gan_log()))
    raw = [check.measures["generator_loss"] for check in log.checks]
    few = averaged(log, "generator_loss")
    assert few.y.tolist() == raw
    assert few.x.tolist() == [50 * number for number in range(1, 41)]
    coarse = averaged(log, "generator_loss", points=7)
    assert coarse.y[0] == pytest.approx(np.mean(raw[:6]))
    assert coarse.x[0] == 300
    assert len(coarse.x) == 7


def test_losses_and_accuracies_of_every_seed_are_drawn(make_arm) -> None:
    logs = [gan_log(0), gan_log(1), gan_log(2)]
    logs[0].append(Alarm(400, "samples collapsed"))
    figure = gan_curves_figure([make_arm(logs)])
    left, right = figure.axes
    assert left.get_ylabel() == "loss [nats]"
    assert "[%]" in right.get_ylabel()
    assert len(left.get_lines()) == 2 * (3 + 1)
    medians = [line for line in left.get_lines() if line.get_label() == "generator"]
    expected = np.median([averaged(Log(tuple(log)), "generator_loss").y for log in logs], axis=0)
    np.testing.assert_allclose(medians[0].get_ydata(), expected)
    alarms = [line for line in right.get_lines() if line.get_label() == "alarm"]
    assert list(alarms[0].get_xdata()) == [400]
    assert right.get_xlabel() == "iterations"


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


def test_an_audit_shows_distances_and_pairs() -> None:
    rng = torch.Generator().manual_seed(0)
    space = Space(
        torch.rand(60, generator=rng) + 1,
        torch.rand(80, generator=rng) + 0.5,
        torch.arange(25),
        torch.arange(25),
    )
    samples, partners = images(25), images(25, seed=1)
    figure = audit_figure(space, space, samples, partners)
    assert "gray levels of 255" in figure.axes[0].get_xlabel()
    drawn = [ax.images[0].get_array() for ax in figure.axes if ax.images]
    np.testing.assert_array_equal(drawn[0], tile(np.concatenate([samples[:13], partners[:13]]), 13))
    limits = [line for line in figure.axes[0].get_lines() if "1 %" in str(line.get_label())]
    assert limits[0].get_xdata()[0] == pytest.approx(space.limit)  # type: ignore[index]


def losses(values: list[float]) -> list[Line]:
    names = ("discriminator_loss", "accuracy_real", "accuracy_fake")
    return [
        Check(number, {"generator_loss": value, **dict.fromkeys(names, 0.5)})
        for number, value in enumerate(values, start=1)
    ]


def gan_arm(logs: list[list[Line]], title: str = "A", **settings: Any) -> ArmRuns:
    config = GanConfig(**settings)
    arm = Arm("experiment", title, {"title": title}, config, len(logs), config)
    return ArmRuns(arm, list(range(len(logs))), [Log(tuple(lines)) for lines in logs], [])


def own(data: str, size: int) -> dict[str, Any]:
    return {"task": "images", "data": data, "data_sha256": "0" * 64, "image_size": size}


@pytest.mark.parametrize(
    ("loss", "unit"),
    [
        ("wgan_gp", "loss"),
        ("r3gan", "loss"),
        ("my:Loss", "loss"),
        ("minimax", "loss [nats]"),
        ("non_saturating", "loss [nats]"),
    ],
)
def test_an_axis_of_losses_holds_all_of_them(loss: str, unit: str) -> None:
    negative = gan_arm([losses([-6.8, -8.2, 0.5]), losses([-0.7, -9.5, 1.0])], loss=loss)
    positive = gan_arm([losses([0.7, 0.9, 3.0])], loss=loss)
    figure = gan_curves_figure([negative, positive])
    left, other = figure.axes[0], figure.axes[2]
    assert left.get_ylim()[0] < -9.5
    assert left.get_ylim()[1] > 1.0
    assert other.get_ylim()[0] == 0
    assert left.get_ylabel() == unit


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
