"""The settings of what is trained by gradient steps over batches of examples."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from assay.config.run import RunConfig
from assay.errors import ConfigError

MOST_EXAMPLES = 10_000_000
"""As many sequences a run may have, so that no batch is larger."""

MOST_UPDATES = 1_000_000_000
"""More of them, or more epochs, are a slip: 10,000 per second are more than a day."""


def _ascending(value: Any) -> Any:
    """Moments in order and once each, so that one set of them is one identity."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        moments = list(value)
        if all(isinstance(each, int) and not isinstance(each, bool) for each in moments):
            return tuple(sorted(set(moments)))
        return tuple(moments)
    return value


Updates = Annotated[tuple[Annotated[int, Field(ge=0)], ...], BeforeValidator(_ascending)]
"""Numbers of updates, ascending; those beyond the end of a training are passed over."""


CHECK_EXAMPLES = 2_000
"""How many validation examples a check between epochs looks at, of a network that answers."""


class TrainedConfig(RunConfig):
    """The settings that every training has.

    Attributes:
        check_every: updates from one check to the next.
    """

    check_every: ClassVar[int] = 25

    batch_size: int = Field(default=128, ge=1, le=MOST_EXAMPLES, description="Examples per update.")
    learning_rate: float = Field(default=1e-3, gt=0, description="Step size of the optimizer.")
    epochs: int = Field(
        default=100, ge=1, le=MOST_UPDATES, description="Passes over the training data."
    )
    updates: int | None = Field(
        default=None,
        ge=1,
        le=MOST_UPDATES,
        description="Updates to train for, in place of a number of epochs.",
    )

    def updates_over(self, examples: int) -> int:
        """How many updates it makes over so many training examples.

        Raises:
            ConfigError: if they are so many that it would never end.
        """
        found = self.updates or self.epochs * self.updates_per_epoch(examples)
        if found > MOST_UPDATES:
            raise ConfigError(
                f"epochs = {self.epochs:,}: over {examples:,} training examples that is {found:,} "
                f"updates, and allowed are {MOST_UPDATES:,}"
            )
        return found

    def updates_per_epoch(self, examples: int) -> int:
        """Updates in one pass over so many training examples."""
        return -(-examples // self.examples_per_update)

    @property
    def examples_per_update(self) -> int:
        """Training examples that one update takes."""
        return self.batch_size
