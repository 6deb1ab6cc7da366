"""A generator's latent noise depends on the seed alone, not on what its process did before."""

import pytest
import torch

from assay import streams
from assay.config import GanConfig, kind_named
from assay.metrics.extractor import digits
from assay.models.classifier import ImageClassifier


def test_loading_the_classifier_of_digits_draws_nothing() -> None:
    digits.cache_clear()
    before = torch.get_rng_state()
    digits()
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("seed", [0, 3])
@pytest.mark.parametrize("loaded", [False, True])
def test_the_noise_of_a_run_on_mnist_begins_where_it_always_did(seed: int, loaded: bool) -> None:
    digits.cache_clear()
    if loaded:
        digits()
    job = kind_named("gan").build(GanConfig(seed=seed, updates=2, batch_size=8))  # type: ignore[attr-defined]
    floor = next(probe for probe in job.probes if probe.name == "quality_floor")
    assert floor.updates == {0}
    digits()  # what that probe does first of all
    found = torch.get_rng_state()
    torch.manual_seed(streams.torch_seed(seed, "latent"))
    ImageClassifier((1, 28, 28), 10)
    assert torch.equal(found, torch.get_rng_state())
