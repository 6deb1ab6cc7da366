"""A run's state between checkpoints: weights, optimizers, random streams, trace and logs."""

import hashlib
import time
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor

from assay.errors import CheckpointError, StoreError
from assay.store import RunFolder
from assay.training import checkpoint
from assay.training.checkpoint import Checkpoint
from assay.training.objective import Objective
from assay.training.schedule import Schedule
from assay.training.trace import Trace

# What reading a checkpoint raises that is whole, and holds other things than it should.
_FORGED = (KeyError, IndexError, ValueError, TypeError, AttributeError, RuntimeError)


class RunState:
    """Everything that a checkpoint must hold for a run to go on bit for bit."""

    def __init__(self, objective: Objective, schedule: Schedule, folder: RunFolder) -> None:
        self._objective = objective
        self._folder = folder
        self._rows = schedule.updates_per_epoch
        self.trace = Trace(self._rows)
        self.metrics = folder.log("metrics")
        self.timings = folder.log("timings")
        self.notices: list[str] = []
        self._data = data_sha256(objective.data)
        self._before = 0.0
        self._clock = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds of training so far, over all attempts that are part of the run."""
        return round(self._before + time.monotonic() - self._clock, 3)

    @property
    def numerics(self) -> dict[str, str | int]:
        """What of it decides the bits, and its configuration does not say: the data."""
        return {"data_sha256": self._data}

    def resume(self) -> int:
        """Take up the newest checkpoint that is whole, and return its number of updates.

        One that is damaged, or whose metrics are, is passed over with a notice for the one before
        it, and in the end for a start from scratch.

        Raises:
            CheckpointError: if the run began on another compute path, or on other data.
        """
        for name, found in checkpoint.newest_first(self._folder.checkpoints):
            try:
                if isinstance(found, CheckpointError):
                    raise found
                return self._take_up(found)
            except _OtherRunError:
                raise
            except StoreError as error:
                self.notices.append(f"checkpoint {name} passed over: {error}")
        if self.notices:
            self.notices.append("started again from the first update")
        self.metrics.rewind(None)
        self.timings.rewind(None)
        return 0

    def _take_up(self, found: Checkpoint) -> int:
        """Go on from a checkpoint; one that is none of this run's leaves all as it was."""
        before = {key: value.clone() for key, value in captured(self._objective).items()}
        try:
            self._same_path(found)
            self._same_data(found)
            self.metrics.rewind(found.state["metrics"])
            self.timings.rewind(found.state["timings"])
            self._restore(found)
        except _FORGED as error:
            restore(self._objective, before)
            self.trace, self._before = Trace(self._rows), 0.0
            raise CheckpointError(
                f"it holds other things than a run saves ({type(error).__name__}: "
                f"{(str(error).splitlines() or [''])[0]})"
            ) from None
        return found.step

    def save(self, step: int) -> None:
        """Write a checkpoint.

        Raises:
            RunLockedError: if the run was taken from this process.
        """
        tensors = captured(self._objective)
        tensors["trace"], columns = self.trace.state()
        state = {
            "seconds": self.seconds,
            "metrics": self.metrics.mark(),
            "timings": self.timings.mark(),
            "trace_columns": columns,
            "compute_path": compute_path(self._objective),
            "data": self._data,
        }
        made = Checkpoint(step, tensors, state)
        checkpoint.write(self._folder.checkpoints, made, self._folder.check_owned)

    def close(self) -> None:
        """Close the logs."""
        self.metrics.close()
        self.timings.close()

    def _same_path(self, found: Checkpoint) -> None:
        before, now = found.state["compute_path"], compute_path(self._objective)
        for key, value in now.items():
            if before.get(key) != value:
                raise _OtherRunError(
                    f"run {self._folder.run_id} began with {key} {before.get(key)} and this is "
                    f"{value}, so its numbers would differ: go on where it began, or delete "
                    f"{self._folder.path} to start it here"
                )

    def _same_data(self, found: Checkpoint) -> None:
        # A checkpoint of the version before does not say it.
        if found.state.get("data", self._data) != self._data:
            raise _OtherRunError(
                f"run {self._folder.run_id} was trained on other data up to update {found.step}: "
                "what makes them gives others now, so going on would mix the two: give it back "
                f"what it had, or delete {self._folder.path} to start anew"
            )

    def _restore(self, found: Checkpoint) -> None:
        self._before = float(found.state["seconds"])
        self.trace.restore(found.tensors["trace"], found.state["trace_columns"])
        restore(self._objective, found.tensors)


class _OtherRunError(CheckpointError):
    pass


def captured(objective: Objective) -> dict[str, Tensor]:
    """Weights, buffers, the optimizers' state and the global generator's, as a checkpoint has them.

    They are the objective's own tensors, not copies.
    """
    tensors = {"rng": torch.get_rng_state()}
    for name, module in objective.modules.items():
        for key, value in module.state_dict().items():
            tensors[f"{name}/{key}"] = value
    for index, optimizer in enumerate(_optimizers(objective)):
        tensors |= _optimizer_tensors(f"optimizer{index}", optimizer)
    return tensors


def restore(objective: Objective, tensors: Mapping[str, Tensor]) -> None:
    """Put an objective, and the global generator, where `captured` found them."""
    torch.set_rng_state(tensors["rng"])
    for name, module in objective.modules.items():
        module.load_state_dict(_below(name, tensors))
    for index, optimizer in enumerate(_optimizers(objective)):
        _load_optimizer(optimizer, _below(f"optimizer{index}", tensors))


def data_sha256(data: Iterable[Tensor]) -> str:
    """The hash of what a run trains on and is judged by: types, shapes and numbers."""
    digest = hashlib.sha256()
    for tensor in data:
        digest.update(f"{tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.contiguous().cpu().numpy().data)
    return digest.hexdigest()


def _optimizers(objective: Objective) -> list[torch.optim.Optimizer]:
    """Each once, in the order of the phases that step with them."""
    return list(dict.fromkeys(phase.optimizer for phase in objective.phases))


def compute_path(objective: Objective) -> dict[str, str | int]:
    """What decides the last bits of every number: kernel, SIMD level, threads, device, library."""
    parameter = next(next(iter(objective.modules.values())).parameters())
    return {
        "kernel": objective.compute_path,
        "device": parameter.device.type,
        "simd": torch.backends.cpu.get_cpu_capability(),
        "threads": torch.get_num_threads(),
        "torch": str(torch.__version__),
    }


def _optimizer_tensors(prefix: str, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    return {
        f"{prefix}/{index}/{key}": value
        for index, entry in optimizer.state_dict()["state"].items()
        for key, value in entry.items()
        if isinstance(value, Tensor)
    }


def _load_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    state: dict[int, dict[str, Any]] = {}
    for name, value in tensors.items():
        index, key = name.split("/")
        state.setdefault(int(index), {})[key] = value
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})


def _below(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    start = prefix + "/"
    return {key[len(start) :]: value for key, value in tensors.items() if key.startswith(start)}
