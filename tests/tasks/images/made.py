"""Images that are made up, as files, and how they are read."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from assay.tasks.images import ImageSplit, load_images
from assay.tasks.images.decode import Form
from assay.tasks.images.decode import decode as decode_as


def encoded(pixels: np.ndarray, format: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format, **options)
    return buffer.getvalue()


def picture(seed: int, height: int = 9, width: int = 12, colour: bool = False) -> np.ndarray:
    shape = (height, width, 3) if colour else (height, width)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def decode(content: bytes, size: int, channels: int, where: str) -> np.ndarray:
    return decode_as(content, Form(size, channels), where).pixels  # type: ignore[arg-type]


def fill(folder: Path, count: int = 12) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"{number:02d}.png").write_bytes(encoded(picture(number)))
    return folder


def load(path: Path, unreadable: str = "refuse", channels: int = 1, size: int = 8) -> ImageSplit:
    rng = np.random.default_rng(0)
    content = "".join(str(p.stat().st_size) for p in sorted(path.rglob("*"))) or path.name
    return load_images(path, content, Form(size, channels), unreadable, rng)  # type: ignore[arg-type]
