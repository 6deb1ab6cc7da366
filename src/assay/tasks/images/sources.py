"""Where own images come from: a folder, a ZIP, Parquet or NPZ file gives them one by one."""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assay.errors import DataError, shown
from assay.plugins import is_hidden, is_image
from assay.tasks.images.cache import Bytes
from assay.tasks.images.classes import Classes, by_folder, by_label
from assay.tasks.npz import read_npz

MOST_BYTES = 256 * 2**20
# What Explorer leaves in a folder; Finder's files are hidden ones.
_NO_NEWS = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Item:
    """An encoded image: its name in messages, and how to read it, which raises a DataError."""

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Source:
    """Images in a fixed order, their classes, and what was passed over, in a sentence each."""

    items: Sequence[Item]
    classes: Classes
    notices: tuple[str, ...] = ()


def source(path: Path) -> Source:
    """The images of a folder, or of a ZIP, Parquet or NPZ file.

    In a folder or ZIP a folder that holds images is their class. A Parquet file has a column
    `image` (bytes, or a struct with a field `bytes`), and maybe `label`; an NPZ file `images`
    uint8, (N, H, W), (N, H, W, C) or (N, C, H, W), and maybe `labels` (N,).

    Raises:
        DataError: if it cannot be read, or is of another kind.
    """
    if path.is_dir():
        return _folder(path)
    readers = {".zip": _zip, ".parquet": _parquet, ".npz": _npz}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise DataError(f"{shown(path)}: allowed are a folder, or a file .zip, .parquet or .npz")
    return reader(path)


def _folder(root: Path) -> Source:
    every = {PurePosixPath(path.relative_to(root).as_posix()): path for path in root.rglob("*")}
    names = sorted(every, key=lambda name: every[name])
    chosen = [name for name in names if is_image(name) and every[name].is_file()]
    links = [name for name in chosen if _leads_out(every[name], root)]
    notices = [*_passed_over(name for name in names if not _is_folder(every[name]))]
    if links:
        notices.append(
            f"{_counted(len(links), 'image')} {'is a link' if len(links) == 1 else 'are links'} "
            f"to files outside {shown(root.name)}, such as {shown(links[0])}: read as if they were "
            "there"
        )
    if others := [name for name in names if is_image(name) and not _is_read(every[name])]:
        notices.append(_passed(others, "name", "with no file behind"))
    if folders := [name for name in names if every[name].is_symlink() and every[name].is_dir()]:
        notices.append(_passed(folders, "link", "to folders"))
    items = [Item(shown(every[name]), partial(_file, every[name])) for name in chosen]
    return Source(items, by_folder(chosen), tuple(notices))


def _is_folder(path: Path) -> bool:
    return path.is_dir() or path.is_symlink()


def _is_read(path: Path) -> bool:
    return path.is_file() or path.is_dir()


def _leads_out(path: Path, root: Path) -> bool:
    return path.is_symlink() and not path.resolve().is_relative_to(root.resolve())


def _file(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise DataError(f"{shown(path)} has {size:,} bytes: allowed are {MOST_BYTES:,}")
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{shown(path)} cannot be read: {error.strerror or error}") from None


def _zip(path: Path) -> Source:
    try:
        with zipfile.ZipFile(path) as archive:
            named = [member for member in archive.infolist() if member.filename]
            members = sorted(named, key=lambda member: member.filename)
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(f"{shown(path)} is no readable ZIP file: {error}") from None
    files = [member for member in members if not member.is_dir()]
    chosen = [member for member in files if is_image(PurePosixPath(member.filename))]
    items = [
        Item(f"{shown(path)}: {shown(member.filename)}", partial(_member, path, member))
        for member in chosen
    ]
    names = [PurePosixPath(member.filename) for member in files]
    classes = by_folder([PurePosixPath(member.filename) for member in chosen])
    return Source(items, classes, tuple(_passed_over(names)))


def _member(path: Path, member: zipfile.ZipInfo) -> bytes:
    where = f"{shown(path)}: {shown(member.filename)}"
    if member.file_size > MOST_BYTES:
        raise DataError(f"{where} unpacks to {member.file_size:,} bytes: allowed {MOST_BYTES:,}")
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(member)
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        raise DataError(f"{where} cannot be unpacked: {error}") from None


def _passed_over(names: Iterable[PurePosixPath]) -> list[str]:
    """That files are not read as images, how many of which names, in a sentence."""
    others = [
        name
        for name in names
        if not is_image(name) and not is_hidden(name) and name.name.lower() not in _NO_NEWS
    ]
    if not others:
        return []
    kinds = Counter(name.suffix.lower() or "no ending" for name in others)
    told = ", ".join(f"{shown(kind)} ({count})" for kind, count in kinds.most_common(3))
    return [_passed(others, "file", f"not read as images: {told}")]


def _passed(names: Sequence[PurePosixPath], what: str, why: str) -> str:
    return f"passed over: {_counted(len(names), what)} {why}, such as {shown(names[0])}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _parquet(path: Path) -> Source:
    # Loaded here, for other images do without.
    import pyarrow as pa
    import pyarrow.parquet

    from assay.readers.parquet import read_parquet

    try:
        names = pyarrow.parquet.read_schema(path).names
        if "image" not in names:
            named = ", ".join(map(repr, names)) or "none"
            raise DataError(f"{shown(path)}: the columns are {named}: one column 'image' is needed")
        table = read_parquet(path, ("image", "label"))
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{shown(path)} is no readable Parquet file: {error}") from None
    images = table.column("image")
    labels = table.column("label").to_pylist() if "label" in names else None
    rows = [f"{shown(path)}: row {row + 1}" for row in range(len(images))]
    items = [Item(name, partial(_cell, images[row], name)) for row, name in enumerate(rows)]
    return Source(items, by_label(labels))


def _cell(cell: Any, where: str) -> bytes:
    value = cell.as_py()
    if isinstance(value, dict):
        value = value.get("bytes")
    if not isinstance(value, bytes):
        raise DataError(f"{where}: column 'image' should hold the bytes of an image file")
    return value


def _npz(path: Path) -> Source:
    arrays = read_npz(path, shown(path), ["images", "labels"])
    if "images" not in arrays:
        named = ", ".join(map(repr, arrays.names)) or "none"
        raise DataError(f"{shown(path)}: the arrays are {named}: one 'images' is needed")
    images = _pictures(arrays["images"], path)
    labels = arrays.get("labels")
    if labels is not None and labels.shape != (len(images),):
        raise DataError(f"{shown(path)}: 'labels' should have one entry for each of {len(images)}")
    items = [
        Item(f"{shown(path)}: image {row + 1}", partial(_encoded, image))
        for row, image in enumerate(images)
    ]
    return Source(items, by_label(None if labels is None else labels.tolist()))


def _pictures(images: NDArray[Any], path: Path) -> Bytes:
    """(N, H, W) or (N, H, W, 3)."""
    if images.dtype != np.uint8:
        raise DataError(
            f"{shown(path)}: 'images' has type {images.dtype}: allowed is uint8, 0 to 255"
        )
    if images.ndim == 4 and images.shape[1] in (1, 3) and images.shape[3] not in (1, 3):
        images = images.transpose(0, 2, 3, 1)
    if images.ndim == 4 and images.shape[3] == 1:
        images = images[..., 0]
    if images.ndim not in (3, 4) or (images.ndim == 4 and images.shape[3] != 3):
        raise DataError(
            f"{shown(path)}: 'images' has shape {images.shape}: allowed are (N, H, W), "
            "(N, H, W, C) and (N, C, H, W) with C = 1 or 3"
        )
    if 0 in images.shape[1:]:
        raise DataError(f"{shown(path)}: 'images' has shape {images.shape}: no axis may be empty")
    return np.ascontiguousarray(images)


def _encoded(image: Bytes) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "BMP")
    return buffer.getvalue()
