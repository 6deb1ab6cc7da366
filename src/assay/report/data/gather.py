"""All numbers of a report from the study and its runs in a store."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assay.claims.evidence import ArmRuns
from assay.claims.snapshot import Snapshot
from assay.config import kind_named
from assay.report.data.claims import claim_rows
from assay.report.data.commands import command_rows
from assay.report.data.curves import curve_data
from assay.report.data.plain import plain, run_counts
from assay.report.data.report import (
    EnvironmentRow,
    FactsRow,
    FigureRow,
    ProfileRow,
    ReportData,
    RunsRow,
    SettingRow,
    SettingsRow,
    StudyRow,
)
from assay.report.data.table import (
    default_settings,
    floors,
    generator_rows,
    other_tables,
    table_rows,
)
from assay.report.words.horizons import horizon_rows
from assay.report.words.notes import of_checks, of_generators, of_runs, unequal_training
from assay.store import Record
from assay.study import Arm, StudyPlan, for_kind
from assay.study.file import Figure
from assay.study.plan import NUMBERS_ONLY

FORMAT = 2


def report_data(snapshot: Snapshot) -> dict[str, Any]:
    """Everything that the report says in numbers or in the study's words, ready for JSON.

    Raises:
        StoreError: if a run is damaged.
    """
    found: dict[str, Any] = plain(page_data(snapshot))
    return found | {"curves": curve_data(snapshot.runs)}


def page_data(snapshot: Snapshot) -> ReportData:
    """The same without the points of the curves, which no page says in numbers."""
    numbers = snapshot.remembered("numbers", ReportData, lambda: _numbers(snapshot))
    return replace(numbers, claims=claim_rows(snapshot))


def _numbers(snapshot: Snapshot) -> ReportData:
    """All but the claims."""
    study, runs, status = snapshot.study, snapshot.runs, snapshot.status
    table, generators = table_rows(study, runs), generator_rows(study, runs)
    return ReportData(
        format=FORMAT,
        study=study_row(study),
        profile=profile_row(snapshot),
        runs=_runs(status, snapshot.records),
        environment=_environment(snapshot.records),
        table=table,
        table_notes=unequal_training(table),
        checks=of_checks(table),
        generators=generators,
        generator_words=of_generators(generators),
        others=other_tables(study, runs),
        floors=floors(runs),
        horizons=[
            row
            for figure in study.figures
            if study.figure_kind(figure).across
            for row in horizon_rows(figure.id, figure_arms(figure, runs))
        ],
        notices=of_runs(notice for record in snapshot.records for notice in record.notices),
        figures=[_figure(study, figure, runs) for figure in study.figures],
        claims=[],
        settings=SettingsRow(
            _explained(study, study.file.assumed, snapshot.arms),
            _explained(study, study.file.reported, snapshot.arms),
        ),
        commands=command_rows(study, snapshot.profile, snapshot.arms, status, snapshot.store),
    )


def figure_arms(figure: Figure, runs: Mapping[str, ArmRuns]) -> list[ArmRuns]:
    """The arms of a figure that the profile trains, in the figure's order."""
    return [
        found
        for experiment in figure.experiments
        for found in runs.values()
        if found.arm.experiment == experiment
        and found.arm.seeds
        and figure.draws(experiment, found.arm.point)
    ]


def study_row(study: StudyPlan) -> StudyRow:
    """What a study says of itself."""
    return StudyRow(
        study.name,
        study.file.title,
        study.file.source,
        study.file.summary.strip(),
        study.file.note.strip(),
        study.kinds,
        study.file.alpha,
        study.file.most,
    )


def profile_row(snapshot: Snapshot) -> ProfileRow:
    """What is run of a study."""
    study, name = snapshot.study, snapshot.profile
    return ProfileRow(
        name=name,
        verdicts=name != NUMBERS_ONLY,
        description=study.profile(name).description,
        shortened=any(arm.config != arm.declared for arm in snapshot.arms if arm.seeds),
        others=[other for other in study.file.profiles if other != name],
    )


def _runs(status: Mapping[str, str], records: Sequence[Record]) -> RunsRow:
    counts = run_counts(Counter(status.values()))
    return RunsRow(
        # A run that diverged ended, as the plan sees it.
        counts=replace(counts, planned=len(status), finished=counts.finished + counts.diverged),
        updates=sum(record.updates for record in records),
        seconds=round(sum(record.seconds for record in records), 3),
        first_started=min((record.started for record in records), default=None),
        last_ended=max((record.ended for record in records), default=None),
    )


def _environment(records: Sequence[Record]) -> EnvironmentRow:
    return EnvironmentRow(
        machines=_distinct(record.machine for record in records),
        versions=_distinct(record.versions for record in records),
        compute_paths=_distinct(record.compute_path for record in records),
    )


def _distinct(found: Iterable[Mapping[str, Any]]) -> list[FactsRow]:
    """The distinct ones, the commonest first, each with the number of runs that have it."""
    counts = Counter(tuple(each.items()) for each in found)
    return [FactsRow(count, dict(items)) for items, count in counts.most_common()]


def _figure(study: StudyPlan, figure: Figure, runs: Mapping[str, ArmRuns]) -> FigureRow:
    arms = figure_arms(figure, runs)
    return FigureRow(
        id=figure.id,
        title=figure.title,
        caption=figure.caption,
        kind=figure.kind,
        shows=study.figure_kind(figure).shows,
        settings=figure.settings,
        finished_only=study.figure_kind(figure).from_store,
        arms=[found.arm.key for found in arms],
        planned=sum(found.arm.seeds for found in arms),
        finished=sum(len(found.logs) for found in arms),
    )


def _explained(study: StudyPlan, table: Mapping[str, Any], arms: Sequence[Arm]) -> list[SettingRow]:
    """The settings that a table of the study file gives reasons for, kind by kind."""
    return [
        SettingRow(kind, key, defaults[key], reason)
        for kind in study.kinds
        for defaults in [_settings(study, kind, arms)]
        for key, reason in for_kind(table, kind).items()
    ]


def _settings(study: StudyPlan, kind: str, arms: Sequence[Arm]) -> dict[str, Any]:
    own = study.experiments_of(kind_named(kind))
    seeds = max((arm.seeds for arm in arms if arm.experiment in own), default=0)
    # A run has one seed and a study several: what it says of the seed is about all of them.
    return default_settings(study, kind) | {"seed": list(range(seeds))}
