"""The rows of a report's tables, of its figures and of the rest, and all of it together."""

from dataclasses import dataclass, field
from typing import Any

from assay.report.data.rows import INLINE, ClaimRow, Number, RunCounts, SummaryRow


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """Against what and in which features an arm's images are measured, and how many of them.

    Attributes:
        without: the qualities that say nothing of them.
    """

    against: str
    features: str
    without: list[str]
    why_without: str
    images: int | None


@dataclass(frozen=True, slots=True)
class TableRow:
    """An arm in a table: what is trained, how much, and what its kind's outcomes come to.

    Attributes:
        changed: the settings that are not the study's defaults.
        check_every: so many updates apart a training is looked at between epochs.
        check_examples: on so many validation examples.
    """

    figures: list[str]
    experiment: str
    arm: str
    title: str
    label: str
    length: int | None
    changed: dict[str, Any]
    training_examples: int | None
    updates_per_epoch: int | None
    epochs: Number | None
    updates: int | None
    check_every: int | None
    check_examples: int | None
    declared_epochs: Number | None
    declared_updates: int | None
    stop_accuracy: float | None
    seeds: int
    finished: int
    diverged: int
    measured: MeasuredRow = field(metadata=INLINE)
    summaries: dict[str, SummaryRow] = field(metadata=INLINE)


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """An outcome as a table's column."""

    name: str
    describe: str
    unit: str


@dataclass(frozen=True, slots=True)
class OtherTable:
    """The table of a kind whose outcomes are its own."""

    kind: str
    columns: list[ColumnRow]
    rows: list[TableRow]


@dataclass(frozen=True, slots=True)
class ChecksWords:
    """How often and at how many examples trainings are looked at, as text."""

    check_every: str
    check_examples: str


@dataclass(frozen=True, slots=True)
class GeneratorWords:
    """What the numbers of generators are: sentences about all, and notes that only some need."""

    quality: str
    features: str
    notes: list[str]


@dataclass(frozen=True, slots=True)
class FloorRow:
    """The quality of what a generator is held against."""

    title: str
    against: str
    qualities: dict[str, Number | None] = field(metadata=INLINE)


@dataclass(frozen=True, slots=True)
class PointRow:
    """How many runs of how many were solved at a length."""

    length: int
    solved: int
    runs: int


@dataclass(frozen=True, slots=True)
class HorizonRow:
    """A memory horizon; `beyond` says on which side of the lengths tried it is, if on any."""

    figure: str
    experiment: str
    label: str
    arms: list[str]
    accuracy: float
    share: float
    updates: int
    longest: int | None
    estimate: float | None
    low: float | None
    high: float | None
    beyond: str | None
    points: list[PointRow]
    sentence: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure, and how many of the runs that it draws there are."""

    id: str
    title: str
    caption: str
    kind: str
    shows: str
    settings: dict[str, Any]
    finished_only: bool
    arms: list[str]
    planned: int
    finished: int


@dataclass(frozen=True, slots=True)
class StudyRow:
    """What a study says of itself.

    Attributes:
        note: what a reader has to know of its verdicts.
        alpha: the share of verdicts that may be false on average.
        most: the share of runs that has to show a claim.
    """

    name: str
    title: str
    source: str
    summary: str
    note: str
    kinds: list[str]
    alpha: float
    most: float


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A profile: whether it passes verdicts, and whether it shortens a training."""

    name: str
    verdicts: bool
    description: str
    shortened: bool
    others: list[str]


@dataclass(frozen=True, slots=True)
class RunsRow:
    """How far the runs of a profile are, and what they took; times are in ISO format, UTC."""

    counts: RunCounts = field(metadata=INLINE)
    updates: int
    seconds: Number
    first_started: str | None
    last_ended: str | None


@dataclass(frozen=True, slots=True)
class FactsRow:
    """A machine, set of versions or compute path, and how many runs have it."""

    runs: int
    facts: dict[str, Any] = field(metadata=INLINE)


@dataclass(frozen=True, slots=True)
class EnvironmentRow:
    """Where the runs were trained, the commonest first."""

    machines: list[FactsRow]
    versions: list[FactsRow]
    compute_paths: list[FactsRow]


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting that a study explains."""

    kind: str
    key: str
    value: Any
    reason: str


@dataclass(frozen=True, slots=True)
class SettingsRow:
    """The settings that a report leaves open, and those that it states."""

    assumed: list[SettingRow]
    reported: list[SettingRow]


@dataclass(frozen=True, slots=True)
class ExperimentCommand:
    """How to train an experiment."""

    experiment: str
    title: str
    command: str


@dataclass(frozen=True, slots=True)
class RunCommand:
    """How to train a run, and how far it is."""

    seed: int
    run: str
    status: str
    command: str


@dataclass(frozen=True, slots=True)
class ArmCommands:
    """How to train each run of an arm."""

    arm: str
    label: str
    runs: list[RunCommand]


@dataclass(frozen=True, slots=True)
class CommandsRow:
    """How to train everything, each experiment and each run."""

    everything: list[str]
    experiments: list[ExperimentCommand]
    arms: list[ArmCommands]


@dataclass(frozen=True)
class ReportData:
    """All that a report's pages say in numbers or in the study's words."""

    format: int
    study: StudyRow
    profile: ProfileRow
    runs: RunsRow
    environment: EnvironmentRow
    table: list[TableRow]
    table_notes: list[str]
    checks: ChecksWords
    generators: list[TableRow]
    generator_words: GeneratorWords
    others: list[OtherTable]
    floors: list[FloorRow]
    horizons: list[HorizonRow]
    notices: list[str]
    figures: list[FigureRow]
    claims: list[ClaimRow]
    settings: SettingsRow
    commands: CommandsRow
