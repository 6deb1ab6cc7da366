"""Sequences and labels from the columns of a table, as CSV and Parquet files hold them."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from assay.errors import DataError

LABEL = "label"
SEQUENCE = "sequence"

# A row index that pandas writes on its own would pass for a time step.
_PANDAS_INDEX = "__index_level_"

_NUMBER = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"


def from_table(table: pa.Table, where: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """(N, L) sequences and (N,) labels of a table.

    Labels are the column `label`. A sequence is an entry of the column `sequence` (a list of
    numbers, or a string of digits), other columns being left aside; without such a column, every
    other column in order is one time step.

    Raises:
        DataError: naming `where`, the column, the row (counted from 1, header not counted) and
            what is allowed.
    """
    names = [str(name) for name in table.column_names]
    if names.count(LABEL) != 1 or names.count(SEQUENCE) > 1:
        shown = ", ".join(repr(name) for name in names[:8]) + (", ..." if len(names) > 8 else "")
        raise DataError(
            f"{where}: the columns are {shown}: one column 'label' is needed, and either one "
            "'sequence' or one column a time step"
        )
    if table.num_rows < 2:
        raise DataError(f"{where}: the table has {table.num_rows} rows: at least 2 are needed")
    labels = _labels(_plain(table.column(LABEL)), where)
    if SEQUENCE in names:
        return _sequences(_plain(table.column(SEQUENCE)), where), labels
    steps = [
        _step(_plain(table.column(place)), name, place + 1, where)
        for place, name in enumerate(names)
        if name != LABEL and not name.startswith(_PANDAS_INDEX)
    ]
    if not steps:
        raise DataError(f"{where}: beside 'label' a column 'sequence', or one a step, is needed")
    return np.stack(steps, axis=1), labels


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column in the form that Arrow's functions take.

    Pandas, Polars and databases write texts as dictionaries or views, lists as views, and numbers
    as decimals.
    """
    if pa.types.is_run_end_encoded(column.type):
        column = pa.chunked_array(map(pc.run_end_decode, column.chunks), column.type.value_type)
    kind = _plain_type(column.type)
    return column if kind == column.type else column.cast(kind)


def _plain_type(kind: pa.DataType) -> pa.DataType:
    types = pa.types
    if types.is_dictionary(kind):
        return _plain_type(kind.value_type)
    if types.is_string_view(kind) or types.is_large_string(kind):
        return pa.large_string()
    if types.is_decimal(kind):
        return pa.float64()
    if _is_list(kind) and _plain_type(kind.value_type) != kind.value_type:
        return pa.large_list(_plain_type(kind.value_type))
    if types.is_list_view(kind) or types.is_large_list_view(kind):
        return pa.large_list(_plain_type(kind.value_type))
    return kind


def _labels(column: pa.ChunkedArray, where: str) -> NDArray[Any]:
    _check_present(column, f"{where}: column 'label'", "an integer, a string or a float")
    if _is_number(column.type):
        return np.asarray(column.to_numpy())
    if _is_text(column.type):
        return np.array(column.to_pylist(), dtype=str)
    raise DataError(
        f"{where}: column 'label' has type {column.type}: allowed are integers, strings and floats"
    )


def _step(column: pa.ChunkedArray, name: str, place: int, where: str) -> NDArray[Any]:
    if not name:
        raise DataError(
            f"{where}: column {place} has no name: a time step needs one, a row index is none"
        )
    what = f"{where}: column {name!r}"
    _check_present(column, what, "a number")
    if _is_text(column.type):
        wrong = pc.invert(pc.match_substring_regex(column, _NUMBER))
        _refuse(wrong, what, "is no number", "a number")
    if not _is_number(column.type):
        raise DataError(f"{what} is of type {column.type}: allowed in a time step are numbers")
    return np.asarray(column.to_numpy())


def _sequences(column: pa.ChunkedArray, where: str) -> NDArray[Any]:
    what = f"{where}: column 'sequence'"
    _check_present(column, what, "a list of numbers or a string of digits")
    if _is_text(column.type):
        wrong = pc.invert(pc.match_substring_regex(column, "^[0-9]+$"))
        _refuse(wrong, what, "is no string of digits", "a string such as 12344")
        length = _common_length(pc.binary_length(column), what)
        text = "".join(column.to_pylist()).encode()
        return np.frombuffer(text, np.uint8).reshape(-1, length) - ord("0")
    if not _is_list(column.type) or not _is_number(column.type.value_type):
        raise DataError(
            f"{what} is of type {column.type}: allowed are lists of numbers and strings of digits"
        )
    length = _common_length(pc.list_value_length(column), what)
    values = pc.list_flatten(column)
    missing = pc.is_null(values, nan_is_null=True)
    if pc.any(missing).as_py():
        row, step = divmod(pc.index(missing, True).as_py(), length)
        raise DataError(f"{what}, row {row + 1}, step {step + 1} is missing: allowed are numbers")
    return np.asarray(values.to_numpy()).reshape(-1, length)


def _common_length(lengths: pa.ChunkedArray, what: str) -> int:
    length = int(lengths[0].as_py())
    if not length:
        raise DataError(f"{what}, row 1 is an empty list: allowed is one step or more")
    allowed = f"one length for all, here {length}"
    _refuse(pc.not_equal(lengths, length), what, "differs in length from row 1", allowed)
    return length


def _check_present(column: pa.ChunkedArray, what: str, allowed: str) -> None:
    _refuse(pc.is_null(column, nan_is_null=True), what, "is empty or NaN", allowed)


def _refuse(wrong: pa.ChunkedArray, what: str, problem: str, allowed: str) -> None:
    """Raise for the first row of a column at which `wrong` holds."""
    if pc.any(wrong).as_py():
        row = pc.index(wrong, True).as_py() + 1
        raise DataError(f"{what}, row {row} {problem}: allowed is {allowed}")


def _is_number(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_list(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))
