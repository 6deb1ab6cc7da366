"""What the kind `memory` is: its settings, what its runs log and come to, and their size."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from assay import tasks
from assay.config import Extent, FigureKind, MemoryConfig, Moments, is_plugin
from assay.kinds.memory.data import PROBED, dataset
from assay.kinds.memory.outcomes import OUTCOMES
from assay.kinds.precision import of_precision
from assay.kinds.trained import TrainedKind
from assay.outcomes.outcome import Outcome
from assay.store import RunFolder
from assay.tasks.own import check_seeded

# A string of L symbols costs about L units, and an update's fixed work about as much as 3 symbols.
_FIXED_SYMBOLS = 3
_UNIT = 1.5e-6
"""Seconds of a core that one symbol takes at 128 hidden units, roughly."""

# Ten digits, each as likely: what a constant answer gets right.
_CHANCE = {"palindrome": 0.1, "copy": 0.1}
_LOSS_UNIT = {"palindrome": "nats", "copy": "nats", "adding": "squared error"}


class MemoryKind(TrainedKind):
    """One training of a recurrent network on a sequence task."""

    name = "memory"
    config = MemoryConfig
    job = "assay.kinds.memory.training:memory_job"
    answers = ("best_accuracy", "last_accuracy", "final_accuracy", "updates_to_90")
    outcomes: ClassVar[Mapping[str, Outcome]] = OUTCOMES
    default_figures = ("curves",)
    budget = frozenset({"epochs", "updates", "stop_accuracy", "measure_at"})
    figures: ClassVar[Mapping[str, FigureKind]] = {
        "curves": FigureKind(
            "assay.figures.curves:curves_figure",
            "Line charts of accuracy and loss in training and validation",
        ),
        "state_gradient": FigureKind(
            "assay.figures.state_gradient:state_gradient_figure",
            "Line charts of the norm of the gradient by the state against the lag, for {arms}.",
        ),
        "horizon": FigureKind("assay.figures.horizon:horizon_figure", "", across="length"),
    }

    def examples(self, config: MemoryConfig) -> int:  # noqa: D102 - as in TrainedKind
        return tasks.training_examples(config)

    def examples_at_hand(self, config: MemoryConfig) -> int | None:  # noqa: D102 - as in TrainedKind
        return tasks.training_examples(config) if config.task in tasks.TASKS else None

    def extent(self, config: Any) -> Extent:  # noqa: D102 - as in Kind
        # The length of a file's sequences is the file's, and the field stands at its default.
        length = None if config.task == "file" else config.length
        return replace(super().extent(config), length=length)

    def goal(self, config: MemoryConfig) -> float | None:  # noqa: D102 - as in Kind
        return config.stop_accuracy

    def chance(self, config: MemoryConfig) -> float | None:  # noqa: D102 - as in Kind
        return _CHANCE.get(config.task)

    def loss_unit(self, config: MemoryConfig) -> str:  # noqa: D102 - as in Kind
        return _LOSS_UNIT.get(config.task, "")

    def logged(self, config: MemoryConfig) -> dict[str, Moments]:  # noqa: D102 - as in Kind
        recorded = ("loss", "accuracy", "gradient_norm", "clipped", "update_norm")
        updates = self.updates(config)
        measured = frozenset(at for at in config.measure_at if at <= updates) | {updates}
        return {
            **{f"training.{name}": "epoch" for name in recorded},
            **{f"validation.{name}": "epoch" for name in ("loss", "accuracy")},
            "check.accuracy": "check",
            "state_gradient.whole": measured,
        }

    def work(self, config: MemoryConfig) -> float:  # noqa: D102 - as in Kind
        size = config.hidden_size / 128
        symbols = _length(config) + _FIXED_SYMBOLS
        # Products grow with the square of the hidden units, the rest of a step with their number.
        return _UNIT * self.updates(config) * config.batch_size * symbols * (size + size**2) / 2

    def pace(self, config: MemoryConfig) -> str:
        """As in Kind; how weights are drawn, and when a run is over, does not matter."""
        same: dict[str, Any] = {"seed": 0, "learning_rate": 1e-3, "epochs": 1, "updates": None}
        same |= {"initialisation": "linear", "loss": "logits", "stop_accuracy": None}
        return config.model_copy(update=same).run_id

    def networks(self, config: Any) -> list[str]:  # noqa: D102 - as in TrainedKind
        return [target for target in config.plugins if target == config.cell]

    def check(self, config: Any) -> None:
        """As in TrainedKind; an own generator is called twice with one seed."""
        if is_plugin(config.task):
            check_seeded(config)
        super().check(config)

    def notices(self, config: MemoryConfig) -> Sequence[str]:  # noqa: D102 - as in Kind
        of_data = [] if config.task in tasks.TASKS else dataset(config).train.notices
        return [*of_data, *of_precision(config.precision)]

    def brief(self, config: MemoryConfig) -> MemoryConfig:
        """As in TrainedKind: some thousand strings, enough for two batches and for the probe."""
        if config.task == "file":  # which is read whole in any case
            return config
        train, rest = config.train_fraction, 1 - config.train_fraction
        least = max(2_000, 2 * config.batch_size / train, PROBED / rest)
        return config.model_copy(update={"data_size": min(config.data_size, math.ceil(least))})

    def network(self, run: RunFolder) -> Any:  # noqa: D102 - as in Kind
        from assay.kinds.memory.trained import load_trained

        return load_trained(run).network


def _length(config: MemoryConfig) -> int:
    if config.task == "file":
        return dataset(config.model_copy(update={"seed": 0})).train.length
    return config.length
