"""The options of the built-in adversarial losses that have any."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assay.config.run import Scalar, first_problem


class LossOptions(BaseModel):
    """Options of a loss; text that reads as a number is one, for the command line."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class WassersteinOptions(LossOptions):
    """Options of `wgan_gp`: the weight λ of its gradient penalty."""

    weight: float = Field(default=10.0, ge=0)


class PairingOptions(LossOptions):
    """Options of `r3gan`: the weight γ of its penalties R1 and R2."""

    gamma: float = Field(default=1.0, ge=0)


LOSS_OPTIONS: dict[str, type[LossOptions]] = {
    "wgan_gp": WassersteinOptions,
    "r3gan": PairingOptions,
}
"""The losses with options."""


def options_of_loss(loss: str, given: Mapping[str, Scalar]) -> dict[str, float]:
    """The options of a built-in loss, those not given at their defaults.

    Raises:
        ValueError: naming the key, the value and what is allowed.
    """
    if loss not in LOSS_OPTIONS:
        if given:
            takers = ", ".join(LOSS_OPTIONS)
            raise ValueError(
                f"loss_options is for {takers} or an own module:attribute; {loss!r} takes none"
            )
        return {}
    try:
        return LOSS_OPTIONS[loss].model_validate(dict(given)).model_dump()
    except ValidationError as error:
        problem = first_problem(error, LOSS_OPTIONS[loss])
        raise ValueError(f"loss_options of {loss}: {problem}") from None
