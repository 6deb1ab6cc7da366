"""How wide text is in a figure, and text that fits.

Widths are in points, those of the figures' own font, which is a wide one: in another that a browser
takes for it the text fits as well.
"""

import unicodedata
import warnings
from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

_FONT = "DejaVu Sans"
_ELLIPSIS = "…"
# Characters that the font lacks are drawn by another, at most as wide as they are high.
_FULL = 1.05
_ROUNDING = 0.01
# A PNG puts each letter on whole pixels, which makes some lines a little wider.
_PIXELS = 1.02


@lru_cache(maxsize=20_000)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line of text is, in points."""
    font = FontProperties(family=_FONT, weight="bold" if bold else "normal", size=size)
    known = "".join(each for each in text if not _wide(each))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        width: float = text_to_path.get_text_width_height_descent(known, font, False)[0]
    return _PIXELS * width + _FULL * size * (len(text) - len(known))


def clip(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """As much of a line as fits, with an ellipsis where something is left out."""
    if text_width(text, size, bold=bold) <= width + _ROUNDING:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(text[:middle].rstrip() + _ELLIPSIS, size, bold=bold) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + _ELLIPSIS


def wrap(text: str, width: float, size: float, lines: int) -> list[str]:
    """Text in at most so many lines; what is left out is an ellipsis."""
    found: list[str] = []
    words = text.split(" ") if text else []
    while words and len(found) < lines - 1:
        fitting = 1
        while fitting < len(words) and text_width(" ".join(words[: fitting + 1]), size) <= width:
            fitting += 1
        found.append(clip(" ".join(words[:fitting]), width, size))
        words = words[fitting:]
    return [*found, clip(" ".join(words), width, size)] if words else found


def _wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "FW" or ord(letter) > 0xFFFF
