"""What the kind `gan` is: its settings, what its runs log and come to, and their size."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from assay.config import FigureKind, FigureSettings, GanConfig, Measured, Moments
from assay.config.registry import attribute
from assay.kinds.gan.features import data_of, features_of
from assay.kinds.gan.figures import FIGURES
from assay.kinds.gan.outcomes import OUTCOMES
from assay.kinds.image_data import enough_held_out, image_split
from assay.kinds.precision import of_precision
from assay.kinds.trained import TrainedKind
from assay.outcomes.outcome import Outcome
from assay.store import RunFolder
from assay.tasks.images.mnist import TRAINING_IMAGES

_UNIT = 1.5e-4
"""Seconds of a core that an image of 28 by 28 takes in an update of linear layers, roughly."""
_CONVOLUTIONS = 4.0
"""How many times as long one takes in the convolutional pair."""

_RECORDED = {
    "generator": ("loss", "gradient_norm"),
    "discriminator": ("loss", "accuracy_real", "accuracy_fake", "gradient_norm"),
}
_CHECKED = (
    *("generator_loss", "discriminator_loss", "accuracy_real", "accuracy_fake"),
    *("sample_mean", "sample_spread"),
)
_QUALITIES = (
    *("frechet", "kernel", "precision", "recall", "density", "coverage", "near"),
    *("class_balance", "isolated_pixels", "total_variation"),
)
_PASSAGE = ("copies", "drawn_norm", "midpoint_norm", "spherical_midpoint_norm")
_BETWEEN_CLASSES = ("towards_end", "movement_to_end", "end_classes", "third_class")
_NATS = ("non_saturating", "minimax")
"""Losses that are log-likelihoods alone."""


def landmarks(updates: int) -> frozenset[int]:
    """Start, halfway and end of a training."""
    return frozenset({0, updates // 2, updates})


class GanKind(TrainedKind):
    """One training of a generative adversarial network on images."""

    name = "gan"
    config = GanConfig
    job = "assay.kinds.gan.training:gan_job"
    answers = (
        *("frechet_over_floor", "frechet", "kernel", "precision", "recall", "density"),
        *("coverage", "near", "class_balance", "isolated_pixels"),
    )
    outcomes: ClassVar[Mapping[str, Outcome]] = OUTCOMES
    default_figures = ("samples", "interpolation", "gan_curves", "quality")
    budget = frozenset({"epochs", "updates", "save_interval", "measure_at", "keep_at"})
    figures: ClassVar[Mapping[str, FigureKind]] = FIGURES

    def examples(self, config: GanConfig) -> int:  # noqa: D102 - as in TrainedKind
        return len(image_split(config).train)

    def notices(self, config: GanConfig) -> Sequence[str]:  # noqa: D102 - as in Kind
        of_data = [] if config.task == "mnist" else image_split(config).notices
        return [*of_data, *of_precision(config.precision)]

    def examples_at_hand(self, config: GanConfig) -> int | None:  # noqa: D102 - as in TrainedKind
        return TRAINING_IMAGES if config.task == "mnist" else None

    def logged(self, config: GanConfig) -> dict[str, Moments]:  # noqa: D102 - as in Kind
        floor = config.task == "mnist" or enough_held_out(image_split(config))
        return self._logged(config, frozenset({0}) if floor else None)

    def logged_at_most(self, config: GanConfig) -> dict[str, Moments]:
        """As in TrainedKind: whether own images have a floor is known once they are counted."""
        return self._logged(config, frozenset({0} if config.task == "mnist" else ()))

    def _logged(self, config: GanConfig, floor: frozenset[int] | None) -> dict[str, Moments]:
        updates = self.updates(config)
        measured = landmarks(updates) | {each for each in config.measure_at if each <= updates}
        end, seen = frozenset({updates}), features_of(config)
        qualities = [name for name in _QUALITIES if name not in self.measured(config).without]
        passage = [*_PASSAGE, *_BETWEEN_CLASSES * bool(seen.classes)]
        return {
            **{
                f"training.{network}_{name}": "epoch"
                for network, names in _RECORDED.items()
                for name in names
            },
            "validation.accuracy_real": "epoch",
            **{f"check.{name}": "check" for name in _CHECKED},
            **{f"quality.{name}": measured for name in qualities},
            **{f"quality_floor.noise.{name}": frozenset({0}) for name in qualities},
            **(
                {}
                if floor is None
                else {f"quality_floor.floor.{name}": floor for name in qualities}
            ),
            **({} if config.conditional else {f"passage.{name}": end for name in passage}),
        }

    def loss_unit(self, config: GanConfig) -> str:  # noqa: D102 - as in Kind
        return "nats" if config.loss in _NATS else ""

    def measured(self, config: GanConfig) -> Measured:  # noqa: D102 - as in Kind
        seen = features_of(config)
        without = [*["near"] * (not seen.sharp), *["class_balance"] * (not seen.classes)]
        why = "" if seen.sharp else f"“Near” is left out: in {seen.words}, a blurred image is near."
        return Measured(data_of(config), seen.words, frozenset(without), why)

    def work(self, config: GanConfig) -> float:  # noqa: D102 - as in Kind
        pixels = config.channels * config.image_size**2 / 28**2
        each = _UNIT * pixels * (_CONVOLUTIONS if config.network == "dcgan" else 1.0)
        # Of an update with one step of each network, either is about half.
        steps = (1 + config.critic_steps) / 2
        return self.updates(config) * config.batch_size * each * steps

    def pace(self, config: GanConfig) -> str:  # noqa: D102 - as in Kind
        same = {"seed": 0, "learning_rate": 1e-3, "epochs": 1, "updates": None}
        return config.model_copy(update=same).run_id

    def network(self, run: RunFolder) -> Any:  # noqa: D102 - as in Kind
        from assay.kinds.gan.trained import load_generator

        return load_generator(run).network

    def kept(self, run: RunFolder, drawn: Sequence[FigureSettings]) -> dict[str, bytes]:
        """As in Kind: the images that a report shows, which it would else ask the weights for."""
        images: dict[str, bytes] = attribute("assay.report.pages.pictures:shown_images")(run, drawn)
        return images
