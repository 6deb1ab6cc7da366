"""Kinds that are trained in this process, by the one loop. No PyTorch until a run is built."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from assay.config import Ending, Extent, Kind, Moments, TrainedConfig
from assay.config.kind import Stop, Watch
from assay.config.registry import attribute
from assay.config.training import CHECK_EXAMPLES
from assay.errors import PluginError
from assay.plugins import own_code, start_afresh
from assay.store import RunFolder

if TYPE_CHECKING:
    from assay.kinds.job import Job
    from assay.training import Objective, Schedule

_FAR = 2**62
"""Updates of a run of which it is not known how many it makes."""


class TrainedKind(Kind):
    """A kind whose runs are built into objective, schedule and probes, and trained.

    Attributes:
        job: `module:function` that builds a configuration.
    """

    job: ClassVar[str]
    preload = "assay.kinds.preload"

    def build(self, config: TrainedConfig) -> "Job":
        """Build a run's objects; the same configuration gives the same objects, bit for bit.

        Raises:
            AssayError: if the data, or what the user brings, cannot be used.
        """
        from assay.kinds.job import seeded

        return seeded(attribute(self.job), config)

    def prepare(self) -> None:  # noqa: D102 - as in Kind
        from assay.kinds.job import prepare_process

        prepare_process()

    def execute(  # noqa: D102 - as in Kind
        self,
        config: TrainedConfig,
        folder: RunFolder,
        watch: Watch,
        stop: Stop,
        checkpoint_seconds: float,
    ) -> Ending:
        from assay.kinds.job import train_job

        return train_job(self.build(config), folder, watch, stop, checkpoint_seconds)

    def examples(self, config: Any) -> int:
        """How many examples a run trains on.

        Raises:
            AssayError: if its data cannot be used.
        """
        raise NotImplementedError

    def examples_at_hand(self, config: Any) -> int | None:
        """The same, None where that is known only from data that have to be read or made."""
        return None

    def logged_at_most(self, config: Any) -> Mapping[str, Moments]:
        """What a run whose updates are known logs, without reading data; by default `logged`.

        A number that only some data have is there with no moment.
        """
        return self.logged(config)

    def logged_without_data(self, config: Any) -> Mapping[str, Moments]:  # noqa: D102 - as in Kind
        known = self.updates_without_data(config)
        updates = _FAR if known is None else known
        found = self.logged_at_most(config.model_copy(update={"updates": updates}))
        if known is not None:
            return found
        # Halfway and the end are somewhere.
        return {
            name: at if isinstance(at, str) else frozenset(each for each in at if each < _FAR // 2)
            for name, at in found.items()
        }

    def updates_without_data(self, config: Any) -> int | None:  # noqa: D102 - as in Kind
        examples = self.examples_at_hand(config) if config.updates is None else 0
        return None if examples is None else config.updates_over(examples)

    def updates(self, config: Any) -> int:  # noqa: D102 - as in Kind
        found: int = config.updates or config.updates_over(self.examples(config))
        return found

    def extent(self, config: Any) -> Extent:  # noqa: D102 - as in Kind
        examples = self.examples(config)
        return replace(
            self.extent_without_data(config, config.updates_per_epoch(examples)), examples=examples
        )

    def extent_without_data(  # noqa: D102 - as in Kind
        self, config: TrainedConfig, updates_per_epoch: int | None
    ) -> Extent:
        by_epochs = None if updates_per_epoch is None else config.epochs * updates_per_epoch
        return Extent(
            updates=config.updates or by_epochs,
            epochs=None if config.updates else config.epochs,
            updates_per_epoch=updates_per_epoch,
            check_every=config.check_every,
            check_examples=CHECK_EXAMPLES,
        )

    def seconds(self, config: TrainedConfig) -> float:  # noqa: D102 - as in Kind
        from assay.kinds.estimate import seconds_of

        brief, examples = self.brief(config), self.examples(config)
        with own_code(config.plugins, "while its pace was measured"):
            return seconds_of(
                self.build(brief),
                config.updates_over(examples),
                config.updates_per_epoch(examples),
                examples / self.examples(brief),
            )

    def brief(self, config: Any) -> Any:
        """A configuration over fewer examples, whose updates take as long."""
        return config

    def networks(self, config: TrainedConfig) -> list[str]:
        """The own modules that are part of what is trained, and not of its data."""
        return config.plugins

    def check(self, config: TrainedConfig) -> None:
        """As in Kind: a run of own data is built, and of an own network its resume rehearsed.

        Raises:
            AssayError: if one cannot be used, or would not go on as it was after an interruption.
        """
        networks = self.networks(config)
        if networks:
            from assay.training.rehearsal import what_is_not_held

            with own_code(networks, "in its first updates"):
                found = what_is_not_held(lambda: self._built_anew(config))
            if found:
                raise PluginError(f"{', '.join(networks)} {found}")
        elif config.data is not None or config.plugins:
            self.build(config)

    def _built_anew(self, config: TrainedConfig) -> "tuple[Objective, Schedule]":
        start_afresh()  # globals and class attributes are no part of a checkpoint either
        job = self.build(config)
        return job.objective, job.schedule
