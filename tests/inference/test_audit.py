"""Copies of training images are found."""

import io

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from assay.inference.audit import audit
from assay.metrics.extractor import pixels


def real(count: int, seed: int = 0) -> Tensor:
    rng = np.random.default_rng(seed)
    return torch.from_numpy(rng.integers(0, 256, (count, 1, 8, 8), dtype=np.uint8))


def test_an_audit_finds_copies_and_says_so() -> None:
    training, test = real(300, 1), real(100, 2)
    honest = audit(pixels(), real(200, 3), training, test)
    assert honest.pixels.copies <= 0.05
    assert "no sign" in honest.sentence
    assert "made coarse" in honest.seen
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


def test_where_unseen_images_are_training_images_nothing_is_said_of_copies() -> None:
    training = real(60, 1)
    for test in (training[:10], torch.cat([training[:3], real(9, 2)])):
        honest = audit(pixels(), real(50, 3), training, test)
        assert honest.pixels.limit == 0
        assert "cannot be told" in honest.sentence
        assert "no sign" not in honest.sentence
        repeated = audit(pixels(), training[:50], training, test)
        assert repeated.pixels.copies == 1
        assert repeated.sentence.startswith("100.0% of the samples")
        assert "some are copies" in repeated.sentence


def saved_again(image: np.ndarray) -> np.ndarray:
    file = io.BytesIO()
    Image.fromarray(image).save(file, "jpeg", quality=75)
    return np.asarray(Image.open(file))


def changed(image: np.ndarray) -> np.ndarray:
    other = image.copy()
    other[3, 4] = 255 - other[3, 4]
    return other


@pytest.mark.parametrize("nearly", [saved_again, changed], ids=lambda each: each.__name__)
@pytest.mark.parametrize("colours", [(), (3,)], ids=["gray", "RGB"])
def test_unseen_images_that_are_nearly_training_images_are_named(nearly, colours) -> None:
    rng = np.random.default_rng(0)
    tints = rng.integers(0, 32, (130, 4, 4, *colours))
    grays = rng.integers(0, 224, (130, 4, 4)).reshape(130, 4, 4, *[1] * len(colours))
    tiles = (grays + tints).astype(np.uint8)
    pictures = tiles.repeat(6, axis=1).repeat(6, axis=2)  # about as smooth as photographs
    copies = np.stack([nearly(each) for each in pictures[:3]])

    def tensor(images: np.ndarray) -> Tensor:
        return torch.from_numpy(images.reshape(*images.shape[:3], -1)).permute(0, 3, 1, 2)

    training, samples = tensor(pictures[:60]), tensor(pictures[60:90])
    mixed = tensor(np.concatenate([copies, pictures[90:]]))
    found = audit(pixels(), samples, training, mixed)
    assert found.alike == pytest.approx(3 / 43)
    assert found.sentence.startswith("7.0% of the unseen real images are the same as a training")
    assert "cannot be told" in found.sentence
    clean = audit(pixels(), samples, training, tensor(pictures[90:]))
    assert clean.alike == 0
    assert "no sign" in clean.sentence
