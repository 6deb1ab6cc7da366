"""The grids of samples that a generator's run kept, read from its folder. No PyTorch."""

import hashlib
import io

import numpy as np
from numpy.typing import NDArray

from assay.errors import StoreError
from assay.store import npy
from assay.store.folder import RunFolder


def grids(folder: RunFolder) -> list[tuple[int, NDArray[np.uint8]]]:
    """The grids of samples that a run kept: after how many updates, and images (25, C, H, W).

    Raises:
        StoreError: if there is none, or one is not what the run wrote.
    """
    hashes = grid_hashes(folder)
    return [(update, load_grid(grid_file(folder, update, hashes[update]))) for update in hashes]


def grid_hashes(folder: RunFolder) -> dict[int, str]:
    """After how many updates a run kept a grid of samples, and the hash of its file.

    Raises:
        StoreError: if there is none.
    """
    found = [probe for probe in folder.metrics().probes if probe.name == "samples"]
    if not found:
        raise StoreError(f"run {folder.run_id} has no samples")
    return {probe.update: probe.found["sha256"] for probe in found}


def grid_file(folder: RunFolder, update: int, sha256: str) -> bytes:
    """The content of a grid's file.

    Raises:
        StoreError: if it is not what the run wrote.
    """
    name = f"samples/{update:010d}.npy"
    content = folder.content(name) or b""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StoreError(
            f"{folder.where(name)} is missing or damaged: it is not what the run wrote"
        )
    return content


def load_grid(content: bytes) -> NDArray[np.uint8]:
    """The images (25, C, H, W) in a grid's file.

    Raises:
        StoreError: if it holds none.
    """
    try:
        images: NDArray[np.uint8] = npy.load(io.BytesIO(content))
    except npy.ERRORS as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise StoreError(f"a grid of samples is damaged: {reason}") from None
    if not isinstance(images, np.ndarray) or images.dtype != np.uint8 or images.ndim != 4:
        raise StoreError("a grid of samples is damaged: it holds no images")
    return images
