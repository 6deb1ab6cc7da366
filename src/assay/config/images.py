"""The settings of what is trained on images."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from assay.config.losses import options_of_loss
from assay.config.run import Scalar, built_in_or_plugin, is_plugin, options_of_plugin
from assay.config.training import MOST_EXAMPLES, MOST_UPDATES, TrainedConfig, Updates

Ends = Annotated[
    tuple[float, ...],
    BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value),
]
"""Two numbers; a study file has them as a list."""

BUILT_IN_NETWORKS = ("mlp", "dcgan")
BUILT_IN_LOSSES = ("non_saturating", "minimax", "wgan_gp", "r3gan")


class ImageConfig(TrainedConfig):
    """The settings of the images themselves."""

    task: Literal["mnist", "images"] = Field(
        default="mnist", description="MNIST, or the own images that data names."
    )
    image_size: int = Field(
        default=28,
        ge=8,
        le=512,
        description="Own images are resized and cropped to this height and width, in pixels.",
    )
    channels: Literal[1, 3] = Field(default=1, description="Own images as gray (1) or RGB (3).")
    unreadable: Literal["refuse", "skip"] = Field(
        default="refuse", description="What to do with own images that cannot be read."
    )
    ground: Literal["black", "white", "gray"] = Field(
        default="black", description="What shows through transparent parts of own images."
    )
    values: Ends | None = Field(
        default=None,
        description="The values that are black and white in own images; by default 0 and 255, of "
        "more than 8 bits 65535, of floats 1.",
    )

    @property
    def ends(self) -> tuple[float, float] | None:
        """What is black and what is white, if that is said."""
        return None if self.values is None else (self.values[0], self.values[1])

    @model_validator(mode="after")
    def _images(self) -> Self:
        if (self.data is not None or self.data_sha256 is not None) != (self.task == "images"):
            raise ValueError("data names the images of task = 'images': give both or neither")
        if self.task == "mnist" and (self.image_size, self.channels) != (28, 1):
            raise ValueError("image_size and channels are for task = 'images': MNIST is 28, gray")
        if self.task == "mnist" and (self.ground, self.values) != ("black", None):
            raise ValueError("ground and values are for task = 'images'")
        if self.values is not None and not (
            len(self.values) == 2 and self.values[0] < self.values[1]
        ):
            raise ValueError(
                f"values = {list(self.values)}: should be two, black and then white, the greater"
            )
        return self


class GanConfig(ImageConfig):
    """One training of a generative adversarial network on images.

    The defaults are those of the report (sections 3.3 and 4.2) where it names them.
    """

    plugin_fields = ("network", "loss")
    check_every: ClassVar[int] = 50

    kind: Literal["gan"] = "gan"
    batch_size: int = Field(
        default=64, ge=2, le=MOST_EXAMPLES, description="Real images, and fakes, per update."
    )
    learning_rate: float = Field(default=2e-4, gt=0, description="Step size of both optimizers.")
    epochs: int = Field(
        default=200, ge=1, le=MOST_UPDATES, description="Passes over the training images."
    )

    network: str = Field(
        default="mlp", description="mlp, dcgan, or an own pair as module:attribute."
    )
    network_options: dict[str, Scalar] = Field(
        default={}, description="Keyword arguments of an own pair."
    )
    latent_dim: int = Field(default=100, ge=1, le=4096, description="Dimension of the noise z.")
    conditional: bool = Field(
        default=False, description="Whether both networks are told the class of an image."
    )
    loss: str = Field(
        default="non_saturating",
        description="non_saturating, minimax, wgan_gp, r3gan, or an own loss as module:attribute.",
    )
    loss_options: dict[str, Scalar] = Field(
        default={}, description="Options of wgan_gp or r3gan, or keyword arguments of an own loss."
    )
    critic_steps: int = Field(
        default=1,
        ge=1,
        le=100,
        description="Steps of the discriminator per step of the generator, each on a batch of its "
        "own.",
    )
    beta1: float = Field(default=0.9, ge=0, lt=1, description="Adam's decay of the first moment.")
    beta2: float = Field(
        default=0.999, ge=0, lt=1, description="Adam's decay of the second moment."
    )
    ema: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Decay of the running average of the generator that is used after training; "
        "0: none.",
    )
    save_interval: int = Field(default=500, ge=1, description="Updates between grids of samples.")
    measure_at: Updates = Field(
        default=(
            *(0, 500, 1_000, 2_000, 5_000, 10_000, 20_000),
            *(23_450, 45_000, 60_000, 90_000, 180_000),
        ),
        description="Updates after which quality is measured, beside start, halfway and end.",
    )
    keep_at: Updates = Field(
        default=(0, 10_000, 20_000, 90_000, 180_000),
        description="Updates after which the generator's weights are kept, beside start, halfway "
        "and end.",
    )
    precision: Literal["float32", "bfloat16"] = Field(
        default="float32",
        description="Of the operands of products and convolutions in training: float32, or "
        "bfloat16, faster where the processor has it and less exact.",
    )

    @model_validator(mode="after")
    def _combination(self) -> Self:
        built_in_or_plugin("network", self.network, BUILT_IN_NETWORKS)
        built_in_or_plugin("loss", self.loss, BUILT_IN_LOSSES)
        options_of_plugin("network_options", self.network_options, self.network)
        if not is_plugin(self.loss):
            options_of_loss(self.loss, self.loss_options)
        if self.network == "dcgan" and self.image_size != 28 and self.image_size % 8:
            raise ValueError(
                f"image_size = {self.image_size}: network = 'dcgan' makes 28, or a multiple of 8"
            )
        return self

    @property
    def examples_per_update(self) -> int:  # noqa: D102 - as in TrainedConfig
        return self.batch_size * self.critic_steps

    @property
    def label(self) -> str:  # noqa: D102 - as in RunConfig
        loss = "" if self.loss == "non_saturating" else f"{self.loss} "
        conditional = "conditional " if self.conditional else ""
        precision = "" if self.precision == "float32" else f"{self.precision} "
        trained_on = self.data or self.task
        rest = self.others({"loss", "conditional", "precision", "network", "task"})
        return (
            f"{conditional}{self.network} GAN {loss}{precision}{trained_on}{rest} seed={self.seed}"
        )


class ClassifierConfig(ImageConfig):
    """One training of the classifier of images whose features measure generated ones."""

    check_every: ClassVar[int] = 100

    kind: Literal["classifier"] = "classifier"
    epochs: int = Field(
        default=15, ge=1, le=MOST_UPDATES, description="Passes over the training images."
    )
    average: float = Field(
        default=0.999, ge=0, lt=1, description="Decay of the running average of the weights."
    )

    @property
    def label(self) -> str:  # noqa: D102 - as in RunConfig
        return f"classifier {self.data or self.task}{self.others({'task'})} seed={self.seed}"
