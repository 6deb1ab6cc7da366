"""The options of the built-in cells that have any."""

from collections.abc import Mapping
from math import tau
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assay.config.run import Scalar, first_problem


class CellOptions(BaseModel):
    """Options of a cell; text that reads as a number is one, for the command line."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def check_width(self, hidden_size: int) -> None:
        """See that the options fit H hidden units.

        Raises:
            ValueError: if not.
        """


class MinGRUOptions(CellOptions):
    """Options of `mingru`."""

    layers: int = Field(default=1, ge=1, le=16)


class LRUOptions(CellOptions):
    """Options of `lru`: the ring of the complex plane in which it starts."""

    r_min: float = Field(default=0.9, ge=0, lt=1)
    r_max: float = Field(default=0.999, gt=0, lt=1)
    max_phase: float = Field(default=tau, gt=0, le=tau + 1e-9)

    @model_validator(mode="after")
    def _ring(self) -> Self:
        if self.r_min >= self.r_max:
            raise ValueError(f"r_min = {self.r_min:g} should be below r_max = {self.r_max:g}")
        return self


class MLSTMOptions(CellOptions):
    """Options of `mlstm`."""

    heads: int = Field(default=4, ge=1, le=1024)
    forget_gate: Literal["exponential", "sigmoid"] = "exponential"

    def check_width(self, hidden_size: int) -> None:
        """See that the hidden units are shared out evenly, two or more a head.

        Those of a head are normalised, and a single one would always be 0.

        Raises:
            ValueError: if not.
        """
        if hidden_size % self.heads or hidden_size == self.heads:
            raise ValueError(
                f"heads = {self.heads}: hidden_size = {hidden_size} should be a multiple of it, "
                "2 times or more"
            )


CELL_OPTIONS: dict[str, type[CellOptions]] = {
    "mingru": MinGRUOptions,
    "lru": LRUOptions,
    "mlstm": MLSTMOptions,
}
"""The cells with options. Each draws its own weights, so none takes an `initialisation`."""


def options_of_cell(cell: str, given: Mapping[str, Scalar], hidden_size: int) -> CellOptions:
    """The options of one of these cells, those not given at their defaults.

    Raises:
        ValueError: naming the key, the value and what is allowed.
    """
    try:
        options = CELL_OPTIONS[cell].model_validate(dict(given))
        options.check_width(hidden_size)
    except ValidationError as error:
        problem = first_problem(error, CELL_OPTIONS[cell])
        raise ValueError(f"cell_options of {cell}: {problem}") from None
    except ValueError as error:
        raise ValueError(f"cell_options of {cell}: {error}") from None
    return options
