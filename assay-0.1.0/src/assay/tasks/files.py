"""Own sequences from a Parquet, CSV or NPZ file."""

import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from assay.errors import DataError
from assay.tasks.arrays import from_arrays
from assay.tasks.base import SequenceData
from assay.tasks.tables import SEQUENCE, from_table

Arrays = tuple[NDArray[Any], NDArray[Any]]

_MAX_BLOCK = 2**31 - 1

# Arrow decodes names and texts when they are first read: not UTF-8 shows only then.
_ARROW_ERRORS = (pa.ArrowException, OSError, UnicodeDecodeError)

# What NumPy and zipfile raise for a damaged archive: each of these was seen, or is documented.
_NPZ_ERRORS = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    RuntimeError,
    OverflowError,
    TypeError,
    MemoryError,
    SyntaxError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
)


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
        raise DataError(f"{path}: file type {path.suffix!r}: allowed are {', '.join(readers)}")
    if not path.is_file():
        raise DataError(f"{path}: there is no such file")
    sequences, labels = reader(path)
    return from_arrays(sequences, labels, str(path))


def _read_parquet(path: Path) -> Arrays:
    try:
        # Not `read_table`: it would take folders named like a=1 for columns.
        with pyarrow.parquet.ParquetFile(path) as file:
            return from_table(file.read(), str(path))
    except _ARROW_ERRORS as error:
        raise _unreadable(path, "Parquet file", error) from None


def _read_csv(path: Path) -> Arrays:
    # One block: types are inferred from the first, where a real column may look integer.
    # One thread: with more, Arrow does not say which row has too few columns.
    block = min(path.stat().st_size + 1, _MAX_BLOCK)
    try:
        table = pyarrow.csv.read_csv(
            path,
            pyarrow.csv.ReadOptions(use_threads=False, block_size=block),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={SEQUENCE: pa.string()},  # an integer would lose leading zeros
                strings_can_be_null=True,
            ),
        )
        return from_table(table, str(path))
    except _ARROW_ERRORS as error:
        raise _unreadable(path, "CSV file", error) from None


def _read_npz(path: Path) -> Arrays:
    try:
        with np.load(path, allow_pickle=False) as archive:
            missing = {"sequences", "labels"} - set(archive.files)
            if not missing:
                return archive["sequences"], archive["labels"]
            names = ", ".join(map(repr, archive.files)) or "none"
    except _NPZ_ERRORS as error:
        raise _unreadable(path, "NPZ file of plain arrays", error) from None
    raise DataError(f"{path}: the arrays are {names}: needed are 'sequences' and 'labels'")


def _unreadable(path: Path, kind: str, error: Exception) -> DataError:
    reason = (str(error).splitlines() or [""])[0][:200].rstrip(". ")
    reason = reason.replace("Row #", "line ")  # Arrow counts the header, unlike other messages here
    return DataError(f"{path}: not a readable {kind} ({type(error).__name__}: {reason})")
