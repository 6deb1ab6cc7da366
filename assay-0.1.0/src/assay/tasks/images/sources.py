"""Where own images come from: a folder, a ZIP or a Parquet file gives them one by one."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from assay.errors import DataError
from assay.plugins import is_image

MOST_BYTES = 256 * 2**20


@dataclass(frozen=True)
class Item:
    """An encoded image: its name in messages, its class if it has one, and how to read it.

    `read` raises a DataError.
    """

    name: str
    label: str | None
    read: Callable[[], bytes]


def items(path: Path) -> list[Item]:
    """The images of a folder, a ZIP or a Parquet file, in a fixed order.

    In a folder or ZIP whose images all lie in sub-folders, the sub-folder is the class. A Parquet
    file has a column `image` (bytes, or a struct with a field `bytes`), and maybe `label`.

    Raises:
        DataError: if it cannot be read, or is of another kind.
    """
    if path.is_dir():
        return _labelled(list(_folder(path)))
    readers = {".zip": _zip, ".parquet": _parquet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise DataError(f"{path}: allowed are a folder, or a file .zip, .parquet or .npz")
    return reader(path)


def _folder(root: Path) -> Iterator[Item]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if path.is_file() and is_image(PurePosixPath(name.as_posix())):
            yield Item(str(path), _class(PurePosixPath(name.as_posix())), partial(_file, path))


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None


def _zip(path: Path) -> list[Item]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(archive.infolist(), key=lambda member: member.filename)
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is no readable ZIP file: {error}") from None
    chosen = [member for member in members if is_image(PurePosixPath(member.filename))]
    return _labelled(
        [
            Item(
                f"{path}: {member.filename}",
                _class(PurePosixPath(member.filename)),
                partial(_member, path, member),
            )
            for member in chosen
        ]
    )


def _member(path: Path, member: zipfile.ZipInfo) -> bytes:
    where = f"{path}: {member.filename}"
    if member.file_size > MOST_BYTES:
        raise DataError(f"{where} unpacks to {member.file_size:,} bytes: allowed {MOST_BYTES:,}")
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(member)
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise DataError(f"{where} cannot be unpacked: {error}") from None


def _parquet(path: Path) -> list[Item]:
    # Loaded here, for other images do without.
    import pyarrow as pa
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            names = file.schema_arrow.names
            if "image" not in names:
                shown = ", ".join(map(repr, names)) or "none"
                raise DataError(f"{path}: the columns are {shown}: one column 'image' is needed")
            wanted = [name for name in ("image", "label") if name in names]
            table = file.read(columns=wanted)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path} is no readable Parquet file: {error}") from None
    images = table.column("image")
    labels = table.column("label").to_pylist() if "label" in names else [None] * len(images)
    if any(label is None for label in labels):
        labels = [None] * len(images)
    return [
        Item(
            f"{path}: row {row + 1}",
            None if label is None else str(label),
            partial(_cell, images[row], f"{path}: row {row + 1}"),
        )
        for row, label in enumerate(labels)
    ]


def _cell(cell: Any, where: str) -> bytes:
    value = cell.as_py()
    if isinstance(value, dict):
        value = value.get("bytes")
    if not isinstance(value, bytes):
        raise DataError(f"{where}: column 'image' should hold the bytes of an image file")
    return value


def _labelled(found: list[Item]) -> list[Item]:
    """Classes count only where every image has one."""
    if all(item.label is not None for item in found):
        return found
    return [Item(item.name, None, item.read) for item in found]


def _class(name: PurePosixPath) -> str | None:
    return name.parts[0] if len(name.parts) > 1 else None
