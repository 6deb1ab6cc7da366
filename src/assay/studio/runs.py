"""Runs as rows, and one run with its curves. No PyTorch."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from assay.config import RunConfig
from assay.errors import AssayError
from assay.store import RunFolder, Store
from assay.store.log import Log, Measures
from assay.store.look import Ended, Look
from assay.store.samples import grid_hashes

_MOST_POINTS = 1_500


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the table.

    Attributes:
        arm: what it shares with the runs that differ from it by their seed alone.
        status: finished, diverged, failed, unfinished or damaged.
        updates: how many were made.
        seconds: spent on it; None while it has not ended.
        problem: what is wrong with a damaged one.
        kind: what it trains; empty of a damaged one.
    """

    run: str
    arm: str
    seed: int | None
    status: str
    updates: int
    seconds: float | None
    problem: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A logged number: after which updates, and its values, None where it was not finite."""

    name: str
    updates: list[int]
    values: list[float | None]


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run.

    Attributes:
        settings: those that are not at their default, as text.
        notes: what was noticed, went wrong, or where a failed attempt raised.
        grids: after which updates it kept a grid of samples.
    """

    row: RunRow
    kind: str
    settings: dict[str, str]
    notes: list[str]
    curves: list[Curve]
    grids: list[int]


def run_rows(store: Store) -> list[RunRow]:
    """A row per run, in the order of their identities; what has not changed is not read again."""
    look = Look(store)
    ended = look.ended
    folders = ((run, store.run(run)) for run in look.runs)
    return [
        _ended_row(run, ended[run])
        # Of a failed one the message is told as well.
        if run in ended and ended[run].status != "failed"
        else run_row(folder)
        for run, folder in folders
        if run in ended or folder.begun
    ]


def _ended_row(run: str, ended: Ended) -> RunRow:
    arm = _arm(ended.label, ended.seed)
    return RunRow(run, arm, ended.seed, ended.status, ended.updates, ended.seconds, kind=ended.kind)


def _arm(label: str, seed: int) -> str:
    """What a run's label says of it but for its seed."""
    return label.removesuffix(f" seed={seed}")


def run_row(folder: RunFolder) -> RunRow:
    """A run as a row; of a damaged one, what is wrong."""
    try:
        config, record = folder.config(), folder.record()
        seed, arm, kind = config.seed, _arm(config.label, config.seed), config.kind
        if record:
            status, updates, seconds = record.status, record.updates, record.seconds
            return RunRow(folder.run_id, arm, seed, status, updates, seconds, record.message, kind)
        updates = folder.metrics().updates
        return RunRow(folder.run_id, arm, seed, "unfinished", updates, None, kind=kind)
    except AssayError as error:
        return RunRow(folder.run_id, "damaged", None, "damaged", 0, None, str(error))
    except OSError as error:  # it was deleted meanwhile
        return RunRow(folder.run_id, "damaged", None, "damaged", 0, None, type(error).__name__)


def run_page(folder: RunFolder) -> RunPage:
    """One run, with its curves.

    Raises:
        StoreError: if it is damaged.
    """
    config, record, log = folder.config(), folder.record(), folder.metrics()
    notes = [*(record.notices if record else []), *(record.alarms if record else [])]
    notes += [f"update {each.update:,}: {each.text}" for each in log.alarms]
    if record and record.traceback:
        notes.append(record.traceback)
    grids = any(probe.name == "samples" for probe in log.probes)
    return RunPage(
        run_row(folder),
        config.kind,
        _settings(config),
        notes,
        curves(log),
        sorted(grid_hashes(folder)) if grids else [],
    )


def curves(log: Log) -> list[Curve]:
    """Every number that a run logged again and again, thinned to what a screen can show."""
    found: dict[str, Curve] = {}
    for line in log.epochs:
        _add(found, "training.", line.update, line.training)
        _add(found, "validation.", line.update, line.validation)
    for check in log.checks:
        _add(found, "check.", check.update, check.measures)
    for step in log.numbers:
        _add(found, "", step.update, step.numbers)
    return [_thinned(each) for each in found.values()]


def _add(found: dict[str, Curve], prefix: str, update: int, measures: Measures) -> None:
    for name, value in measures.items():
        curve = found.setdefault(prefix + name, Curve(prefix + name, [], []))
        finite = value is not None and math.isfinite(value)
        curve.updates.append(update)
        curve.values.append(value if finite else None)


def _thinned(curve: Curve) -> Curve:
    """At most so many points, of each stretch its lowest and highest, and the last one."""
    many = len(curve.updates)
    if many <= _MOST_POINTS:
        return curve
    wide = math.ceil(2 * many / _MOST_POINTS)
    kept = {many - 1}
    for start in range(0, many, wide):
        kept.update(_ends(curve.values, range(start, min(start + wide, many))))
    order = sorted(kept)
    return Curve(curve.name, [curve.updates[n] for n in order], [curve.values[n] for n in order])


def _ends(values: list[float | None], places: Iterable[int]) -> list[int]:
    known = [(value, place) for place in places if (value := values[place]) is not None]
    return [min(known)[1], max(known)[1]] if known else list(places)[:1]


def _settings(config: RunConfig) -> dict[str, str]:
    return {key: str(value) for key, value in config.canonical().items()}
