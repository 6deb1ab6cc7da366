"""What can be asked of one run in a store."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.config import RunConfig, kind_named
from assay.consent import require
from assay.plugins import code_of, own_code
from assay.store import DEFAULT_STORE, Record, RunFolder, Store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import nn

    from assay.inference.generator import AuditedSamples, Pictures
    from assay.inference.invert import Inversion
    from assay.inference.portable import Format
    from assay.inference.predict import Prediction
    from assay.kinds.memory.trained import Trained
    from assay.models.gan.latent import Path as LatentPath
    from assay.tasks.images import ImageData


class Run:
    """One run in a store, by the beginning of its id or by its folder.

    `near` is a folder in which its own data and modules may be, should the project have been moved.
    """

    def __init__(
        self,
        id_or_path: str,
        store: str | Path | Store = DEFAULT_STORE,
        near: str | Path | None = None,
    ) -> None:
        found = store if isinstance(store, Store) else Store(store)
        self.folder: RunFolder = found.find(id_or_path)
        if near is not None:
            self.folder.near = Path(near)
        self.config: RunConfig = self.folder.config()

    @property
    def status(self) -> str:
        """finished, diverged, failed or unfinished."""
        return self.folder.status

    @property
    def record(self) -> Record | None:
        """How it ended, or None."""
        return self.folder.record()

    @property
    def task(self) -> str:
        """What it was trained on, if it is a recurrent network; of others there is no such task."""
        from assay.kinds.memory.trained import memory_config

        return memory_config(self.config).task

    def metrics(self) -> list[dict[str, Any]]:
        """The lines of its metrics log, as `docs/reference/formats.md` has them."""
        return [line.line() for line in self.folder.metrics().lines]

    def predict(self, digits: str) -> "Prediction":
        """The trained network's answer to a string of digits."""
        from assay.inference.predict import predict

        with self._own_code():
            trained = self._trained
            return predict(trained.network, trained.config, trained.data, digits)

    def sample(
        self, count: int = 25, seed: int = 0, digit: int | None = None, update: int | None = None
    ) -> "NDArray[np.uint8]":
        """Generated images (count, C, H, W), of one class if `digit` is given.

        `update` takes the generator as it was after so many updates, where the run kept it.
        """
        with self._own_code():
            return self._pictures(update).sample(count, seed, digit)

    def interpolate(
        self,
        steps: int = 7,
        path: "LatentPath" = "linear",
        rows: int = 1,
        seeds: tuple[int, int] = (0, 1),
        digits: tuple[int, int] | None = None,
        update: int | None = None,
    ) -> "NDArray[np.uint8]":
        """Images (rows, steps + 2, C, H, W) between pairs of noises, both ends included.

        The ends are drawn from two seeds, and with `digits` so that the classifier takes their
        images for those two.
        """
        with self._own_code():
            return self._pictures(update).interpolate(steps, path, rows, seeds, digits)

    def invert(
        self,
        images: Sequence["str | Path | NDArray[np.uint8]"],
        steps: int = 7,
        path: "LatentPath" = "linear",
        seed: int = 0,
    ) -> tuple[list["Inversion"], "NDArray[np.uint8]"]:
        """The noise whose image is nearest to each of one or two, files or arrays (C, H, W).

        Also returns images (K, C, H, W): of one, it and the nearest image found; of two, the first,
        the way between the nearest images, and the second.
        """
        with self._own_code():
            pictures = self._pictures(None)
            given = [pictures.given(image) for image in images]
            return pictures.reconstruct(given, steps, path, seed)

    def audit(self, count: int = 1_000, seed: int = 0) -> "AuditedSamples":
        """Whether generated images repeat those of the training."""
        with self._own_code():
            return self._pictures(None).audit(count, seed)

    def grids(self) -> list[tuple[int, "NDArray[np.uint8]"]]:
        """The grids of samples of one noise over the training: update, and images (25, C, H, W)."""
        from assay.store.samples import grids

        return grids(self.folder)

    def held_out(self) -> "ImageData":
        """The real images that the generator was not trained on, and their classes if known."""
        from assay.kinds.gan.trained import gan_config
        from assay.kinds.image_data import image_split

        return image_split(gan_config(self.folder)).test

    def export(
        self,
        format: "Format" = "safetensors",
        path: str | Path | None = None,
        update: int | None = None,
    ) -> Path:
        """Write its trained network to one file, and return that: `exports/<run id>` if not given.

        `update` takes the generator as it was after so many updates. `assay.Exported` opens
        safetensors and ONNX.
        """
        from assay.inference.portable import SUFFIXES, write_exported

        named = Path("exports", f"{self.folder.run_id}{SUFFIXES[format]}")
        target = named if path is None else Path(path)
        with self._own_code():
            write_exported(self, format, target, update)
        return target

    @property
    def network(self) -> "nn.Module":
        """The trained network in evaluation mode: of a GAN, its generator."""
        network: nn.Module = kind_named(self.config.kind).network(self.folder)
        return network

    def _own_code(self) -> AbstractContextManager[None]:
        require(code_of([self.folder.config_here()]))
        return own_code(self.config.plugins, f"as run {self.folder.run_id} was asked")

    def _pictures(self, update: int | None) -> "Pictures":
        from assay.inference.generator import Pictures
        from assay.kinds.gan.trained import load_generator

        return Pictures(load_generator(self.folder, update))

    @cached_property
    def _trained(self) -> "Trained":
        from assay.kinds.memory.trained import load_trained

        return load_trained(self.folder)
