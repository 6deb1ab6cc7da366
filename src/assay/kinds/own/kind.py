"""Kinds whose runs are the user's own, with settings and numbers of any name."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from assay.config import Extent, FigureKind, Kind, Moments
from assay.kinds.own.figure import LoggedSettings
from assay.outcomes.outcome import Outcome


class OwnKind(Kind):
    """Runs of which nobody knows beforehand what they log, nor how long they go on."""

    own_settings = True
    own_numbers = True
    outcomes: ClassVar[Mapping[str, Outcome]] = {}
    figures: ClassVar[Mapping[str, FigureKind]] = {
        "logged": FigureKind(
            "assay.figures.logged:logged_figure",
            "The numbers over the steps, of {arms}.",
            settings=LoggedSettings,
        )
    }
    default_figures = ("logged",)
    budget = frozenset({"cores"})

    def trained(self, config: Any) -> dict[str, Any]:
        """Its settings without the budget; a value that says how many steps it logs is of it."""
        found = super().trained(config)
        values = {key: value for key, value in config.values.items() if key != config.updates}
        return {**found, "values": values}

    def logged(self, config: Any) -> Mapping[str, Moments]:
        """None that is known: they show when it runs."""
        return {}

    def expecting(self, config: Any, numbers: Sequence[str]) -> Any:
        """A run that logs none of these has failed."""
        expects = sorted({*config.expects, *numbers})
        return config.model_copy(update={"expects": expects}) if numbers else config

    def updates(self, config: Any) -> int | None:  # noqa: D102 - as in Kind
        steps: int | None = config.steps
        return steps

    def extent_without_data(  # noqa: D102 - as in Kind
        self, config: Any, updates_per_epoch: int | None
    ) -> Extent:
        return Extent(None)  # one that ends of itself before that is whole

    def cores(self, config: Any) -> int:  # noqa: D102 - as in Kind
        cores: int = config.cores
        return cores
