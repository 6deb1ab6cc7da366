"""Own sequences from a Parquet, CSV or NPZ file."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from assay.errors import DataError, shown
from assay.readers.parquet import read_parquet
from assay.tasks.arrays import from_arrays
from assay.tasks.base import SequenceData
from assay.tasks.npz import read_npz
from assay.tasks.tables import SEQUENCE, from_table
from assay.text import NotUtf8Error, check_utf8

Arrays = tuple[NDArray[Any], NDArray[Any]]

_MAX_BLOCK = 2**31 - 1
_OTHERS = {";": "semicolons", "\t": "tabs", "|": "bars"}

# Arrow decodes names and texts when they are first read: not UTF-8 shows only then.
_ARROW_ERRORS = (pa.ArrowException, OSError, UnicodeDecodeError)


def read_sequences(path: Path | str) -> SequenceData:
    """Read sequences and labels from a file.

    - `.npz`: arrays `sequences` (N, L) or (N, L, D) and `labels` (N,), without pickled objects.
    - `.csv`, `.parquet`: a column `label`, and either a column `sequence` (a string of digits such
      as 01210; in Parquet also a list of numbers) or one column a time step.

    `assay.tasks.arrays.from_arrays` says what is a symbol, a class, or a real value.

    Raises:
        DataError: naming the file, the row (counted from 1, header not counted) or the column, and
            what is allowed.
    """
    path = Path(path)
    readers = {".parquet": _read_parquet, ".csv": _read_csv, ".npz": _read_npz}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise DataError(
            f"{shown(path)}: file type {path.suffix!r}: allowed are {', '.join(readers)}"
        )
    if not path.is_file():
        raise DataError(f"{shown(path)}: there is no such file")
    sequences, labels = reader(path)
    return from_arrays(sequences, labels, shown(path))


def _read_parquet(path: Path) -> Arrays:
    try:
        return from_table(read_parquet(path), shown(path))
    except _ARROW_ERRORS as error:
        raise _unreadable(path, "Parquet file", error) from None


def _read_csv(path: Path) -> Arrays:
    # One block: types are inferred from the first, where a real column may look integer.
    # One thread: with more, Arrow does not say which row has too few columns.
    block = min(path.stat().st_size + 1, _MAX_BLOCK)
    _check_text(path)
    try:
        table = pyarrow.csv.read_csv(
            path,
            pyarrow.csv.ReadOptions(use_threads=False, block_size=block),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={SEQUENCE: pa.string()},  # an integer would lose leading zeros
                strings_can_be_null=True,
            ),
        )
        return from_table(table, shown(path))
    except _ARROW_ERRORS as error:
        raise _unreadable(path, "CSV file", error) from None


def _check_text(path: Path) -> None:
    """See that a CSV file is UTF-8 and its columns are set apart by commas."""
    try:
        content = path.read_bytes()
        check_utf8(content)
    except OSError as error:
        raise DataError(f"{shown(path)} cannot be read: {error.strerror or error}") from None
    except NotUtf8Error as error:
        place = f", line {error.line}" if error.line else ""
        raise DataError(f"{shown(path)}{place}: {error}") from None
    head = content.partition(b"\n")[0].decode()
    other = max(_OTHERS, key=head.count)
    if head.count(other) > head.count(","):
        raise DataError(
            f"{shown(path)}: its columns are set apart by {_OTHERS[other]}: save it with commas, "
            "and with points in its numbers"
        )


def _read_npz(path: Path) -> Arrays:
    found = read_npz(path, shown(path), ["sequences", "labels"])
    if len(found) < 2:
        names = ", ".join(map(repr, found.names)) or "none"
        raise DataError(
            f"{shown(path)}: the arrays are {names}: needed are 'sequences' and 'labels'"
        )
    return found["sequences"], found["labels"]


def _unreadable(path: Path, kind: str, error: Exception) -> DataError:
    reason = (str(error).splitlines() or [""])[0][:200].rstrip(". ")
    reason = reason.replace("Row #", "line ")  # Arrow counts the header, unlike other messages here
    return DataError(f"{shown(path)}: not a readable {kind} ({type(error).__name__}: {reason})")
