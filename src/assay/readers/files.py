"""Tables of results from files: CSV, Parquet, JSON lines, a folder of them, or standard input."""

import codecs
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from assay.errors import DataError
from assay.text import NotUtf8Error, check_utf8

STDIN = "-"

# Not nan: a number that is none is not the same as no number.
_NULLS = ["", "NA", "N/A", "n/a", "null", "NULL", "None", "-"]
_FEW = 6
_MOST_BYTES = 2**30
_DELIMITERS = (",", ";", "\t")


def read_table(path: str) -> pa.Table:
    """A table of results.

    Args:
        path: a file, a folder of files of one kind, whose rows are put together, or `-` for
            standard input, which is CSV or JSON lines.

    Raises:
        DataError: naming the file, and what is wrong with it or allowed.
    """
    if path == STDIN:
        if sys.stdin is None:  # closed by whoever started it
            raise DataError("standard input: is closed: a table is read from it")
        content = sys.stdin.buffer.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise DataError(f"standard input: is longer than {_MOST_BYTES:,} bytes")
        return _text(content, "standard input")
    place = Path(path)
    if place.is_dir():
        return _folder(place)
    if not place.is_file():
        raise DataError(f"{path}: there is no such file or folder")
    return _file(place)


def read_delimited(path: Path) -> pa.Table:
    """The table in a file of commas, semicolons or tabs, whatever its ending.

    Raises:
        DataError: naming the file, and what is wrong with it.
    """
    try:
        return _text(path.read_bytes(), str(path))
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from None


def _folder(folder: Path) -> pa.Table:
    files = sorted(each for each in folder.iterdir() if each.suffix.lower() in _READERS)
    if not files:
        raise DataError(f"{folder}: there is no file of results in it: {_allowed()}")
    tables = [_plain(_file(file)) for file in files]
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException as error:
        raise DataError(f"{folder}: its files have columns of different types: {error}") from None


def _plain(table: pa.Table) -> pa.Table:
    """Its texts in one form: few of them are read in another than many."""
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            texts = table.column(place).cast(field.type.value_type)
            table = table.set_column(place, field.name, texts)
    return table


def _file(path: Path) -> pa.Table:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise DataError(f"{path}: file type {path.suffix!r}: {_allowed()}")
    try:
        return reader(path)
    except OSError as error:
        reason = error.strerror or str(error).splitlines()[0]
        raise DataError(f"{path}: cannot be read: {reason}") from None


def _parquet(path: Path) -> pa.Table:
    from assay.readers.parquet import read_parquet

    try:
        return read_parquet(path)
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise _unreadable(str(path), "Parquet file", error) from None


def _text_file(path: Path) -> pa.Table:
    return _text(path.read_bytes(), str(path), lines=path.suffix.lower() not in (".csv", ".tsv"))


def _text(content: bytes, where: str, *, lines: bool = False) -> pa.Table:
    try:
        check_utf8(content)
    except NotUtf8Error as error:
        place = f", line {error.line}" if error.line else ""
        raise DataError(f"{where}{place}: {error}") from None
    content = content.removeprefix(codecs.BOM_UTF8)
    if not content.strip():
        raise DataError(f"{where}: is empty: a header and a row per run, or a step, are needed")
    is_json = lines or content.lstrip()[:1] == b"{"
    return (_json if is_json else _csv)(io.BytesIO(content), where)


def _csv(file: BinaryIO, where: str) -> pa.Table:
    import pyarrow.csv as csv

    head = file.readline().decode().rstrip("\r\n")
    delimiter = max(_DELIMITERS, key=head.count)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    try:
        return csv.read_csv(
            file,
            # One block, so that a column has one type; one thread, so that errors name the row.
            csv.ReadOptions(use_threads=False, block_size=min(size + 1, 2**31 - 1)),
            csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            csv.ConvertOptions(
                null_values=_NULLS,
                strings_can_be_null=True,
                auto_dict_encode=True,
                decimal_point=_point(head, delimiter),
            ),
        )
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise _unreadable(where, "CSV file", error) from None


def _point(head: str, delimiter: str) -> str:
    """Where columns are set apart by semicolons, a comma is the decimal point."""
    return "," if delimiter == ";" and "," not in head else "."


def _json(file: BinaryIO, where: str) -> pa.Table:
    import pyarrow.json

    _check_lines(file, where)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    try:
        options = pyarrow.json.ReadOptions(use_threads=False, block_size=min(size + 1, 2**31 - 1))
        return pyarrow.json.read_json(file, options)
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise _unreadable(where, "file of JSON lines", error) from None


def _check_lines(file: BinaryIO, where: str) -> None:
    """See that each line is one object: Arrow ends the process at what is nested deeply, or null.

    Raises:
        DataError: naming the first that is none.
    """
    from pydantic_core import from_json

    for number, line in enumerate(file, start=1):
        try:
            is_one = not line.strip() or isinstance(from_json(line), dict)
        except ValueError as error:
            raise _unreadable(f"{where}, line {number}", "file of JSON lines", error) from None
        if not is_one:
            raise DataError(f"{where}, line {number}: should be a JSON object, one a line")


_READERS: dict[str, Callable[[Path], pa.Table]] = {
    ".csv": _text_file,
    ".tsv": _text_file,
    ".jsonl": _text_file,
    ".ndjson": _text_file,
    ".parquet": _parquet,
}


def _allowed(names: Sequence[str] = tuple(_READERS)) -> str:
    return f"allowed are {', '.join(names)}"


def _unreadable(where: str, kind: str, error: Exception) -> DataError:
    reason = (str(error).splitlines() or [""])[0][:200].rstrip(". ").replace("Row #", "line ")
    return DataError(f"{where}: not a readable {kind}: {reason}")


def column_in_words(values: pa.ChunkedArray) -> str:
    """What a column holds: its values where they are few, else from where to where."""
    import pyarrow.compute as pc

    distinct = pc.unique(values).drop_null()
    if len(distinct) <= _FEW:
        return ", ".join(str(each) for each in distinct.to_pylist()) or "empty"
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        ends = pc.min_max(values).as_py()
        return f"{ends['min']:g} to {ends['max']:g}"
    shown = ", ".join(str(each) for each in distinct[:_FEW].to_pylist())
    return f"{shown}, … ({len(distinct):,} values)"
