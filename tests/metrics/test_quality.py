"""Generated images against few, large or blurred real ones."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from assay.metrics.extractor import Extractor, digits, pixels
from assay.metrics.passage import Copies, copies, flat, passage
from assay.metrics.quality import quality, reference
from assay.models.gan.generate import calibration_noises, generated
from assay.models.pixels import at_once, to_bytes


def noise(count: int, shape: tuple[int, int, int] = (1, 28, 28), seed: int = 0) -> Tensor:
    rng = np.random.default_rng(seed)
    return torch.from_numpy(rng.integers(0, 256, (count, *shape), dtype=np.uint8))


@pytest.mark.parametrize("extractor", [pixels(), digits()], ids=["pixels", "digits"])
def test_how_the_images_come_in_parts_makes_no_difference(extractor: Extractor) -> None:
    against, images = reference(extractor, noise(60)), noise(500, seed=1)
    whole = quality(against, [images])
    assert whole["images"] == 500
    assert quality(against, images.split(250)) == whole
    for name, value in quality(against, images.split(77)).items():
        assert value == pytest.approx(whole[name], rel=1e-4), name


def test_where_blur_is_near_how_many_are_near_is_not_measured() -> None:
    assert "near" not in quality(reference(pixels(), noise(40)), [noise(20, seed=1)])
    found = quality(reference(digits(), noise(40)), [noise(40)])
    assert found["near"] == 1.0


def test_large_images_are_held_a_few_at_once() -> None:
    assert at_once((1, 28, 28)) == at_once((3, 32, 32)) == 250
    assert at_once((3, 128, 128)) == 15
    assert at_once((3, 512, 512)) == 1
    assert at_once((3, 2_000, 2_000)) == 1
    assert calibration_noises(28, 28) == calibration_noises(32, 32) == 1_024
    assert calibration_noises(64, 64) == 256
    assert calibration_noises(512, 512) == 64


def test_near_is_as_near_as_99_percent_of_real_images() -> None:
    images = noise(300)
    # Each image's distance to its nearest other one, pair by pair.
    features = digits().features(images).double().numpy()
    apart = np.linalg.norm(features[:, None] - features[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    limit = np.quantile(apart.min(axis=1), 0.99)
    against = reference(digits(), images)
    assert against.near == pytest.approx(limit, rel=1e-4)
    others = noise(200, seed=1)
    distances = np.linalg.norm(
        digits().features(others).double().numpy()[:, None] - features[None], axis=2
    )
    near = quality(against, [others])["near"]
    assert near == pytest.approx((distances.min(axis=1) <= limit).mean(), abs=0.006)


class Painting(nn.Module):
    """A generator whose noise is the image itself, (N, H·W) in [−1, 1]."""

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        return z.view(-1, 1, 28, 28)


def test_the_ends_of_a_passage_are_not_between_them() -> None:
    made = noise(40).flatten(1).float() / 127.5 - 1
    start, end = made[:20], made[20:]
    # What was trained on are the very ends: each image between them is 1.4 or more from both.
    known = Copies(flat(to_bytes(made.view(-1, 1, 28, 28))), limit=0.5)
    assert passage(Painting(), pixels(), known, start, end)["copies"] == 0.0
    # Of two ends that are the same, all between them is a copy.
    assert passage(Painting(), pixels(), known, start, start)["copies"] == 1.0


def test_a_class_of_an_end_is_not_counted_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each path the ends alone are of their classes, and all between of a third."""
    classes = torch.zeros(9, 10)
    classes[:, 5] = 1.0
    classes[0], classes[-1] = torch.eye(10)[3], torch.eye(10)[8]
    monkeypatch.setattr(
        Extractor, "probabilities", lambda self, images: classes.repeat(len(images) // 9, 1)
    )
    made = noise(8).flatten(1).float() / 127.5 - 1
    known = copies(noise(20), noise(20, seed=1))
    found = passage(Painting(), digits(), known, made[:4], made[4:])
    assert found["third_class"] == 1.0
    assert found["end_classes"] == 0.0


class Counting(nn.Module):
    """A generator that notes how many images it is asked for at once."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        self.asked.append(len(z))
        return torch.tanh(z[:, :1, None, None].expand(-1, 3, 64, 64))


def test_images_are_made_when_they_are_asked_for() -> None:
    generator = Counting()
    parts = generated(generator, torch.randn(100, 5), batch=30)
    assert next(parts).shape == (30, 3, 64, 64)
    assert generator.asked == [30]
    assert [len(part) for part in parts] == [30, 30, 10]


def test_large_images_are_compared_as_averages_of_their_parts() -> None:
    images = noise(20, (3, 64, 64))
    expected = images.double().div(255).reshape(20, 3, 32, 2, 32, 2).mean(dim=(3, 5)).flatten(1)
    torch.testing.assert_close(flat(images).double(), expected, rtol=1e-5, atol=1e-6)
    small = noise(20, (3, 32, 32))
    assert torch.equal(flat(small), small.flatten(1).float().div(255))


def test_a_passage_of_large_images_finds_copies_too() -> None:
    generator, z = Counting(), torch.linspace(-2, 2, 6)[:, None].expand(-1, 5)
    made = torch.cat(list(generated(generator, z)))
    known = copies(torch.cat([made, noise(30, (3, 64, 64))]), noise(20, (3, 64, 64), seed=1))
    assert passage(generator, pixels(), known, z, z, batch=15)["copies"] == 1.0
    assert max(generator.asked[1:]) == 15
