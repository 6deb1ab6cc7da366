"""An arm of a study, and its runs."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assay.config import RunConfig


@dataclass(frozen=True)
class Arm:
    """One point of an experiment's grid, to be trained with several seeds.

    Attributes:
        point: the values of the grid's axes at this arm.
        config: the configuration, with seed 0.
        seeds: how many seeds, counted from the first.
        declared: the configuration that the study declares, which a profile may shorten.
        first_seed: the first of them.
    """

    experiment: str
    title: str
    point: dict[str, Any]
    config: RunConfig
    seeds: int
    declared: RunConfig
    first_seed: int = 0

    @property
    def key(self) -> str:
        """Its name in messages and files: `experiment[axis=value]`."""
        point = ", ".join(f"{axis}={value}" for axis, value in self.point.items())
        return f"{self.experiment}[{point}]" if point else self.experiment

    @cached_property
    def runs(self) -> list[RunConfig]:
        """One configuration a seed."""
        return [self.run(self.first_seed + number) for number in range(self.seeds)]

    @cached_property
    def run_ids(self) -> list[str]:
        """The identities of `runs`, in their order."""
        identity = self.config.identities()
        return [identity(self.first_seed + number) for number in range(self.seeds)]

    def run(self, seed: int) -> RunConfig:
        """Its configuration with a seed."""
        return self.config.model_copy(update={"seed": seed})
