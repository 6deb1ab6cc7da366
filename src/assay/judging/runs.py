"""From a table to the value of each run of an arm, by seed."""

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.errors import DataError
from assay.judging.cells import Labels, is_text
from assay.judging.columns import Columns, natural
from assay.judging.question import SHARES, Choice, Question, named
from assay.outcomes.reading import At
from assay.readers.names import RUNS, SEEDS, STEPS, listed

MOST_RUNS = 10_000


@dataclass(frozen=True)
class Runs:
    """The runs of an arm.

    Attributes:
        seeds: the seed of each, in order; numbers of runs where the table has none.
        values: (n,) what each came to: NaN where it has no value, ∞ where a time was not reached.
        followed: (n,) the last step of each, of times.
        unlogged: how many rows were left out, since at their steps the metric was not logged.
    """

    seeds: list[str]
    values: NDArray[np.float64]
    followed: NDArray[np.float64]
    unlogged: int


def runs_of(columns: Columns, question: Question, choice: Choice) -> Runs:
    """The runs of an arm, each read as the question says.

    Raises:
        DataError: naming the table, the column and what is there.
    """
    rows = columns.chosen(choice)
    if not len(rows):
        raise DataError(f"{columns.where}: no row has {named(choice)}")
    seed = question.seed or columns.by_name((*SEEDS, *RUNS))
    step = question.step or columns.by_name(STEPS)
    values, empty = columns.numbers(question.metric, rows)
    if question.unit == SHARES:
        _check_shares(values, columns, question.metric)
    names = _names(columns, seed, rows, choice)
    steps = _steps(columns, step, rows)
    order = np.lexsort((steps, names.codes))
    ends = np.flatnonzero(np.diff(names.codes[order])) + 1
    parts = np.split(order, ends)
    of = _Arm(columns, choice, seed, step)
    read = [
        _run(question.reading, steps[part], values[part], empty[part], of)
        if len(part) == 1 or (step is not None and (np.diff(steps[part]) > 0).all())
        else of.refuse(names.texts[names.codes[part[0]]], rows[part])
        for part in parts
    ]
    seeds = [names.texts[names.codes[part[0]]] for part in parts]
    sort = sorted(range(len(seeds)), key=lambda place: natural(seeds[place]))
    return Runs(
        [seeds[place] for place in sort],
        np.array([read[place].value for place in sort]),
        np.array([read[place].followed for place in sort]),
        sum(each.unlogged for each in read),
    )


@dataclass(frozen=True)
class _Read:
    """What a run came to."""

    value: float
    followed: float
    unlogged: int


@dataclass(frozen=True)
class _Arm:
    """Which rows, for messages."""

    columns: Columns
    choice: Choice
    seed: str | None
    step: str | None

    def refuse(self, seed: str, rows: NDArray[np.intp]) -> _Read:
        """Say why several rows of a seed cannot be told apart, and by which columns they could.

        Raises:
            DataError: always.
        """
        kept = self.columns.table.take(rows)
        skip = {self.seed, self.step, *self.choice}
        differ = [
            name
            for place, name in enumerate(self.columns.names)
            if name not in skip and _is_text(kept.column(place).type)
            if len(set(kept.column(place).to_pylist())) > 1
        ]
        named_by = f"{self.seed} {seed}" if self.seed else f"row {seed}"
        hint = (
            f": they differ in {listed(differ)}: choose among them with --of, --against or --by"
            if differ
            else ": name the column of seeds with --seed, or that of steps with --step"
        )
        raise DataError(
            f"{self.columns.where}: {len(rows)} rows of {named(self.choice)} have {named_by}"
            f"{' and the same ' + self.step if self.step else ''}{hint}"
        )


def _run(
    at: At,
    steps: NDArray[np.float64],
    values: NDArray[np.float64],
    empty: NDArray[np.bool_],
    arm: _Arm,
) -> _Read:
    followed = float(steps[-1]) if arm.step else 1.0
    if not empty.any():
        return _Read(reading(at, steps, values), followed, 0)
    logged = np.flatnonzero(~empty)
    if not len(logged):
        return _Read(math.inf if at.is_time else math.nan, followed, 0)
    # An empty cell is a step at which other numbers were logged, or one that was no number. A run
    # that is without a number at its end for longer than ever before has ended without one.
    longest = int(np.diff(logged, prepend=-1).max()) - 1
    ended = len(values) - 1 - int(logged[-1]) > longest
    if ended:
        logged = np.append(logged, len(values) - 1)
    value = reading(at, steps[logged], values[logged])
    return _Read(value, followed, len(values) - len(logged))


def reading(at: At, steps: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """One number of a run: (n,) steps ascending and the values there.

    NaN where there is none; of a first time ∞ where it never came.
    """
    if at.is_time:
        reached = values > at.number if at.how == "above" else values < at.number
        return float(steps[reached][0]) if reached.any() else math.inf
    if at.how == "update":
        values = values[steps <= at.number]
    if at.how in ("best", "lowest"):
        values = values[~np.isnan(values)]
    if not len(values):
        return math.nan
    if at.how == "mean":
        return float(values[-int(at.number) :].mean())
    return float({"best": np.max, "lowest": np.min}.get(at.how, lambda found: found[-1])(values))


def _names(columns: Columns, seed: str | None, rows: NDArray[np.intp], choice: Choice) -> Labels:
    """What tells the runs apart.

    Where they are chosen by a pattern of their names, `lstm-*`, it is what the star stands for.
    """
    if seed is None:
        _check_number(len(rows), columns, choice)
        return Labels(np.arange(len(rows), dtype=np.int32), [str(row) for row in range(len(rows))])
    labels = columns.labels(seed)
    codes = labels.codes[rows]
    _check_number(len(np.unique(codes)), columns, choice)
    texts = list(labels.texts)
    for place, star in columns.starred(seed, choice.get(seed, "")).items():
        texts[place] = star
    return Labels(codes, texts)


def _check_number(runs: int, columns: Columns, choice: Choice) -> None:
    if runs > MOST_RUNS:
        raise DataError(
            f"{columns.where}: rows of {named(choice)} make {runs:,} runs, and {MOST_RUNS:,} are "
            "the most: where a run has several rows, name its seed with --seed"
        )


def _check_shares(values: NDArray[np.float64], columns: Columns, metric: str) -> None:
    low, high = np.nanmin(values, initial=np.inf), np.nanmax(values, initial=-np.inf)
    if low < 0 or high > 1:
        raise DataError(
            f"{columns.where}: column {metric!r} is from {low:g} to {high:g}: a share is 0 to 1, "
            "so leave --unit out, or divide by 100"
        )


def _steps(columns: Columns, step: str | None, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    if step is None:
        return np.zeros(len(rows))
    found, _ = columns.numbers(step, rows)
    if np.isnan(found).any():
        row = int(rows[np.isnan(found).argmax()]) + 1
        raise DataError(f"{columns.where}: column {step!r}, row {row}: there is no step")
    return found


def _is_text(kind: pa.DataType) -> bool:
    return is_text(kind.value_type if pa.types.is_dictionary(kind) else kind)
