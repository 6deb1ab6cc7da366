"""How long a run takes on this machine, measured before it is trained."""

import time
from collections.abc import Callable
from statistics import median

from assay.kinds.job import Job, prepare_process
from assay.training import Artifact, take_step

_WARM_UP, _TIMED = 3, 12


def seconds_of(job: Job) -> float:
    """Seconds that a run takes with all evaluation, from a few updates on this machine."""
    prepare_process()
    objective, schedule = job.objective, job.schedule
    steps = []
    for update in range(_WARM_UP + _TIMED):
        start = time.perf_counter()
        for phase in objective.phases:
            take_step(phase, schedule.batch(update))
        objective.after_update()
        steps.append(time.perf_counter() - start)
    looks = _seconds(objective.check) / schedule.check_every
    evaluations = _seconds(objective.evaluate) / schedule.updates_per_epoch
    probes: dict[str, float] = {}
    for probe in job.probes:
        if probe.name not in probes:
            probes[probe.name] = _seconds(
                probe.content if isinstance(probe, Artifact) else probe.measure
            )
    measured = sum(probes[probe.name] * len(probe.updates) for probe in job.probes)
    return schedule.updates * (median(steps[_WARM_UP:]) + looks + evaluations) + measured


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
