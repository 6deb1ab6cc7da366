"""assay: a run built from its configuration, its own data, objective and step, one thread."""

from typing import Any

from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile

from assay.config import kind_named, load_config
from assay.kinds.job import prepare_process
from assay.kinds.trained import TrainedKind
from assay.training.loop import take_step
from peers.serve import serve

PRODUCTS = (
    "NativeLinear",
    "NativeLinearBackward",
    "aten::addmm",
    "aten::mm",
    "aten::bmm",
    "aten::convolution",
)
OPTIMIZER = "Optimizer.step"


class Run:
    """The updates of a run, as the training loop makes them; evaluation and logs are left out."""

    def __init__(self, fields: dict[str, Any]) -> None:
        config = load_config(fields, "the benchmark")
        kind = kind_named(config.kind)
        assert isinstance(kind, TrainedKind)
        job = kind.build(config)
        self._objective, self._schedule = job.objective, job.schedule
        # A GAN's look is at what its updates have summed up, a classification's at other examples.
        self._looks = config.kind == "gan"
        self._made = 0
        self.path = job.objective.compute_path
        trained: list[nn.Parameter] = [p for f in job.objective.phases for p in f.parameters]
        self.parameters = sum(weights.numel() for weights in trained)

    def train(self, updates: int) -> list[Tensor]:
        """Make updates; the losses of the first phase."""
        losses = []
        first = self._objective.phases[0]
        for _ in range(updates):
            batch = self._schedule.batch(self._made)
            recorded: dict[str, Tensor] = {}
            for phase in self._objective.phases:
                recorded |= take_step(phase, batch)
            self._objective.after_update()
            self._made += 1
            if self._looks and self._schedule.is_check(self._made):
                self._objective.check()
            losses.append(recorded[f"{first.prefix}loss"])
        return losses

    def profile(self, updates: int) -> dict[str, float]:
        """Seconds of matrix products and of the optimizer, per update."""
        with profile(activities=[ProfilerActivity.CPU]) as seen:
            self.train(updates)
        events = seen.key_averages()
        products = sum(e.self_cpu_time_total for e in events if e.key in PRODUCTS)
        optimizer = sum(e.cpu_time_total for e in events if e.key.startswith(OPTIMIZER))
        return {"products": products / 1e6 / updates, "optimizer": optimizer / 1e6 / updates}


def build(setup: dict[str, Any]) -> Run:
    prepare_process()
    return Run(setup["config"])


if __name__ == "__main__":
    serve(build)
