"""What a study may say of how the numbers of its own runs are drawn."""

from pydantic import Field

from assay.config import FigureSettings


class LoggedSettings(FigureSettings):
    """Which numbers are drawn.

    Attributes:
        numbers: by name, a panel each, in this order; without any, the first that the runs tell.
    """

    numbers: list[str] = Field(default=[])
