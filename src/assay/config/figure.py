"""Ways to draw runs, as kinds of experiment bring them."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict


class FigureSettings(BaseModel):
    """What a `[[figures]]` table may say of one way to draw, beside what it says of any."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def check(self, config: Any) -> None:
        """See that a run of a configuration can be drawn like that.

        Raises:
            ConfigError: naming the key, the value and what is allowed.
        """


@dataclass(frozen=True)
class FigureKind:
    """A way to draw runs.

    Attributes:
        draw: `module:function`, loaded when a figure is drawn.
        shows: in words what a chart of it is, for those who cannot see it; `{arms}` in it are
            named.
        title: what it shows of an experiment, where a study declares no figures and its kind draws
            several; empty: nothing is said beside the experiment.
        from_store: whether it draws what a finished run keeps beside its log. Then it is called
            with the arms' runs, the store and the settings, else with the runs, and the settings
            where it has a class of them.
        across: the axis that the grid of each of its experiments has to vary; empty: none.
        settings: what the figure's table may say of it.
        own: whether `draw` is the user's: it is called with axes, rows, and what its table says.
    """

    draw: str
    shows: str
    title: str = ""
    from_store: bool = False
    across: str = ""
    settings: type[FigureSettings] = FigureSettings
    own: bool = False
