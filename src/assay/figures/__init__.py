"""Figures: functions that draw given numbers and change none of them."""

from assay.figures.curves import curves_figure
from assay.figures.state_gradient import state_gradient_figure
from assay.figures.style import to_png, to_svg

__all__ = ["curves_figure", "state_gradient_figure", "to_png", "to_svg"]
