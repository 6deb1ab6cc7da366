"""Text and JSON as people and programs save them, read in one way.

Text is UTF-8, with or without a mark at its beginning. Anything else is said in words that help.
"""

import codecs
import json
from collections.abc import Callable
from typing import Any

SPELLED = "assay spelled"
"""A way to handle what an encoding lacks, as `errors=` names it: signs of print as typed ones."""

_TYPED = {
    **dict.fromkeys("−–‐‑", "-"),
    **dict.fromkeys("\u00a0\u202f\u2009", " "),
    **dict.fromkeys("“”„", '"'),
    **dict.fromkeys("‘’", "'"),
    **{"—": "--", "…": "...", "→": "->", "←": "<-", "×": "x", "·": "*", "≤": "<=", "≥": ">="},
}

_BOM = codecs.BOM_UTF8
_CHUNK = 1 << 20
# UTF-32 before UTF-16, with whose mark it begins.
_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


class NotUtf8Error(ValueError):
    """Why content is no UTF-8, as the end of a sentence, and in which line, counted from 1.

    Attributes:
        line: 0 where it is all of it.
    """

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


def utf8(content: bytes) -> str:
    """The text, without the mark that it may begin with.

    Raises:
        NotUtf8Error: if it is none.
    """
    check_utf8(content)
    return content.removeprefix(_BOM).decode()


def check_utf8(content: bytes) -> None:
    """See that content is UTF-8, without keeping its text.

    Raises:
        NotUtf8Error: if not.
    """
    for mark, name in _MARKS.items():
        if content.startswith(mark):
            raise NotUtf8Error(f"is {name}: save it as UTF-8")
    if b"\0" in content[:_CHUNK]:
        raise NotUtf8Error("holds bytes of 0, as UTF-16 and binary files do: save it as UTF-8")
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(content) + 1, _CHUNK):
        part = content[start : start + _CHUNK]
        try:
            decoder.decode(part, final=start + _CHUNK > len(content))
        except UnicodeDecodeError as error:
            line = content[:start].count(b"\n") + error.object[: error.start].count(b"\n") + 1
            raise NotUtf8Error("is not UTF-8, Latin-1 perhaps: save it as UTF-8", line) from None


def parse_json(content: bytes | str, parse_constant: Callable[[str], Any] | None = None) -> Any:
    """The value of JSON.

    Raises:
        ValueError: if it is none, or is nested more deeply than anything sensible.
    """
    try:
        return json.loads(content, parse_constant=parse_constant)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _spelled(error: UnicodeError) -> tuple[str, int]:
    """In place of what cannot be encoded: what a typewriter has for it, or else its number."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(
        _TYPED.get(each) or each.encode("ascii", "backslashreplace").decode() for each in lacking
    ), error.end


codecs.register_error(SPELLED, _spelled)
