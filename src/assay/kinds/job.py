"""What a configuration is built into, and its training."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import torch

from assay import streams
from assay.config import Ending, TrainedConfig
from assay.config.kind import Stop, Watch
from assay.kinds.allocator import keep_freed_memory
from assay.models import native
from assay.store import RunFolder
from assay.training import Artifact, Objective, Probe, Schedule, train
from assay.training.resume import compute_path

ConfigT = TypeVar("ConfigT", bound=TrainedConfig)


@dataclass(frozen=True)
class Job:
    """A run, built and ready for the training loop.

    Attributes:
        notices: what of the data was left out.
        costs: for probes that take long, by name, how many seconds one takes, from a part of it.
    """

    objective: Objective
    schedule: Schedule
    probes: list[Probe | Artifact]
    notices: tuple[str, ...] = ()
    costs: Mapping[str, Callable[[], float]] = field(default_factory=dict)


def seeded(build: Callable[[ConfigT], Job], config: ConfigT) -> Job:
    """Call what builds a job, with PyTorch's global generator at the start of its stream."""
    torch.manual_seed(streams.torch_seed(config.seed, "network"))
    return build(config)


def schedule_of(config: TrainedConfig, examples: int) -> Schedule:
    """The order of batches and the number of updates over `examples` training examples."""
    updates = config.updates_over(examples)
    return Schedule(examples, config.examples_per_update, updates, config.seed, config.check_every)


def prepare_process() -> None:
    """One thread, freed memory kept, and denormals flushed, which would slow training greatly."""
    keep_freed_memory()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)


def train_job(
    job: Job, folder: RunFolder, watch: Watch, stop: Stop, checkpoint_seconds: float
) -> Ending:
    """Train a job from where its folder stands.

    Raises:
        CheckpointError: if it began on another compute path.
    """
    ending = train(job.objective, job.schedule, folder, job.probes, watch, stop, checkpoint_seconds)
    return replace(
        ending,
        notices=[*ending.notices, *job.notices],
        compute_path=compute_path(job.objective),
        numerics={**ending.numerics, **_numerics()},
    )


def _numerics() -> dict[str, str | int]:
    """What of PyTorch, as it stands in this process, and of the native kernel decides the bits."""
    denormal = torch.full((1,), 1e-39)
    return {
        "torch_build": hashlib.sha256(torch.__config__.show().encode()).hexdigest()[:16],
        "native_build": native.build(),
        "onednn": "on" if torch.backends.mkldnn.enabled else "off",
        "matmul_precision": torch.get_float32_matmul_precision(),
        "deterministic": "on" if torch.are_deterministic_algorithms_enabled() else "off",
        "denormals": "kept" if float((denormal * 1).item()) else "flushed",
    }
