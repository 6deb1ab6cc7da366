"""What is asked of a generator, on generators whose answers are known."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from assay.config import GanConfig
from assay.errors import ConfigError
from assay.inference.audit import audit
from assay.inference.generator import Pictures
from assay.inference.invert import invert
from assay.kinds.gan.trained import TrainedGenerator
from assay.metrics.extractor import Extractor, digits, pixels
from assay.metrics.features import Features
from assay.metrics.passage import Copies, copies, flat, passage
from assay.models.gan import NETWORKS
from assay.models.gan.generate import generate
from assay.models.gan.latent import noise
from assay.models.pixels import to_network
from assay.tasks.images import load_mnist


class Sheet(nn.Module):
    """An image whose pixels are the noise itself, squashed."""

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        return torch.tanh(z).view(-1, 1, 8, 8)


def real(count: int, seed: int = 0) -> Tensor:
    rng = np.random.default_rng(seed)
    return torch.from_numpy(rng.integers(0, 256, (count, 1, 8, 8), dtype=np.uint8))


def test_the_shipped_classifier_knows_digits() -> None:
    test = load_mnist().test
    assert test.labels is not None
    predicted = digits().probabilities(torch.from_numpy(np.array(test.images))).argmax(dim=1)
    right = float((predicted == torch.from_numpy(test.labels)).double().mean())
    assert right >= 0.993


def test_features_do_not_depend_on_the_batches() -> None:
    images = torch.from_numpy(np.array(load_mnist().test.images[:600]))
    whole = digits().features(images)
    parts = torch.cat([digits().features(part) for part in images.split(77)])
    torch.testing.assert_close(whole, parts, rtol=1e-4, atol=1e-4)
    assert whole.shape == (600, 128)


def test_pixel_features_are_coarse_gray() -> None:
    colour = torch.zeros(2, 3, 32, 32, dtype=torch.uint8)
    colour[0, 0] = 255
    features = pixels().features(colour)
    assert features.shape == (2, 256)
    torch.testing.assert_close(features[0], torch.full((256,), 1 / 3))
    assert pixels().features(real(3)).shape == (3, 64)


def test_generating_leaves_the_generator_as_it_was() -> None:
    torch.manual_seed(0)
    generator = NETWORKS["mlp"](10, (1, 8, 8), 0).generator
    before = {key: value.clone() for key, value in generator.state_dict().items()}
    images = generate(generator, noise(0, "latent", 300, 10))
    assert images.shape == (300, 1, 8, 8)
    assert images.dtype == torch.uint8
    assert generator.training
    assert all(torch.equal(before[key], value) for key, value in generator.state_dict().items())
    few = generate(generator, noise(0, "latent", 7, 10))
    assert int((few.int() - images[:7].int()).abs().max()) <= 1


def test_inversion_finds_a_noise_of_an_image_that_was_made() -> None:
    z = noise(1, "latent", 1, 64)
    target = generate(Sheet(), z)[0]
    found = invert(Sheet(), target, noise(2, "latent", 4, 64))
    assert found.distance < 12
    torch.testing.assert_close(generate(Sheet(), found.z[None])[0], found.image)
    difference = found.image.double() - target.double()
    assert found.distance == pytest.approx(float(difference.square().mean().sqrt()))
    poor = invert(Sheet(), target, noise(2, "latent", 4, 64), steps=3)
    assert poor.distance > found.distance


def test_inversion_of_a_trained_network_leaves_no_gradient() -> None:
    torch.manual_seed(0)
    generator = NETWORKS["mlp"](10, (1, 8, 8), 0).generator.eval()
    invert(generator, real(1)[0], noise(0, "latent", 2, 10), steps=5)
    assert all(weight.grad is None for weight in generator.parameters())


def test_an_audit_finds_copies_and_says_so() -> None:
    training, test = real(300, 1), real(100, 2)
    honest = audit(pixels(), real(200, 3), training, test)
    assert honest.pixels.copies <= 0.05
    assert "no sign" in honest.sentence
    repeated = torch.cat([training[:100], real(100, 4)])
    caught = audit(pixels(), repeated, training, test)
    assert caught.pixels.copies == pytest.approx(0.5, abs=0.05)
    assert "copies" in caught.sentence
    assert caught.pixels.samples[caught.pixels.closest].tolist() == [0.0] * 25
    for sample, partner in zip(caught.pixels.closest, caught.pixels.partners, strict=True):
        assert torch.equal(repeated[sample], training[partner])


def test_audit_distances_are_in_gray_levels() -> None:
    training = torch.zeros(30, 1, 8, 8, dtype=torch.uint8)
    samples = torch.full((25, 1, 8, 8), 10, dtype=torch.uint8)
    found = audit(pixels(), samples, training, training + 20)
    torch.testing.assert_close(found.pixels.samples, torch.full((25,), 10.0))
    assert found.pixels.limit == pytest.approx(20)


def halves() -> Extractor:
    """Two features, the means of the left and right half, and a class for the brighter one."""

    def batch(images: Tensor) -> tuple[Tensor, Tensor]:
        values = flat(images).view(-1, 8, 8)
        features = torch.stack([values[..., :4].mean((1, 2)), values[..., 4:].mean((1, 2))], dim=1)
        return features, features * 40

    return Extractor(Features("halves", "means of the halves", 2, sharp=True), batch)


def test_a_passage_from_left_to_right() -> None:
    left, right = torch.full((8, 8), -1.0), torch.full((8, 8), -1.0)
    left[:, :4], right[:, 4:] = 1.0, 1.0
    starts, ends = left.flatten().repeat(6, 1), right.flatten().repeat(6, 1)
    starts += 0.01 * torch.randn(6, 64, generator=torch.Generator().manual_seed(0))
    known = Copies(flat(real(50)), limit=0.0)
    found = passage(Sheet(), halves(), known, starts, ends)
    assert found["towards_end"] == 1.0
    assert found["end_classes"] == pytest.approx(1.0)  # there is no third class
    assert found["third_class"] == 0.0
    assert found["copies"] == 0.0
    assert found["drawn_norm"] == pytest.approx(8, rel=0.01)
    assert found["midpoint_norm"] < 1
    assert found["spherical_midpoint_norm"] == pytest.approx(8, rel=0.01)


def test_in_between_images_that_are_training_images_are_copies() -> None:
    z = noise(5, "latent", 4, 64)
    made = generate(Sheet(), z)
    known = copies(torch.cat([made, real(40, 6)]), real(30, 7))
    found = passage(Sheet(), pixels(), known, z, z)
    assert found["copies"] == 1.0
    assert "end_classes" not in found  # pixels know no classes


def test_without_two_classes_there_is_no_passage_between_them() -> None:
    z = noise(5, "latent", 4, 64)
    found = passage(Sheet(), halves(), Copies(flat(real(20)), 0.0), z, z)
    assert "towards_end" not in found


class Lookup(nn.Module):
    """A generator that knows real digits: the noise picks one."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("digits", torch.from_numpy(np.array(load_mnist().test.images)))

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        chosen = (z[:, 0].abs() * 1e4).long() % 10_000
        return to_network(self.digits[chosen])  # type: ignore[index]


def test_ends_are_chosen_by_digit() -> None:
    trained = TrainedGenerator(Lookup().eval(), GanConfig(), 0, load_mnist())
    pictures = Pictures(trained)
    images = torch.from_numpy(pictures.interpolate(7, "linear", 4, (0, 1), (3, 8)))
    assert images.shape == (4, 9, 1, 28, 28)
    for place, digit in ((0, 3), (8, 8)):
        assert (digits().probabilities(images[:, place]).argmax(dim=1) == digit).all()
    sevens = torch.from_numpy(pictures.sample(30, 5, 7))
    assert (digits().probabilities(sevens).argmax(dim=1) == 7).all()
    again = torch.from_numpy(pictures.sample(30, 5, 7))
    assert torch.equal(sevens, again)
    with pytest.raises(ConfigError, match="class 11: allowed are 0 to 9"):
        pictures.interpolate(7, "linear", 1, (0, 1), (11, 3))


class OnlyOnes(Lookup):
    """A generator that makes nothing but ones."""

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        one = int(np.flatnonzero(load_mnist().test.labels == 1)[0])
        return to_network(self.digits[[one] * len(z)])  # type: ignore[index]


def test_a_digit_that_is_never_made_is_told() -> None:
    pictures = Pictures(TrainedGenerator(OnlyOnes().eval(), GanConfig(), 0, load_mnist()))
    with pytest.raises(ConfigError, match="among 10,000 samples the classifier takes 0 for 4"):
        pictures.sample(3, 0, 4)
