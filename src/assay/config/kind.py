"""What a kind of experiment is.

Nothing outside a kind's own package asks which kind a run is of. This module imports no PyTorch.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from assay.config.figure import FigureKind, FigureSettings
from assay.config.run import RunConfig
from assay.errors import ConfigError

if TYPE_CHECKING:
    from assay.outcomes.outcome import Outcome
    from assay.store import RunFolder

EndingStatus = Literal["finished", "diverged", "failed", "stopped"]

Moments = frozenset[int] | Literal["epoch", "check", "step"]
"""When a number is logged: after these updates, or at each epoch's end, check or step."""


@dataclass(frozen=True)
class Progress:
    """Where a run is, for whoever watches; `updates` is None where nobody knows how many."""

    update: int
    updates: int | None
    epoch: int
    accuracy: float | None


@dataclass(frozen=True)
class Ending:
    """How an attempt at a run ended.

    Attributes:
        updates: how many were made, over all attempts that are part of the run.
        seconds: spent on them.
        compute_path: what decides the last bits of its numbers, for the record.
        numerics: what else does, beside what is known of every run on this machine.
    """

    status: EndingStatus
    updates: int
    seconds: float
    message: str = ""
    notices: list[str] = field(default_factory=list)
    compute_path: dict[str, str | int] = field(default_factory=dict)
    numerics: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Extent:
    """How much a run is, for tables; None for what its kind has not.

    Attributes:
        updates: how many it makes at most.
        examples: that it trains on.
        length: of a sequence, its label included.
        check_every: updates from one look at its accuracy to the next.
        check_examples: how many validation examples such a look is at, at most.
    """

    updates: int | None
    epochs: int | None = None
    updates_per_epoch: int | None = None
    examples: int | None = None
    length: int | None = None
    check_every: int | None = None
    check_examples: int | None = None


Watch = Callable[[Progress], None]
Stop = Callable[[], bool]


@dataclass(frozen=True)
class Measured:
    """What the numbers of a run are measured against, and in what: words for a report.

    Attributes:
        against: what the runs have to share for their numbers to be compared.
        features: what is compared.
        without: outcomes that say nothing of them.
        why: as a sentence; empty where it needs no word.
    """

    against: str
    features: str
    without: frozenset[str] = frozenset()
    why: str = ""


class Kind(ABC):
    """A kind of experiment: its settings, how a run of it is executed, and what that comes to.

    Attributes:
        name: what `kind = "…"` in a study says.
        config: the settings of a run.
        answers: the outcomes that a report's table of its runs shows, in order.
        figures: the ways to draw its runs, by the name that a figure's `kind` gives them.
        default_figures: which of them a study has that declares no figures.
        own_settings: whether its runs may have settings of the user's own, of any name.
        own_numbers: whether what its runs log is the user's own, of any name and unit.
        preload: a module that the workers' server imports once for all of them; empty: none.
        own_process: whether each run needs a process that has run nothing before.
        budget: the settings that say how long a run goes on and what it writes down, and change
            nothing of what is trained until then: runs that differ in these alone are the same
            training, longer or shorter.
    """

    name: ClassVar[str]
    config: ClassVar[type[RunConfig]]
    answers: ClassVar[Sequence[str]] = ()
    figures: ClassVar[Mapping[str, FigureKind]] = {}
    default_figures: ClassVar[Sequence[str]] = ()
    own_settings: ClassVar[bool] = False
    own_numbers: ClassVar[bool] = False
    preload: ClassVar[str] = ""
    own_process: ClassVar[bool] = False
    budget: ClassVar[frozenset[str]] = frozenset()

    @property
    @abstractmethod
    def outcomes(self) -> "Mapping[str, Outcome]":
        """What a run comes to, each one number, by the name that a claim gives it."""

    def preloads(self, config: Any) -> Sequence[str]:
        """The modules that the workers' server imports before such a run; `preload` at least."""
        return [self.preload] if self.preload else []

    def prepare(self) -> None:  # noqa: B027 - most kinds need nothing
        """Set up a process that is there to execute runs."""

    @abstractmethod
    def execute(
        self,
        config: Any,
        folder: "RunFolder",
        watch: Watch,
        stop: Stop,
        checkpoint_seconds: float,
    ) -> Ending:
        """Run from where the folder stands to the end, or until `stop()`.

        What it logs goes through `folder.log("metrics")`. It may save checkpoints; a stopped run
        has to be one that a later call continues.

        Raises:
            AssayError: if what the configuration names cannot be used.
        """

    @abstractmethod
    def logged(self, config: Any) -> Mapping[str, Moments]:
        """The numbers that a run logs, by name (`validation.accuracy`), and when."""

    def logged_without_data(self, config: Any) -> Mapping[str, Moments]:
        """The same as far as it is known without reading data: moments may be missing.

        A number without any moment is one that may be logged or not.
        """
        return self.logged(config)

    def logs_others(self, config: Any) -> bool:
        """Whether a run may log numbers that `logged` does not name."""
        return self.own_numbers

    def expecting(self, config: Any, numbers: Sequence[str]) -> Any:
        """The configuration, knowing which numbers claims read of its run; by default the same."""
        return config

    def trained(self, config: Any) -> dict[str, Any]:
        """What is trained, whatever the seed and however long: its settings without the budget."""
        settings: dict[str, Any] = config.canonical()
        return {key: settings[key] for key in settings.keys() - {*self.budget, "seed"}}

    @abstractmethod
    def updates(self, config: Any) -> int | None:
        """How many updates, or steps, a run makes at most; None where nobody knows."""

    def updates_without_data(self, config: Any) -> int | None:
        """The same, None where that is known only from data that have to be read or made."""
        return self.updates(config)

    def extent(self, config: Any) -> Extent:
        """How much a run is, for tables.

        Raises:
            AssayError: if its data are not there.
        """
        return Extent(self.updates(config))

    def extent_without_data(self, config: Any, updates_per_epoch: int | None) -> Extent:
        """The same where its data are not there any more, from what a run logged."""
        return Extent(None, updates_per_epoch=updates_per_epoch)

    def goal(self, config: Any) -> float | None:
        """The accuracy at which a run ends before its last update; None where it never does."""
        return None

    def chance(self, config: Any) -> float | None:
        """The accuracy of guessing, where that is known."""
        return None

    def loss_unit(self, config: Any) -> str:
        """The unit of the loss, for an axis; empty where it has none."""
        return ""

    def measured(self, config: Any) -> Measured | None:
        """What its numbers are measured against; None where they stand for themselves."""
        return None

    def work(self, config: Any) -> float:
        """The size of a run, to compare runs of all kinds: about seconds on one core."""
        return float(self.updates(config) or 1)

    def cores(self, config: Any) -> int:
        """How many cores a run uses."""
        return 1

    def gpus(self, config: Any) -> int:
        """How many devices a run holds."""
        return 0

    def pace(self, config: Any) -> str:
        """What decides how long an update takes: runs with the same text have one pace."""
        return str(config.model_copy(update={"seed": 0}).run_id)

    def seconds(self, config: Any) -> float | None:
        """Seconds that a run takes, measured on this machine; None where that is not known."""
        return None

    def check(self, config: Any) -> None:  # noqa: B027 - a kind without own code has nothing to try
        """Try what the configuration names (own modules, own data) before any run starts.

        Raises:
            AssayError: if it cannot be used.
        """

    def notices(self, config: Any) -> Sequence[str]:
        """What of a run's data may not be as the user meant it, in a sentence each.

        Raises:
            AssayError: if its data cannot be used.
        """
        return []

    def network(self, run: "RunFolder") -> Any:
        """The trained network of a run, in evaluation mode.

        Raises:
            ConfigError: if runs of this kind have none.
        """
        raise ConfigError(f"run {run.run_id}: a run of kind {self.name!r} has no network")

    def kept(self, run: "RunFolder", drawn: Sequence[FigureSettings]) -> dict[str, bytes]:
        """Files that an archive keeps of a finished run beside its log, by name.

        `drawn` is how the study's figures draw it.
        """
        return {}
