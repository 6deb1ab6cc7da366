"""Arrays in NumPy's own form, of which anything may be damaged or made up. Never with objects."""

import struct
import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np

# What NumPy and zipfile raise for a damaged file: each of these was seen, or is documented.
# NotImplementedError, a RuntimeError, is for ways of packing that Python does not read.
ERRORS = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    RuntimeError,
    OverflowError,
    TypeError,
    MemoryError,
    SyntaxError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
)


def load(file: Path | BinaryIO, mapped: Literal["c"] | None = None) -> Any:
    """An array, or the archive of several; a pickle is refused.

    Args:
        file: of `.npy` or `.npz`.
        mapped: "c" to have it from the disk as it is asked for, and changes kept in memory.

    Raises:
        ERRORS: if it is damaged.
    """
    return np.load(file, mmap_mode=mapped, allow_pickle=False)
