"""Axes that several figures have."""

import numpy as np
from matplotlib.axes import Axes


def loss_label(unit: str) -> str:
    """The label of an axis of losses, with their unit where they have one."""
    return f"loss [{unit}]" if unit else "loss"


def none_below_zero(ax: Axes) -> bool:
    """Whether all that is drawn on a y axis, which others may share, is 0 or more."""
    together = ax.get_shared_y_axes().get_siblings(ax)
    drawn = [np.asarray(line.get_ydata()) for each in together for line in each.get_lines()]
    return not any((values < 0).any() for values in drawn)
