"""SVG in fewer bytes that looks the same, so that a page with many figures can be mailed."""

import base64
import io
import re

import numpy as np
from PIL import Image

# Less than any screen shows: a hundredth of a point, and along a line a tenth.
_LONG = re.compile(r"(?<=\d)(\.\d\d)\d+(?=[\s\"),])")
_TAG = re.compile(r"<[^>]*>")
_PATH = re.compile(r' d="([^"]*)"')
_PAIR = re.compile(r"(-?[\d.]+)\s+(-?[\d.]+)")
_STRAIGHT = re.compile(r"M\s*-?[\d.]+\s+-?[\d.]+(?:\s*L\s*-?[\d.]+\s+-?[\d.]+)+")
_NUMBER = re.compile(r"-?\d+\.\d+")
_PICTURE = re.compile(r'(data:image/png;base64,)\s*([^"]*)')
_ID = re.compile(r' id="([^"]*)"')
_USED = re.compile(r'(?:href="#|url\(#)([^")]*)')


def compact(svg: str) -> str:
    """The same drawing: shorter numbers, gray pictures in gray, no ids that nothing refers to."""
    used = set(_USED.findall(svg))
    svg = _TAG.sub(lambda found: _tag(found[0], used), svg)
    return re.sub(r">\s+<", "><", svg)


def _tag(tag: str, used: set[str]) -> str:
    """One tag; the text between tags is left as it is."""
    tag = _PATH.sub(_shorter, _PICTURE.sub(_gray, tag))
    return _ID.sub(lambda found: found[0] if found[1] in used else "", _LONG.sub(r"\1", tag))


def _shorter(found: re.Match[str]) -> str:
    """A path with a decimal less, straight lines by their steps, without needless blanks."""
    path = _STRAIGHT.sub(_steps, _NUMBER.sub(lambda each: _tenths(float(each[0])), found[1]))
    path = re.sub(r"\s*([A-Za-z])\s*", r"\1", path.strip())
    return f' d="{path}"'


def _steps(found: re.Match[str]) -> str:
    """Lines from point to point as one line of steps, each from where the rounded one ended."""
    points = [[round(10 * float(each)) for each in pair] for pair in _PAIR.findall(found[0])]
    start, *rest = points
    steps = []
    for before, after in zip(points, rest, strict=False):
        steps += [_tenths((now - then) / 10) for then, now in zip(before, after, strict=True)]
    return f"M{_tenths(start[0] / 10)} {_tenths(start[1] / 10)}l{' '.join(steps)}".replace(
        " -", "-"
    )


def _tenths(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") if round(value, 1) else "0"


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
