"""From a table to the value of each run of an arm, by seed."""

import difflib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from assay.errors import DataError
from assay.judging.question import Choice, Question, named
from assay.outcomes.reading import At

SEEDS = ("seed", "random_seed", "rng_seed", "run_seed", "init_seed", "manual_seed")
STEPS = (
    "step",
    "global_step",
    "epoch",
    "iteration",
    "iter",
    "update",
    "_step",
    "trainer/global_step",
)
RUNS = ("run", "run_id", "run_name", "trial", "trial_id", "replicate", "repeat")

_LISTED = 8


@dataclass(frozen=True)
class Runs:
    """The runs of an arm.

    Attributes:
        seeds: the seed of each, in order; numbers of runs where the table has none.
        values: (n,) what each came to: NaN where it has no value, ∞ where a time was not reached.
        followed: (n,) the last step of each, of times.
    """

    seeds: list[str]
    values: NDArray[np.float64]
    followed: NDArray[np.float64]


def runs_of(table: pa.Table, question: Question, choice: Choice, where: str) -> Runs:
    """The runs of an arm, each read as the question says.

    Raises:
        DataError: naming the table, the column and what is there.
    """
    rows = table.filter(_mask(table, choice, where)) if choice else table
    if not rows.num_rows:
        raise DataError(f"{where}: no row has {named(choice)}")
    seed = question.seed or _by_name(table, (*SEEDS, *RUNS))
    step = question.step or _by_name(table, STEPS)
    column(table, question.metric, where)
    for name in filter(None, (seed, step)):
        column(table, name, where)
    values = numbers(rows.column(question.metric), f"{where}: column {question.metric!r}")
    names = _labels(rows.column(seed)) if seed else [str(n) for n in range(rows.num_rows)]
    steps = _steps(rows, step, where)
    order = np.lexsort((steps, np.unique(names, return_inverse=True)[1]))
    return _read(names, steps, values, order, question, _Where(where, choice, seed, step, rows))


@dataclass(frozen=True)
class _Where:
    """Of which rows, for messages."""

    table: str
    choice: Choice
    seed: str | None
    step: str | None
    rows: pa.Table


def _read(
    names: Sequence[str],
    steps: NDArray[np.float64],
    values: NDArray[np.float64],
    order: NDArray[np.intp],
    question: Question,
    where: _Where,
) -> Runs:
    found: dict[str, list[int]] = {}
    for row in order.tolist():
        found.setdefault(names[row], []).append(row)
    read, followed = [], []
    for name, rows in found.items():
        at = steps[rows]
        if len(rows) > 1 and (where.step is None or len(np.unique(at)) < len(rows)):
            raise DataError(_twice(name, rows, where))
        read.append(reading(question.reading, at, values[rows]))
        followed.append(float(at[-1]) if where.step else 1.0)
    ordered = sorted(range(len(found)), key=lambda place: _natural(list(found)[place]))
    seeds = list(found)
    return Runs(
        [seeds[place] for place in ordered],
        np.array([read[place] for place in ordered]),
        np.array([followed[place] for place in ordered]),
    )


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


def column(table: pa.Table, name: str, where: str) -> pa.ChunkedArray:
    """A column by its name.

    Raises:
        DataError: if there is none, or more than one.
    """
    names = [str(each) for each in table.column_names]
    if names.count(name) == 1:
        return table.column(name)
    if name in names:
        raise DataError(f"{where}: {names.count(name)} columns have the name {name!r}")
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise DataError(f"{where}: there is no column {name!r}: {hint}there are {_list(names)}")


def numbers(values: pa.ChunkedArray, what: str) -> NDArray[np.float64]:
    """A column as numbers; NaN where a cell is empty or not finite.

    Raises:
        DataError: naming the first row, counted from 1, whose cell is no number.
    """
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    kind = values.type
    if pa.types.is_null(kind):
        return np.full(len(values), np.nan)
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)):
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            raise DataError(f"{what} is of type {kind}: allowed are numbers")
        values = _parsed(values, what)
    found = np.asarray(values.cast(pa.float64(), safe=False).to_numpy(), dtype=float)
    found = found.astype(float)
    found[~np.isfinite(found)] = np.nan
    return found


def _parsed(texts: pa.ChunkedArray, what: str) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(texts)
    blank = pc.is_in(pc.utf8_lower(trimmed), pa.array(["", "nan", "na", "null", "none", "-"]))
    known = pc.if_else(blank, pa.scalar(None, pa.string()), trimmed.cast(pa.string()))
    number = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$|^[-+]?inf(inity)?$"
    wrong = pc.invert(pc.match_substring_regex(known, number, ignore_case=True))
    if pc.any(wrong).as_py():
        row = pc.index(wrong, True).as_py()
        text = known[row].as_py()
        comma = ": with a decimal comma? write a point" if "," in text else ""
        raise DataError(f"{what}, row {row + 1}: {text!r} is no number{comma}")
    return known.cast(pa.float64())


def values_of(table: pa.Table, names: Iterable[str], where: str) -> list[tuple[str, ...]]:
    """The distinct combinations of some columns' values, in their order in the table."""
    columns = [_labels(column(table, name, where)) for name in names]
    return list(dict.fromkeys(zip(*columns, strict=True)))


def _mask(table: pa.Table, choice: Choice, where: str) -> pa.ChunkedArray:
    mask = None
    for name, value in choice.items():
        labels = pa.array(_labels(column(table, name, where)))
        same = pc.equal(labels, _label(value, table.column(name).type))
        if not pc.any(same).as_py():
            there = sorted(set(labels.to_pylist()), key=_natural)
            near = difflib.get_close_matches(value, there, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise DataError(
                f"{where}: no row has {name} = {value!r}: {hint}there are {_list(there)}"
            )
        mask = same if mask is None else pc.and_(mask, same)
    return mask


def _labels(values: pa.ChunkedArray) -> list[str]:
    """A column's values as text; numbers as Python writes them, an empty cell as nothing."""
    return ["" if each is None else _text(each) for each in values.to_pylist()]


def _label(value: str, kind: pa.DataType) -> str:
    """A value as `_labels` writes it, so that 1e-3 is 0.001."""
    try:
        if pa.types.is_floating(kind):
            return _text(float(value))
        if pa.types.is_integer(kind):
            return _text(int(float(value))) if float(value).is_integer() else value
    except ValueError:
        pass
    return value.lower() if pa.types.is_boolean(kind) else value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _by_name(table: pa.Table, names: Sequence[str]) -> str | None:
    there = {str(name).lower(): str(name) for name in reversed(table.column_names)}
    return next((there[name] for name in names if name in there), None)


def _steps(rows: pa.Table, step: str | None, where: str) -> NDArray[np.float64]:
    if step is None:
        return np.zeros(rows.num_rows)
    found = numbers(rows.column(step), f"{where}: column {step!r}")
    if np.isnan(found).any():
        row = int(np.isnan(found).argmax()) + 1
        raise DataError(
            f"{where}: column {step!r} of {rows.num_rows} rows has no step in row {row}"
        )
    return found


def _twice(seed: str, rows: list[int], where: _Where) -> str:
    """Why several rows of a seed cannot be told apart, and by which columns they could."""
    kept = where.rows.take(rows)
    skip = {where.seed, where.step, *where.choice}
    differ = [
        str(name)
        for name in kept.column_names
        if name not in skip and pa.types.is_string(kept.column(name).type)
        if len(set(kept.column(name).to_pylist())) > 1
    ]
    named_by = f"{where.seed} {seed}" if where.seed else f"row {seed}"
    hint = (
        f": they differ in {_list(differ)}: choose among them with --of, --against or --by"
        if differ
        else ": name the column of seeds with --seed, or that of steps with --step"
    )
    return (
        f"{where.table}: {len(rows)} rows of {named(where.choice)} have {named_by}"
        f"{' and the same ' + where.step if where.step else ''}{hint}"
    )


def _natural(text: str) -> tuple[int, float, str]:
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(map(repr, names[:_LISTED]))
    return shown + (", …" if len(names) > _LISTED else "")
