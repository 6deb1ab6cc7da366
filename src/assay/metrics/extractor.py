"""Features of images, in which generated and real ones are compared.

Digits of MNIST are seen through assay's own classifier, whose weights lie beside this file
(`make classifier` trains them again). Other images are seen as coarse gray pixels.

N: batch, C, H, W: channels, height and width, D: features, K: classes.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import torch
import torch.nn.functional as F
from safetensors.torch import load
from torch import Tensor

from assay.errors import DataError
from assay.metrics.features import DIGITS, PIXELS, Features
from assay.models.classifier import ImageClassifier
from assay.models.pixels import at_once, to_network

WEIGHTS = "digits.safetensors"
FACTS = "digits.json"
DIGITS_SHAPE = (1, 28, 28)
COARSE = 16


@dataclass(frozen=True)
class Extractor:
    """From images (N, C, H, W) uint8 to features (N, D) float32, in batches.

    Attributes:
        sees: what the features are.
    """

    sees: Features
    _batch: Callable[[Tensor], tuple[Tensor, Tensor | None]]

    def batches(self, images_NCHW: Tensor) -> Iterator[tuple[Tensor, Tensor | None]]:
        """Features (N, D) and, where it classifies, logits (N, K), batch by batch."""
        with torch.no_grad():
            for part in torch.split(images_NCHW, at_once(images_NCHW.shape[1:])):
                yield self._batch(part)

    def features(self, images_NCHW: Tensor) -> Tensor:
        """Features (N, D) of all images."""
        return torch.cat([features for features, _ in self.batches(images_NCHW)])

    def probabilities(self, images_NCHW: Tensor) -> Tensor:
        """Class probabilities (N, K).

        Raises:
            DataError: if the extractor does not classify.
        """
        logits = [found for _, found in self.batches(images_NCHW) if found is not None]
        if not logits:
            raise DataError(f"features {self.sees.name!r} know no classes: allowed is MNIST")
        return torch.cat(logits).softmax(dim=1)


@lru_cache(maxsize=1)
def digits() -> Extractor:
    """The classifier of MNIST's digits: D = 128 activations of its last hidden layer, K = 10.

    Raises:
        DataError: if its weights are damaged.
    """
    folder = resources.files("assay.metrics") / "weights"
    try:
        content = (folder / WEIGHTS).read_bytes()
        facts = json.loads((folder / FACTS).read_bytes())
        whole = hashlib.sha256(content).hexdigest() == facts["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise DataError(f"{WEIGHTS} in the package, or {FACTS}, is damaged: install assay again")
    with torch.random.fork_rng(devices=[]):  # the weights it is made with are drawn, and not used
        network = ImageClassifier(DIGITS_SHAPE, DIGITS.classes)
    network.load_state_dict(load(content), strict=False)
    network.eval()

    def batch(images: Tensor) -> tuple[Tensor, Tensor]:
        features = network.features(to_network(images))
        return features, network.readout(features)

    return Extractor(DIGITS, batch)


def pixels() -> Extractor:
    """Gray values in [0, 1] of the image made coarse: at most 16 by 16, so D is at most 256."""

    def batch(images: Tensor) -> tuple[Tensor, None]:
        gray = images.float().div_(255).mean(dim=1, keepdim=True)
        size = (min(COARSE, gray.shape[2]), min(COARSE, gray.shape[3]))
        return F.adaptive_avg_pool2d(gray, size).flatten(1), None

    return Extractor(PIXELS, batch)


EXTRACTORS: dict[Features, Callable[[], Extractor]] = {DIGITS: digits, PIXELS: pixels}
