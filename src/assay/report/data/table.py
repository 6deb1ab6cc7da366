"""Table 1 of the report: what was trained, for how long, and what it came to."""

from collections.abc import Mapping, Sequence
from typing import Any

from assay.claims.evidence import ArmRuns, summarise
from assay.config import Extent, Kind, Measured, RunConfig, kind_named
from assay.errors import AssayError
from assay.figures.labels import arm_label
from assay.kinds.gan.outcomes import quality_of
from assay.outcomes.outcome import Outcome
from assay.outcomes.reading import At, logged_outcome
from assay.report.data.plain import NOTHING, summary_row
from assay.report.data.report import ColumnRow, FloorRow, MeasuredRow, OtherTable, TableRow
from assay.store.log import Log
from assay.study import StudyPlan, for_kind

ANSWERS = ("best_accuracy", "last_accuracy", "final_accuracy", "updates_to_90")

QUALITIES = (
    "frechet_over_floor",
    "frechet",
    "kernel",
    "precision",
    "recall",
    "density",
    "coverage",
    "near",
    "class_balance",
    "isolated_pixels",
)

# Not parameters that a reader would compare: identity, place, and what has a column of its own.
_NOT_PARAMETERS = {
    "kind",
    "seed",
    "folder",
    "length",
    "data_sha256",
    "source_sha256",
    "expects",
}


_COLUMNS = 6
"""Numbers that a table of the user's own runs shows at most."""


def table_rows(study: StudyPlan, runs: Mapping[str, ArmRuns]) -> list[TableRow]:
    """One row an arm that the profile trains to answer something."""
    return _rows(study, _answering(ANSWERS, runs), None)


def generator_rows(study: StudyPlan, runs: Mapping[str, ArmRuns]) -> list[TableRow]:
    """One row an arm that the profile trains to generate images."""
    return _rows(study, _answering(QUALITIES, runs), None)


def other_tables(study: StudyPlan, runs: Mapping[str, ArmRuns]) -> list[OtherTable]:
    """A table for each other kind of run, with what it comes to by its own outcomes."""
    tables = []
    for kind in map(kind_named, study.kinds):
        own = study.experiments_of(kind)
        chosen = [each for each in runs.values() if each.arm.experiment in own]
        answers = _logged(study, kind, chosen) if kind.own_numbers else _answers(kind)
        rows = _rows(study, chosen, answers)
        if tuple(kind.answers) not in (ANSWERS, QUALITIES) and rows:
            columns = [_column(name, of) for name, of in answers.items()]
            tables.append(OtherTable(kind.name, columns, rows))
    return tables


def _answers(kind: Kind) -> dict[str, Outcome]:
    """The outcomes that a kind's table shows."""
    return {name: kind.outcomes[name] for name in kind.answers}


def _logged(study: StudyPlan, kind: Kind, chosen: Sequence[ArmRuns]) -> dict[str, Outcome]:
    """The last of each number that runs log, of names that nobody knows beforehand.

    Those that claims read come first, and then the others by name, up to a width that is read.
    """
    logs = [log for found in chosen for log in found.logs]
    told = {name for log in logs for line in log.numbers for name in line.numbers}
    units = {part.metric: part.unit for claim in study.claims for part in claim.parts}
    names = [*(name for name in units if name in told), *sorted(told - units.keys())]
    return {
        name: logged_outcome(name, At(), None, units.get(name, "")) for name in names[:_COLUMNS]
    }


def _column(name: str, outcome: Outcome) -> ColumnRow:
    return ColumnRow(name, outcome.describe, outcome.unit)


def floors(runs: Mapping[str, ArmRuns]) -> list[FloorRow]:
    """The quality of real images and of pure noise, as the first run has them.

    Each set of images that generators are measured against has its own.
    """
    logs: dict[str, list[Log]] = {}
    for found in _answering(QUALITIES, runs):
        logs.setdefault(_measured(found).against, []).extend(found.logs)
    rows = []
    for against, of_these in logs.items():
        for name, title in (("floor", "real images, the floor"), ("noise", "pure noise")):
            values = {quality: _first(name, quality, of_these) for quality in QUALITIES[1:]}
            if values["frechet"] is not None:
                rows.append(FloorRow(title, against, values))
    return rows


def shown_qualities(rows: Sequence[TableRow]) -> list[str]:
    """The qualities that say something of any of the rows."""
    return [name for name in QUALITIES if any(name not in row.measured.without for row in rows)]


def default_settings(study: StudyPlan, kind: str) -> dict[str, Any]:
    """Every setting as the study has it where an experiment does not change it."""
    fields = {name: field.default for name, field in kind_named(kind).config.model_fields.items()}
    return fields | for_kind(study.file.defaults, kind)


def _answering(answers: tuple[str, ...], runs: Mapping[str, ArmRuns]) -> list[ArmRuns]:
    """The arms of kinds whose table shows these outcomes."""
    return [
        found
        for found in runs.values()
        if tuple(kind_named(found.arm.config.kind).answers) == answers
    ]


def _rows(
    study: StudyPlan, chosen: Sequence[ArmRuns], answers: Mapping[str, Outcome] | None
) -> list[TableRow]:
    """One row an arm that the profile trains, with these outcomes, or those of its kind's table."""
    extents: dict[str, Extent] = {}
    return [_row(study, found, extents, answers) for found in chosen if found.arm.seeds]


def _measured(runs: ArmRuns) -> MeasuredRow:
    """What an arm's images are measured against and in, and how many of them."""
    config = runs.arm.config
    found = kind_named(config.kind).measured(config) or Measured("", "")
    counts = [count for log in runs.logs for _, count in log.points("quality.images")]
    return MeasuredRow(
        against=found.against,
        features=found.features,
        without=sorted(found.without),
        why_without=found.why,
        images=int(max(counts)) if counts else None,
    )


def _first(real: str, quality: str, logs: list[Log]) -> float | None:
    found = (quality_of(real, quality, log) for log in logs)
    return next((value for value in found if value is not None), None)


def _row(
    study: StudyPlan,
    runs: ArmRuns,
    extents: dict[str, Extent],
    answers: Mapping[str, Outcome] | None,
) -> TableRow:
    arm, config = runs.arm, runs.arm.config
    kind, measured = kind_named(config.kind), _measured(runs)
    now, declared = _extent(config, runs.logs, extents), _extent(arm.declared, runs.logs, extents)
    return TableRow(
        figures=[fig.id for fig in study.figures if arm.experiment in fig.experiments],
        experiment=arm.experiment,
        arm=arm.key,
        title=arm.title,
        label=arm_label(arm),
        length=now.length,
        changed=_changed(study, arm.declared),
        training_examples=now.examples,
        updates_per_epoch=now.updates_per_epoch,
        epochs=now.epochs,
        updates=now.updates,
        check_every=now.check_every,
        check_examples=now.check_examples,
        declared_epochs=declared.epochs,
        declared_updates=declared.updates,
        stop_accuracy=kind.goal(config),
        seeds=arm.seeds,
        finished=len(runs.logs),
        diverged=runs.diverged,
        measured=measured,
        summaries={
            name: NOTHING
            if name in measured.without
            else summary_row(summarise(outcome, runs), runs.seeds)
            for name, outcome in (_answers(kind) if answers is None else answers).items()
        },
    )


def _changed(study: StudyPlan, declared: RunConfig) -> dict[str, Any]:
    defaults = default_settings(study, declared.kind)
    found = {
        key: value
        for key, value in declared.model_dump().items()
        if key not in _NOT_PARAMETERS and value != defaults.get(key)
    }
    if kind_named(declared.kind).own_settings:  # a study names them as any other
        found |= found.pop("values", {})
    return found


def _extent(config: RunConfig, logs: Sequence[Log], known: dict[str, Extent]) -> Extent:
    """How much a run is, from the data, or where they are not there from what a run logged."""
    kind = kind_named(config.kind)
    if config.run_id not in known:
        try:
            known[config.run_id] = kind.extent(config)
        except AssayError:
            per_epoch = next((log.epochs[0].update for log in logs if log.epochs), None)
            known[config.run_id] = kind.extent_without_data(config, per_epoch)
    return known[config.run_id]
