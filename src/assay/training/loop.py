"""The training loop, the only one.

It takes an objective, a schedule and probes, and writes what happens to a run's folder. It saves a
checkpoint every so many seconds, on request and at the end; where it saves changes no number.
"""

import hashlib
import time
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from assay.config import Ending, Progress
from assay.config.kind import Stop, Watch
from assay.store import RunFolder
from assay.store.durable import make_folder, write_atomic
from assay.store.log import Alarm, Check, Diverged, Epoch
from assay.store.log import Probe as Measured
from assay.training.objective import Artifact, Objective, Phase, Probe
from assay.training.resume import RunState
from assay.training.schedule import Schedule


def train(
    objective: Objective,
    schedule: Schedule,
    folder: RunFolder,
    probes: Sequence[Probe | Artifact],
    watch: Watch,
    stop: Stop,
    checkpoint_seconds: float,
) -> Ending:
    """Train to the end of the schedule, until the objective says that it is over, or `stop()`.

    It goes on from the newest checkpoint.

    Raises:
        CheckpointError: if the checkpoint was made on another compute path.
    """
    state = RunState(objective, schedule, folder)
    update = state.resume()
    accuracy: float | None = None
    saved = time.monotonic()
    if update == 0:
        _measure(probes, {0}, 0, folder, state)
    ended = update >= schedule.updates or bool(objective.over)
    try:
        while not ended:
            batch = schedule.batch(update)
            recorded: dict[str, Tensor] = {}
            for phase in objective.phases:
                recorded |= take_step(phase, batch)
            objective.after_update()
            state.trace.add(recorded, len(batch))
            update += 1

            looks_up = schedule.is_check(update) or schedule.ends_epoch(update)
            if looks_up and (since := state.trace.first_non_finite()) is not None:
                return _diverged(update - since, state)
            if schedule.is_check(update):
                seen = objective.check()
                accuracy = seen.get("accuracy")
                state.metrics.append(Check(update, seen))
                for alarm in objective.alarms():
                    state.metrics.append(Alarm(update, alarm))
                watch(Progress(update, schedule.updates, schedule.epoch(update), accuracy))
            ended = update >= schedule.updates or bool(objective.over)
            if ended or schedule.ends_epoch(update):
                _end_epoch(objective, schedule.epoch(update), update, state)
                state.timings.append({"update": update, "seconds": state.seconds})
            # What is due at the schedule's end is due wherever the training ends.
            due = {update, schedule.updates} if ended else {update}
            _measure(probes, due, update, folder, state)

            if stop() and not ended:
                state.save(update)
                return Ending("stopped", update, state.seconds, "", state.notices)
            if time.monotonic() - saved > checkpoint_seconds:
                state.save(update)
                saved = time.monotonic()
        state.save(update)
        return Ending(
            "finished",
            update,
            state.seconds,
            objective.over,
            state.notices,
            numerics=state.numerics,
        )
    finally:
        state.close()


def take_step(phase: Phase, batch: Tensor) -> dict[str, Tensor]:
    """One backward pass, clipped, and one optimizer step; returns what to record, 0-d tensors."""
    loss, diagnostics = phase.loss(batch)
    parameters = list(phase.parameters)
    for parameter in parameters:
        parameter.grad = None
    # Only these weights' gradients: a phase of one network goes through another as well.
    trained = [p for p in parameters if p.requires_grad]
    loss.backward(inputs=trained, retain_graph=phase.keep_graph)  # type: ignore[no-untyped-call]
    norm = nn.utils.get_total_norm([p.grad for p in parameters if p.grad is not None])
    recorded = {"loss": loss.detach(), **diagnostics, "gradient_norm": norm}
    if phase.max_norm is not None:
        nn.utils.clip_grads_with_norm_(parameters, phase.max_norm, norm)
        recorded["clipped"] = (norm > phase.max_norm).float()
    before = [p.detach().clone() for p in parameters] if phase.measure_update else []
    phase.optimizer.step()
    if before:
        with torch.no_grad():
            change = [p - old for p, old in zip(parameters, before, strict=True)]
        recorded["update_norm"] = nn.utils.get_total_norm(change)
    return {phase.prefix + key: value for key, value in recorded.items()}


def _end_epoch(objective: Objective, epoch: int, update: int, state: RunState) -> None:
    state.metrics.append(Epoch(epoch, update, state.trace.means(), objective.evaluate()))


def _diverged(update: int, state: RunState) -> Ending:
    state.metrics.append(Diverged(update))
    message = f"the loss or a gradient was not finite at update {update}"
    return Ending(
        "diverged", update, state.seconds, message, state.notices, numerics=state.numerics
    )


def _measure(
    probes: Sequence[Probe | Artifact],
    due: set[int],
    update: int,
    folder: RunFolder,
    state: RunState,
) -> None:
    for probe in probes:
        if probe.updates.isdisjoint(due):
            continue
        found = _keep(probe, update, folder) if isinstance(probe, Artifact) else probe.measure()
        state.metrics.append(Measured(update, probe.name, found))


def _keep(artifact: Artifact, update: int, folder: RunFolder) -> dict[str, str]:
    content = artifact.content()
    target = folder.artifact(artifact.name, update, artifact.suffix)
    make_folder(target.parent)
    write_atomic(target, content)
    return {"sha256": hashlib.sha256(content).hexdigest()}
