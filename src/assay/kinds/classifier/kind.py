"""What the kind `classifier` is: its settings, what its runs log and come to, and their size."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from assay.config import ClassifierConfig, FigureKind, Moments
from assay.kinds.classifier.outcomes import OUTCOMES
from assay.kinds.image_data import image_split
from assay.kinds.trained import TrainedKind
from assay.outcomes.outcome import Outcome
from assay.tasks.images.mnist import TRAINING_IMAGES

_UNIT = 2e-4
"""Seconds of a core that an image of 28 by 28 takes in an update, roughly."""


class ClassifierKind(TrainedKind):
    """One training of the classifier of images."""

    name = "classifier"
    config = ClassifierConfig
    job = "assay.kinds.classifier.training:classifier_job"
    answers = ("best_accuracy", "last_accuracy", "final_accuracy", "updates_to_90")
    outcomes: ClassVar[Mapping[str, Outcome]] = OUTCOMES
    default_figures = ("curves",)
    budget = frozenset({"epochs", "updates"})
    figures: ClassVar[Mapping[str, FigureKind]] = {
        "curves": FigureKind(
            "assay.figures.curves:curves_figure",
            "Line charts of accuracy and loss in training and validation",
        ),
    }

    def examples(self, config: ClassifierConfig) -> int:  # noqa: D102 - as in TrainedKind
        return len(image_split(config).train)

    def notices(self, config: ClassifierConfig) -> Sequence[str]:  # noqa: D102 - as in Kind
        return [] if config.task == "mnist" else image_split(config).notices

    def examples_at_hand(self, config: ClassifierConfig) -> int | None:  # noqa: D102 - as in TrainedKind
        return TRAINING_IMAGES if config.task == "mnist" else None

    def logged(self, config: ClassifierConfig) -> dict[str, Moments]:  # noqa: D102 - as in Kind
        recorded = ("loss", "accuracy", "gradient_norm", "update_norm")
        return {
            **{f"training.{name}": "epoch" for name in recorded},
            **{f"validation.{name}": "epoch" for name in ("loss", "accuracy")},
            "check.accuracy": "check",
        }

    def work(self, config: ClassifierConfig) -> float:  # noqa: D102 - as in Kind
        pixels = config.channels * config.image_size**2 / 28**2
        return _UNIT * self.updates(config) * config.batch_size * pixels

    def pace(self, config: ClassifierConfig) -> str:  # noqa: D102 - as in Kind
        same = {"seed": 0, "learning_rate": 1e-3, "epochs": 1, "updates": None}
        return config.model_copy(update=same).run_id
