"""What holds for every registered pair of networks, and what is particular to each."""

import copy
import itertools
import math

import pytest
import torch
from torch import Tensor, nn

from assay.config.images import BUILT_IN_NETWORKS
from assay.errors import AssayError
from assay.models.average import average_into
from assay.models.gan import NETWORKS, Pair, own_pair
from assay.models.gan.batchnorm import batch_statistics, calibrate
from assay.models.gan.own import check_pair
from assay.plugins import Plugin

SHAPES = [(1, 28, 28), (3, 32, 32), (1, 8, 8), (3, 64, 64), (1, 24, 40)]
every_pair = pytest.mark.parametrize("name", NETWORKS)


def noise(count: int, latent_dim: int = 10) -> Tensor:
    return torch.randn(count, latent_dim, generator=torch.Generator().manual_seed(count))


def test_the_registry_holds_the_built_in_networks() -> None:
    assert tuple(NETWORKS) == BUILT_IN_NETWORKS


@every_pair
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("classes", [0, 3])
def test_a_pair_keeps_its_contract(name: str, shape: tuple[int, int, int], classes: int) -> None:
    torch.manual_seed(0)
    pair = NETWORKS[name](10, shape, classes)
    check_pair(pair, name, 10, shape, classes)
    labels = torch.arange(5) % classes if classes else None
    images = pair.generator(noise(5), labels)
    logits = pair.discriminator(images, labels)
    for network in (pair.generator, pair.discriminator):
        found = torch.autograd.grad(logits.sum(), list(network.parameters()), retain_graph=True)
        assert all(bool(gradient.isfinite().all()) for gradient in found)


@every_pair
def test_classes_matter_to_both_networks(name: str) -> None:
    torch.manual_seed(0)
    pair = NETWORKS[name](10, (1, 28, 28), 4)
    pair.generator.eval()
    if name == "dcgan":  # its weights begin so small that differences would drown
        for weights in pair.discriminator.parameters():
            nn.init.normal_(weights)
    first, second = torch.zeros(3, dtype=torch.int64), torch.full((3,), 2)
    z = noise(3)
    images = pair.generator(z, first)
    assert not torch.equal(images, pair.generator(z, second))
    assert not torch.equal(pair.discriminator(images, first), pair.discriminator(images, second))


@every_pair
def test_what_the_discriminator_says_of_an_image_does_not_depend_on_the_others(name: str) -> None:
    torch.manual_seed(0)
    pair = NETWORKS[name](10, (1, 28, 28), 0)
    images = pair.generator(noise(6)).detach()
    together = pair.discriminator(images)
    alone = torch.cat([pair.discriminator(image[None]) for image in images])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-6)


def test_the_mlp_pair_is_the_reports() -> None:
    pair = NETWORKS["mlp"](100, (1, 28, 28), 0)
    layers = [type(layer).__name__ for layer in pair.generator.layers]  # type: ignore[union-attr]
    middle = ["Linear", "BatchNorm1d", "LeakyReLU"]
    assert layers == ["Linear", "LeakyReLU", *middle * 3, "Linear", "Tanh"]
    widths = [100, 128, 256, 512, 1024, 784]
    linear = sum(a * b + b for a, b in itertools.pairwise(widths))
    normalised = sum(2 * width for width in (256, 512, 1024))
    assert count(pair.generator) == linear + normalised
    widths = [784, 512, 256, 1]
    assert count(pair.discriminator) == sum(a * b + b for a, b in itertools.pairwise(widths))
    slopes = {m.negative_slope for m in pair.generator.modules() if isinstance(m, nn.LeakyReLU)}
    slopes |= {
        m.negative_slope for m in pair.discriminator.modules() if hasattr(m, "negative_slope")
    }
    assert slopes == {0.2}
    bounds = [
        m.weight.abs().max() * math.sqrt(m.in_features)
        for m in pair.generator.modules()
        if isinstance(m, nn.Linear)
    ]
    assert all(0.9 < bound <= 1 for bound in bounds)  # PyTorch's default, U(±1/√n)


def count(network: nn.Module) -> int:
    return sum(weight.numel() for weight in network.parameters())


def test_dcgan_is_convolutional_and_refuses_odd_sizes() -> None:
    torch.manual_seed(0)
    pair = NETWORKS["dcgan"](100, (1, 28, 28), 0)
    kinds = [type(module) for module in pair.discriminator.modules()]
    assert nn.Conv2d in kinds
    assert not any(issubclass(kind, nn.BatchNorm2d) for kind in kinds)
    convolutions = [m for m in pair.generator.modules() if isinstance(m, nn.ConvTranspose2d)]
    assert len(convolutions) == 2
    assert float(convolutions[0].weight.detach().std()) == pytest.approx(0.02, rel=0.05)
    assert (
        len(
            [
                m
                for m in NETWORKS["dcgan"](9, (3, 64, 64), 0).generator.modules()
                if isinstance(m, nn.ConvTranspose2d)
            ]
        )
        == 3
    )
    with pytest.raises(AssayError, match="30 x 30"):
        NETWORKS["dcgan"](100, (1, 30, 30), 0)


@every_pair
def test_batch_statistics_leave_no_trace(name: str) -> None:
    torch.manual_seed(1)
    generator = NETWORKS[name](10, (1, 28, 28), 0).generator
    generator(noise(64))
    generator.eval()
    before = copy.deepcopy(generator.state_dict())
    with torch.no_grad():
        as_trained = copy.deepcopy(generator).train()(noise(9))
        with batch_statistics(generator):
            torch.testing.assert_close(generator(noise(9)), as_trained, rtol=0, atol=0)
    assert all(torch.equal(before[key], value) for key, value in generator.state_dict().items())
    assert not any(module.training for module in generator.modules())
    assert all(getattr(module, "track_running_stats", True) for module in generator.modules())


@every_pair
def test_calibrated_statistics_are_those_of_the_batch(name: str) -> None:
    torch.manual_seed(2)
    generator = NETWORKS[name](10, (1, 28, 28), 0).generator
    z = noise(500)
    with torch.no_grad():
        with batch_statistics(generator):
            expected = generator(z)
        calibrate(generator, z)
        generator.eval()
        # Running variances are unbiased and those of a batch are not: 500 to 499.
        torch.testing.assert_close(generator(z), expected, rtol=0.02, atol=5e-3)


def test_the_average_is_the_recursion_in_float64() -> None:
    torch.manual_seed(3)
    network = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    average = copy.deepcopy(network).requires_grad_(False)
    expected = {k: v.double().clone() for k, v in network.state_dict().items()}
    for step in range(20):
        network(torch.randn(8, 3))
        with torch.no_grad():
            for weight in network.parameters():
                weight.add_(torch.randn_like(weight))
        average_into(average, network, 0.9)
        for key, value in network.state_dict().items():
            expected[key] = 0.9 * expected[key] + 0.1 * value.double()
        assert int(average[1].num_batches_tracked) == step + 1  # type: ignore[arg-type]
    for key, value in average.state_dict().items():
        if value.is_floating_point():
            torch.testing.assert_close(value.double(), expected[key], rtol=1e-5, atol=1e-6)


OWN = """
from math import prod
import torch
from torch import nn

class Wrapped(nn.Sequential):
    def forward(self, x, labels=None):
        return super().forward(x)

def make(latent_dim, image_shape, classes, width=8):
    generator = Wrapped(nn.Linear(latent_dim, prod(image_shape)), nn.BatchNorm1d(prod(image_shape)),
                        nn.Tanh(), nn.Unflatten(1, image_shape))
    return generator, Wrapped(nn.Flatten(), nn.Linear(prod(image_shape), 1), nn.Flatten(0))

def swapped(**sizes):
    return tuple(reversed(make(**sizes)))

def loud(latent_dim, image_shape, classes):
    generator, discriminator = make(latent_dim, image_shape, classes)
    return Wrapped(generator, nn.Threshold(2, 5)), discriminator

def two_logits(latent_dim, image_shape, classes):
    return make(latent_dim, image_shape, classes)[0], Wrapped(
        nn.Flatten(), nn.Linear(prod(image_shape), 2))

def frozen(**sizes):
    generator, discriminator = make(**sizes)
    return generator.requires_grad_(False), discriminator

def single(**sizes):
    return make(**sizes)[0]

def broken(**sizes):
    raise RuntimeError("out of paint")
"""


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = tmp_path_factory.mktemp("own")
    (found / "own_pair_networks.py").write_text(OWN)
    return str(found)


def plugin(folder: str, target: str, options: dict[str, int]) -> Plugin:
    return Plugin(f"own_pair_networks:{target}", folder, "network", options)


def test_an_own_pair_is_built_and_left_as_it_was(folder: str) -> None:
    pair = own_pair(plugin(folder, "make", {"width": 9}), 5, (1, 8, 8), 0)
    assert isinstance(pair, Pair)
    assert int(pair.generator[1].num_batches_tracked) == 0  # type: ignore[index]


@pytest.mark.parametrize(
    ("target", "options", "message"),
    [
        ("make", {"depth": 3}, "unexpected keyword argument 'depth'"),
        ("make", {"classes": 3}, "network_options.classes"),
        ("swapped", {}, "failed on noise of shape (4, 5)"),
        ("loud", {}, "leave the range from -1 to 1"),
        ("two_logits", {}, "the discriminator gave shape (4, 2), and should give (4,)"),
        ("frozen", {}, "the generator has no weight that a gradient reaches"),
        ("single", {}, "should return two nn.Modules"),
        ("broken", {}, "RuntimeError: out of paint"),
        ("missing", {}, "cannot be loaded"),
    ],
)
def test_a_wrong_pair_is_told_in_one_sentence(
    folder: str, target: str, options: dict[str, int], message: str
) -> None:
    with pytest.raises(AssayError) as error:
        own_pair(plugin(folder, target, options), 5, (1, 8, 8), 0)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
