"""Tables from Parquet files, none of which unpacks to more than memory holds."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

MOST_VALUES = 2**28
"""Of all columns that are read: the same one a thousand million times takes a few bytes."""


def read_parquet(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """The table of one file, or those of its columns that are there.

    It is never taken for a folder of files, whose names would be columns.

    Raises:
        pa.ArrowException: if it is no such file, or unpacks to too much.
        OSError: if it cannot be read, or Arrow says so of a damaged one.
    """
    with pyarrow.parquet.ParquetFile(path) as file:
        there = file.schema_arrow.names
        chosen = None if columns is None else [name for name in columns if name in there]
        # Arrow ends the process where a damaged file is asked about the parts of its columns.
        count = file.metadata.num_rows * (len(there) if chosen is None else len(chosen))
        if count > MOST_VALUES:
            raise pa.ArrowInvalid(f"it unpacks to {count:,} values: allowed are {MOST_VALUES:,}")
        return file.read(columns=chosen)
