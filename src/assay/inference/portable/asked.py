"""Asking a network that was exported, from its file alone: no store, no data, no pickle."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from assay import models
from assay.config import RunConfig, is_plugin
from assay.errors import ConfigError, DataError
from assay.inference.generator import SAMPLES
from assay.inference.portable.about import KEY, About, Draws, Reads, named, needs
from assay.inference.predict import Prediction, predict
from assay.kinds.gan.trained import generator_config
from assay.kinds.memory.trained import memory_config
from assay.models.gan import NETWORKS
from assay.models.gan.latent import noise
from assay.models.pixels import at_once, to_bytes

Asked = Callable[..., Tensor]
_READ = (".safetensors", ".onnx")


def is_exported(name: str | Path) -> bool:
    """Whether a name is that of an exported file, and no run's."""
    return Path(name).suffix in (*_READ, ".pt2")


class Exported:
    """A trained network in a file that `Run.export` wrote.

    Attributes:
        path: the file.
        about: what it was: configuration, updates, and what goes in and comes out.

    Raises:
        DataError: if the file is not there, damaged, of a later version, or nothing that assay
            exported.
        ConfigError: if assay does not ask such files.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = file = Path(path)
        if not file.is_file():
            raise DataError(f"{file} is not there")
        if file.suffix not in _READ:
            raise ConfigError(
                f"{file}: torch.export.load reads such files, and may run code in them, so assay "
                f"does not: it reads {' and '.join(_READ)}"
            )
        self.about, self._network = (_onnx if file.suffix == ".onnx" else _weights)(file)

    @property
    def config(self) -> RunConfig:
        """The configuration of the run that it was."""
        return self.about.config

    def predict(self, digits: str) -> Prediction:
        """The network's answer to a string of digits.

        Raises:
            ConfigError: as `Run.predict`.
        """
        if not isinstance(self.about.form, Reads):
            raise ConfigError(f"{self.path}: a generator, which answers no digits")
        return predict(self._network, memory_config(self.config), self.about.form, digits)

    def sample(self, count: int = 25, seed: int = 0, digit: int | None = None) -> NDArray[np.uint8]:
        """Generated images (count, C, H, W), the same as those of the run.

        Raises:
            ConfigError: for a class, if it is told none or there is no such.
        """
        form = self.about.form
        if not isinstance(form, Draws):
            raise ConfigError(f"{self.path}: a recurrent network, which draws no images")
        if digit is not None and not 0 <= digit < form.classes:
            allowed = f"allowed are 0 to {form.classes - 1}" if form.classes else "it is told none"
            raise ConfigError(f"class {digit} of {self.path}: {allowed}")
        z_NZ = noise(seed, "latent", count, generator_config(self.config).latent_dim, SAMPLES)
        labels = None
        if form.classes:
            labels = torch.arange(count) % form.classes
            labels = labels if digit is None else torch.full((count,), digit)
        rows = torch.split(torch.arange(count), at_once(form.shape))
        with torch.no_grad():
            parts = [
                to_bytes(self._network(z_NZ[each], *([] if labels is None else [labels[each]])))
                for each in rows
            ]
        return torch.cat(parts).numpy()


def _weights(file: Path) -> tuple[About, Asked]:
    try:
        with safe_open(file, "pt") as found:
            about = About.of((found.metadata() or {}).get(KEY), str(file))
            tensors = {name: found.get_tensor(name) for name in found.keys()}  # noqa: SIM118 - no dictionary
    except (OSError, SafetensorError) as error:
        raise DataError(f"{file} is damaged: {error}") from None
    network = _built(about, file)
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        reason = str(error).splitlines()[-1].strip()
        raise DataError(f"{file} holds another network than it describes: {reason}") from None
    return about, network.eval()


def _built(about: About, file: Path) -> nn.Module:
    what, form = named(about), about.form
    if is_plugin(what):
        raise ConfigError(
            f"{file}: its network is own code, {what}, which is not in it: export it as onnx"
        )
    if isinstance(form, Draws):
        latent_dim = generator_config(about.config).latent_dim
        return NETWORKS[what](latent_dim, form.shape, form.classes).generator
    config = memory_config(about.config)
    return models.build(config, form.features, form.classes or 1, form.length)


def _onnx(file: Path) -> tuple[About, Asked]:
    needs("onnxruntime", f"reading {file}")
    session = _Session(file)
    return session.about, session


class _Session:
    """A program of ONNX, called as the network is."""

    def __init__(self, file: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = torch.get_num_threads()
        try:
            self._session = onnxruntime.InferenceSession(
                file.read_bytes(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime has a class of its own for every fault
            raise DataError(f"{file} is damaged: {str(error).splitlines()[0]}") from None
        found = self._session.get_modelmeta().custom_metadata_map
        self.about = About.of(found.get(KEY), str(file))

    @cached_property
    def _names(self) -> list[str]:
        return [each.name for each in self._session.get_inputs()]

    def __call__(self, *given: Tensor) -> Tensor:
        inputs: dict[str, Any] = {
            name: each.numpy() for name, each in zip(self._names, given, strict=True)
        }
        return torch.from_numpy(self._session.run(None, inputs)[0])
