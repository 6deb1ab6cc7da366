"""All numbers of a report as one plain dictionary, from the study and its runs in a store."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assay.claims.evidence import ArmRuns
from assay.claims.outlook import NUMBERS_ONLY
from assay.claims.snapshot import Snapshot
from assay.report.data.claims import claim_data
from assay.report.data.commands import command_data
from assay.report.data.curves import curve_data
from assay.report.data.plain import Data
from assay.report.data.table import (
    default_settings,
    floors,
    generator_rows,
    other_tables,
    table_rows,
)
from assay.report.words.horizons import horizon_data
from assay.report.words.notes import of_checks, of_generators, unequal_training
from assay.store import Record
from assay.study import Arm, StudyPlan, for_kind
from assay.study.file import Figure

FORMAT = 1


def report_data(snapshot: Snapshot, *, record: bool = False) -> Data:
    """Everything that the report says in numbers or in the study's words, ready for JSON.

    `record` puts the verdicts that are passed on the store's record.

    Raises:
        StoreError: if a run or the record is damaged, or the record cannot be written.
    """
    return page_data(snapshot, record=record) | {"curves": curve_data(snapshot.runs)}


def page_data(snapshot: Snapshot, *, record: bool = False) -> Data:
    """The same without the points of the curves, which no page says in numbers."""
    numbers = snapshot.remembered("numbers", lambda: _numbers(snapshot))
    after = ("settings", "commands")
    return {
        **{key: value for key, value in numbers.items() if key not in after},
        "claims": claim_data(snapshot, record=record),
        **{key: numbers[key] for key in after},
    }


def _numbers(snapshot: Snapshot) -> Data:
    study, runs, status = snapshot.study, snapshot.runs, snapshot.status
    profile = study.profile(snapshot.profile)
    table, generators = table_rows(study, runs), generator_rows(study, runs)
    return {
        "format": FORMAT,
        "study": {
            "name": study.name,
            "title": study.file.title,
            "source": study.file.source,
            "summary": study.file.summary.strip(),
            "kinds": study.kinds,
        },
        "profile": {
            "name": snapshot.profile,
            "verdicts": snapshot.profile != NUMBERS_ONLY,
            "description": profile.description,
            "shortened": any(arm.config != arm.declared for arm in snapshot.arms if arm.seeds),
            "others": [name for name in study.file.profiles if name != snapshot.profile],
        },
        "runs": _runs(status, snapshot.records),
        "environment": _environment(snapshot.records),
        "table": table,
        "table_notes": unequal_training(table),
        "checks": of_checks(table),
        "generators": generators,
        "generator_words": of_generators(generators),
        "others": other_tables(study, runs),
        "floors": floors(runs),
        "horizons": [
            row
            for figure in study.figures
            if study.figure_kind(figure).across
            for row in horizon_data(figure.id, figure_arms(figure, runs))
        ],
        "figures": [_figure(study, figure, runs) for figure in study.figures],
        "settings": _settings(study, snapshot.arms),
        "commands": command_data(study, snapshot.profile, snapshot.arms, status, snapshot.store),
    }


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


def _runs(status: Mapping[str, str], records: Sequence[Record]) -> Data:
    counts = Counter(status.values())
    return {
        "planned": len(status),
        "finished": counts["finished"] + counts["diverged"],
        "diverged": counts["diverged"],
        "failed": counts["failed"],
        "unfinished": counts["unfinished"],
        "not_started": counts["not started"],
        "updates": sum(record.updates for record in records),
        "seconds": round(sum(record.seconds for record in records), 3),
        "first_started": min((record.started for record in records), default=None),
        "last_ended": max((record.ended for record in records), default=None),
    }


def _environment(records: Sequence[Record]) -> Data:
    return {
        "machines": _distinct(record.machine for record in records),
        "versions": _distinct(record.versions for record in records),
        "compute_paths": _distinct(record.compute_path for record in records),
    }


def _distinct(found: Iterable[Mapping[str, Any]]) -> list[Data]:
    """The distinct ones, the commonest first, each with the number of runs that have it."""
    counts = Counter(tuple(each.items()) for each in found)
    return [{"runs": count, **dict(items)} for items, count in counts.most_common()]


def _figure(study: StudyPlan, figure: Figure, runs: Mapping[str, ArmRuns]) -> Data:
    arms = figure_arms(figure, runs)
    return {
        "id": figure.id,
        "title": figure.title,
        "caption": figure.caption,
        "kind": figure.kind,
        "shows": study.figure_kind(figure).shows,
        "settings": figure.settings,
        "finished_only": study.figure_kind(figure).from_store,
        "arms": [found.arm.key for found in arms],
        "planned": sum(found.arm.seeds for found in arms),
        "finished": sum(len(found.logs) for found in arms),
    }


def _settings(study: StudyPlan, arms: Sequence[Arm]) -> Data:
    return {
        name: [
            entry
            for kind in study.kinds
            for entry in _explained(study, kind, for_kind(table, kind), arms)
        ]
        for name, table in (("assumed", study.file.assumed), ("reported", study.file.reported))
    }


def _explained(
    study: StudyPlan, kind: str, reasons: Mapping[str, str], arms: Sequence[Arm]
) -> list[Data]:
    defaults = default_settings(study, kind)
    seeds: dict[str, int] = {}
    for arm in arms:
        seeds[arm.config.kind] = max(arm.seeds, seeds.get(arm.config.kind, 0))
    # A run has one seed and a study several: what it says of the seed is about all of them.
    defaults["seed"] = list(range(seeds.get(kind, 0)))
    return [
        {"kind": kind, "key": key, "value": defaults[key], "reason": reason}
        for key, reason in reasons.items()
    ]
