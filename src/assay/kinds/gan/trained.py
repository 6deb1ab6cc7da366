"""A trained generator, taken out of its run."""

import hashlib
from dataclasses import dataclass

from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor, nn

from assay.config import GanConfig, RunConfig
from assay.errors import CheckpointError, ConfigError
from assay.kinds.gan.training import build_pair, calibration
from assay.kinds.image_data import image_split
from assay.kinds.weights import below, load_weights
from assay.models.gan.generate import calibrated
from assay.store import RunFolder
from assay.tasks.images import ImageSplit
from assay.training import checkpoint


@dataclass(frozen=True)
class TrainedGenerator:
    """A generator in evaluation mode, after how many updates, and the images it learnt from."""

    network: nn.Module
    config: GanConfig
    update: int
    images: ImageSplit


def load_generator(folder: RunFolder, update: int | None = None) -> TrainedGenerator:
    """The generator of a run, its running average if it has one.

    It is that of the newest checkpoint, or, with `update`, that of the snapshot after so many
    updates.

    Raises:
        ConfigError: if the run is no GAN.
        CheckpointError: if there is none, not at that update, it is damaged, or holds another
            network.
    """
    config = gan_config(folder)
    split = image_split(config)
    network = build_pair(config, split).generator
    if update is None:
        found = checkpoint.of_run(folder)
        prefix = "average/" if config.ema else "generator/"
        weights, update = below(prefix, found.tensors), found.step
    else:
        weights = _snapshot(folder, update)
    load_weights(network, weights, folder)
    if update == 0:
        network = calibrated(network, *calibration(config, split)).eval()
    return TrainedGenerator(network, config, update, split)


def gan_config(folder: RunFolder) -> GanConfig:
    """The configuration of a GAN's run.

    Raises:
        ConfigError: if it is of another kind.
    """
    return generator_config(folder.config_here())


def generator_config(config: RunConfig) -> GanConfig:
    """The configuration of a GAN.

    Raises:
        ConfigError: if it is of another kind.
    """
    if not isinstance(config, GanConfig):
        raise ConfigError(f"run {config.run_id} trains {config.kind!r}, and no generator")
    return config


def has_generator(config: RunConfig) -> bool:
    """Whether a run of this configuration trains a generator."""
    return isinstance(config, GanConfig)


def _snapshot(folder: RunFolder, update: int) -> dict[str, Tensor]:
    path = folder.artifact("snapshots", update, ".safetensors")
    if not path.exists():
        kept = sorted(int(item.stem) for item in path.parent.glob("[0-9]*.safetensors"))
        there = ", ".join(f"{step}" for step in kept) or "none"
        raise CheckpointError(
            f"run {folder.run_id} keeps no generator of update {update}: there are {there}"
        )
    written = {
        probe.update: probe.found.get("sha256")
        for probe in folder.metrics().probes
        if probe.name == "snapshots"
    }
    try:
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != written.get(update):
            raise CheckpointError(f"{path} is damaged: it is not what the run wrote")
        return load(content)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path} is damaged: {error}") from None
