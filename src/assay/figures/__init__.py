"""Figures: functions that draw given numbers and change none of them."""

from assay.figures.curves import curves_figure
from assay.figures.gan_curves import gan_curves_figure
from assay.figures.horizon import horizon_figure
from assay.figures.quality import quality_figure
from assay.figures.samples import interpolation_figure, samples_figure
from assay.figures.specification import specification_figure
from assay.figures.state_gradient import state_gradient_figure
from assay.figures.style import to_png, to_svg

__all__ = [
    "curves_figure",
    "gan_curves_figure",
    "horizon_figure",
    "interpolation_figure",
    "quality_figure",
    "samples_figure",
    "specification_figure",
    "state_gradient_figure",
    "to_png",
    "to_svg",
]
