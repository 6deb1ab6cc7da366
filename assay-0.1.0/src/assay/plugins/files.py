"""The own data of a configuration, and the fingerprint of what is read of them."""

import hashlib
from pathlib import Path, PurePath

from assay.config import RunConfig
from assay.errors import DataError

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")


def is_image(name: PurePath) -> bool:
    """Whether a file, named relative to the folder or archive of own images, is read as an image.

    Hidden files and what is below hidden folders are not, such as `.ipynb_checkpoints`.
    """
    hidden = any(part.startswith((".", "__MACOSX")) for part in name.parts)
    return name.suffix.lower() in IMAGE_SUFFIXES and not hidden


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
                digest.update(f"{name.as_posix()}\0{fingerprint(item)}\n".encode())
        return digest.hexdigest()
    except OSError as error:
        raise DataError(f"{error.filename or path} cannot be read: {error.strerror}") from None


def data_path(config: RunConfig) -> Path:
    """Where the own data of a configuration are, a file or a folder.

    Raises:
        DataError: if it is not there.
    """
    path = Path(config.folder, config.data or "")
    if not path.exists():
        raise DataError(
            f"data = {config.data!r}: there is no such file or folder in {path.parent.resolve()}"
        )
    return path
