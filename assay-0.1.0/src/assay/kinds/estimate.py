"""How long a run takes on this machine, measured before it is trained.

What is measured is the time of the processor, so that another process's work is not counted.
"""

import time
from collections.abc import Callable
from functools import partial
from statistics import median

from torch import Tensor

from assay.kinds.job import Job, prepare_process
from assay.training import Artifact, take_step

_WARM_UP, _TIMED = 3, 12
_STEP_SECONDS = 0.5
"""Timed updates end after so long, if there were three."""


def seconds_of(job: Job, updates: int, per_epoch: int, larger: float = 1.0) -> float:
    """Seconds that a run takes with all evaluation, from a few updates on this machine.

    Args:
        job: the run, or one like it over fewer examples.
        updates: how many the run makes.
        per_epoch: how many of them make an epoch.
        larger: how many times as many examples the run evaluates.
    """
    prepare_process()
    objective, schedule = job.objective, job.schedule
    steps: list[float] = []
    while len(steps) < _WARM_UP + 3 or (
        len(steps) < _WARM_UP + _TIMED and sum(steps) < _STEP_SECONDS
    ):
        batch = schedule.batch(len(steps))
        steps.append(spent(partial(_update, job, batch)))
    looks = spent(objective.check) / schedule.check_every
    evaluations = larger * spent(objective.evaluate) / per_epoch
    probes: dict[str, float] = {}
    for probe in job.probes:
        if probe.name not in probes:
            measure = probe.content if isinstance(probe, Artifact) else probe.measure
            estimated = job.costs.get(probe.name)
            probes[probe.name] = spent(measure) if estimated is None else estimated()
    measured = sum(probes[probe.name] * len(probe.updates) for probe in job.probes)
    return updates * (median(steps[_WARM_UP:]) + looks + evaluations) + measured


def spent(work: Callable[[], object]) -> float:
    """Seconds of the processor that some work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def _update(job: Job, batch: Tensor) -> None:
    for phase in job.objective.phases:
        take_step(phase, batch)
    job.objective.after_update()
