"""Tables from objects in memory: data frames of any library, a dictionary, or a list of rows."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from assay.errors import DataError

WHERE = "the table"


def as_table(frame: Any) -> pa.Table:
    """An Arrow table of a pandas, polars or pyarrow table, a dict of columns or a list of dicts.

    A data frame is read by Arrow's PyCapsule interface or the dataframe interchange protocol,
    whichever it offers, so its library need not be known.

    Raises:
        DataError: if it is nothing of the kind.
    """
    if isinstance(frame, pa.Table):
        return frame
    try:
        if isinstance(frame, Mapping):
            return pa.table({str(name): _column(values) for name, values in frame.items()})
        if isinstance(frame, Sequence) and not isinstance(frame, str | bytes):
            return pa.Table.from_pylist([dict(row) for row in frame])
        if hasattr(frame, "__arrow_c_stream__"):
            return pa.table(frame)
        if hasattr(frame, "__dataframe__"):
            from pyarrow.interchange import from_dataframe

            return from_dataframe(frame)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise DataError(f"{WHERE}: {str(error).splitlines()[0]}") from None
    raise DataError(
        f"{WHERE} is a {type(frame).__name__}: allowed are a data frame, a dict of columns and a "
        "list of dicts"
    )


def _column(values: Any) -> pa.Array:
    """An array as it is, of NumPy or another library; else a list of objects."""
    return pa.array(np.asarray(values) if hasattr(values, "__array__") else list(values))
