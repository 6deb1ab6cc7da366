"""From a configuration to built objects: data, networks, objective, schedule, probes."""

import torch

from assay import streams
from assay.config import ClassifierConfig, GanConfig, MemoryConfig, RunConfig
from assay.errors import ConfigError
from assay.kinds.classifier.training import classifier_job
from assay.kinds.gan.training import gan_job
from assay.kinds.job import Job
from assay.kinds.memory.training import memory_job


def build(config: RunConfig) -> Job:
    """Build a run's objects; the same configuration gives the same objects, bit for bit.

    Raises:
        AssayError: if the data, or what the user brings, cannot be used.
    """
    torch.manual_seed(streams.torch_seed(config.seed, "network"))
    match config:
        case MemoryConfig():
            return memory_job(config)
        case GanConfig():
            return gan_job(config)
        case ClassifierConfig():
            return classifier_job(config)
    raise ConfigError(f"kind = {config.kind!r} cannot be trained")
