"""Generating leaves no trace."""

import torch

from assay.models.gan import NETWORKS
from assay.models.gan.generate import generate
from assay.models.gan.latent import noise


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
