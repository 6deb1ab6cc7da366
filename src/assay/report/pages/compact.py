"""SVG in fewer bytes that looks the same, so that a page with many figures can be mailed."""

import base64
import io
import re
from collections.abc import Callable

import numpy as np
from PIL import Image

# Less than any screen shows: a hundredth of a point, and along a line a tenth.
_LONG = re.compile(r"(?<=\d)(\.\d\d)\d+(?=[\s\"),])")
_PATH = re.compile(r' d="([^"]*)"')
_NUMBER = re.compile(r"-?\d+\.\d+")
_PICTURE = re.compile(r'(data:image/png;base64,)\s*([^"]*)')
_ID = re.compile(r' id="([^"]*)"')
_USED = re.compile(r'(?:href="#|url\(#)([^")]*)')


def compact(svg: str) -> str:
    """The same drawing: shorter numbers, gray pictures in gray, no ids that nothing refers to."""
    svg = _PICTURE.sub(_gray, svg)
    svg = _PATH.sub(_shorter, svg)
    svg = _LONG.sub(r"\1", svg)
    used = set(_USED.findall(svg))
    svg = _ID.sub(_kept(used), svg)
    return re.sub(r">\s+<", "><", svg)


def _kept(used: set[str]) -> Callable[[re.Match[str]], str]:
    return lambda found: found[0] if found[1] in used else ""


def _shorter(found: re.Match[str]) -> str:
    """A path with a decimal less, and without the letters and blanks that it does not need."""
    path = _NUMBER.sub(lambda each: f"{float(each[0]):.1f}".removesuffix(".0"), found[1])
    path = re.sub(r"\s*([A-Za-z])\s*", r"\1", path.strip())
    return f' d="{path}"'


def _gray(found: re.Match[str]) -> str:
    """A picture without colours or holes in it, in one channel; another as it is."""
    with Image.open(io.BytesIO(base64.b64decode(found[2]))) as picture:
        pixels = np.asarray(picture.convert("RGBA"))
    gray = (pixels[:, :, 0:1] == pixels[:, :, 1:3]).all() and (pixels[:, :, 3] == 255).all()
    if not gray:
        return found[0]
    file = io.BytesIO()
    Image.fromarray(pixels[:, :, 0]).save(file, "PNG", optimize=True)
    return found[1] + base64.b64encode(file.getvalue()).decode()
