"""What a configuration is built into."""

from dataclasses import dataclass

from assay.config import RunConfig
from assay.kinds.data import updates_over
from assay.training import Artifact, Objective, Probe, Schedule


@dataclass(frozen=True)
class Job:
    """A run, built and ready for the training loop.

    `notices` says what of the data was left out.
    """

    objective: Objective
    schedule: Schedule
    probes: list[Probe | Artifact]
    notices: tuple[str, ...] = ()


def schedule_of(config: RunConfig, examples: int, check_every: int = 25) -> Schedule:
    """The order of batches and the number of updates over `examples` training examples."""
    updates = updates_over(config, examples)
    return Schedule(examples, config.batch_size, updates, config.seed, check_every)
