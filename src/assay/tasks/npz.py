"""Arrays of an NPZ file: what is damaged, encrypted or claims to be enormous is one sentence."""

import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any, BinaryIO

from numpy.typing import NDArray

from assay.errors import DataError
from assay.store import npy

MOST_BYTES = 16 * 2**30
"""Unpacked, of all arrays that are read. A few kilobytes can unpack to any number of them."""


class Arrays(dict[str, NDArray[Any]]):
    """The arrays that were asked for and are there, and the names of all that are."""

    names: tuple[str, ...] = ()


def read_npz(
    file: Path | BinaryIO,
    where: str,
    wanted: Collection[str] | None = None,
    most: int = MOST_BYTES,
) -> Arrays:
    """Some arrays of a file, or all, without pickled objects.

    Args:
        file: the file, open or not.
        where: it is, for messages.
        wanted: the names of the arrays; None: all.
        most: bytes that they may unpack to.

    Raises:
        DataError: if it is no readable NPZ file, or unpacks to too much.
    """
    try:
        with npy.load(file) as archive:
            found = Arrays()
            found.names = tuple(archive.files)
            chosen = found.names if wanted is None else [n for n in wanted if n in found.names]
            _check_size(archive.zip, chosen, most)
            found.update({name: archive[name] for name in chosen})
            return found
    except npy.ERRORS as error:
        reason = (str(error).splitlines() or [""])[0][:200].rstrip(". ")
        raise DataError(
            f"{where}: not a readable NPZ file of plain arrays ({type(error).__name__}: {reason})"
        ) from None


def _check_size(archive: zipfile.ZipFile, names: Collection[str], most: int) -> None:
    """See that what is declared fits: `read` gives no more of a member than it declares."""
    chosen = [each for each in archive.infolist() if each.filename.removesuffix(".npy") in names]
    size = sum(each.file_size for each in chosen)
    if size > most:
        raise ValueError(f"its arrays unpack to {size:,} bytes: allowed are {most:,}")
