"""How runs of the kind `gan` are drawn, and what a study may say of that. No PyTorch."""

from typing import Annotated, Literal

from pydantic import Field

from assay.config import FigureKind, FigureSettings, GanConfig
from assay.errors import ConfigError
from assay.kinds.gan.features import features_of
from assay.kinds.image_data import image_split

Path = Literal["linear", "as_reported", "spherical"]


class SamplesSettings(FigureSettings):
    """Which grids are shown beside those at the start, halfway and at the end.

    Attributes:
        moments: numbers of updates; those beyond the training are passed over. Without any, those
            of the flagship's report, or of a short training some at even distances.
    """

    moments: list[Annotated[int, Field(ge=0)]] | None = None

    def check(self, config: GanConfig) -> None:  # noqa: D102 - as in FigureSettings
        every = config.save_interval
        for moment in self.moments or []:
            if moment % every and config.updates not in (moment, 2 * moment, 2 * moment + 1):
                raise ConfigError(
                    f"moments = {self.moments}: samples are kept every {every:,} updates "
                    f"(save_interval), and none after {moment:,}"
                )


class InterpolationSettings(FigureSettings):
    """Between what the rows of images pass.

    Attributes:
        digits: the classes at the two ends, by number. Without them 3 and 8, where a generator
            makes them, and else two random ends.
        paths: the ways from one to the other, by the label of their rows.
    """

    digits: list[int] | None = Field(default=None, min_length=2, max_length=2)
    paths: dict[str, Path] = Field(default={"line": "linear", "great circle": "spherical"})

    def check(self, config: GanConfig) -> None:  # noqa: D102 - as in FigureSettings
        if self.digits is None:
            return
        known = features_of(config).classes
        if config.conditional:
            known = len(image_split(config).train.classes)
        if not known:
            raise ConfigError(
                f"digits = {self.digits}: nothing tells the classes of these images apart: leave "
                "it out, or set conditional = true"
            )
        if not all(0 <= digit < known for digit in self.digits):
            raise ConfigError(f"digits = {self.digits}: allowed are 0 to {known - 1}")


FIGURES = {
    "samples": FigureKind(
        "assay.report.pages.pictures:samples",
        "Grids of 25 generated images at several moments of the training of {arms}.",
        "samples over the training",
        from_store=True,
        settings=SamplesSettings,
    ),
    "interpolation": FigureKind(
        "assay.report.pages.pictures:interpolations",
        "Rows of nine generated images each, passing from one to another, of {arms}.",
        "from one noise to another",
        from_store=True,
        settings=InterpolationSettings,
    ),
    "gan_curves": FigureKind(
        "assay.figures.gan_curves:gan_curves_figure",
        "Line charts of the losses and of the discriminator's accuracy, for {arms}.",
        "losses",
    ),
    "quality": FigureKind(
        "assay.figures.quality:quality_figure",
        "Line charts of quality metrics over the iterations, for {arms}.",
        "quality over the training",
    ),
}
