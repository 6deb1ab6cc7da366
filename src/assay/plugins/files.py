"""The own data of a configuration, and the fingerprint of what is read of them."""

import errno
import hashlib
import stat
from pathlib import Path, PurePath

from assay.config import NOWHERE, RunConfig
from assay.errors import DataError, shown

_LONGEST = 200

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")


def is_image(name: PurePath) -> bool:
    """Whether a file, named relative to the folder or archive of own images, is read as an image.

    Hidden files and what is below hidden folders are not, such as `.ipynb_checkpoints`.
    """
    return name.suffix.lower() in IMAGE_SUFFIXES and not is_hidden(name)


def is_hidden(name: PurePath) -> bool:
    """Whether a file or a folder above it is hidden, or is what Finder adds to archives."""
    return any(part.startswith((".", "__MACOSX")) for part in name.parts)


def fingerprint(path: Path) -> str:
    """SHA-256 of a file; of a folder, over the names and contents of the images below it.

    Raises:
        DataError: if a file cannot be read.
    """
    try:
        if path.is_file():
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        digest = hashlib.sha256()
        for item in sorted(path.rglob("*")):
            name = item.relative_to(path)
            if is_image(name) and item.is_file():
                # Names that are not UTF-8 are hashed as the bytes that they are.
                line = f"{name.as_posix()}\0{fingerprint(item)}\n"
                digest.update(line.encode(errors="surrogateescape"))
        return digest.hexdigest()
    except OSError as error:
        raise DataError(
            f"{shown(error.filename or path)} cannot be read: {error.strerror}"
        ) from None


def data_path(config: RunConfig) -> Path:
    """Where the own data of a configuration are, a file or a folder.

    Raises:
        DataError: if it is not there.
    """
    if config.folder == NOWHERE:
        raise DataError(f"data = {config.data!r}: evidence holds no data")
    path = Path(config.folder, config.data or "")
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        why = ""
        if isinstance(error, OSError) and error.errno not in (errno.ENOENT, errno.ENOTDIR):
            why = f": {error.strerror}"
        named = f"{config.data!r}" if len(config.data or "") <= _LONGEST else "a long name"
        raise DataError(
            f"data = {named}: there is no such file or folder in "
            f"{shown(path.parent.resolve())}{why}"
        ) from None
    # Reading another kind of file, such as /dev/zero or a pipe, may never end.
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        raise DataError(f"data = {config.data!r}: it is neither a file nor a folder")
    return path
