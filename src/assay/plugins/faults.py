"""What own code raises and prints."""

import contextlib
import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TextIO

from assay.errors import AssayError, PluginError

PREFIX = "assay_own_"
"""How the internal names of own modules begin."""

_MOST_LETTERS = 500
"""Of what an error says: some say a whole tensor."""

FAULTS = (Exception, SystemExit)
"""What own code may raise, and what then is a fault of it, told in one sentence."""


def told(error: BaseException) -> str:
    """An error in one line, and where in own code it came up: the whole path, and the line."""
    said: object = error
    found = place(error)
    if isinstance(error, SyntaxError) and (unparsed := _unparsed(error)):
        # What it says of itself names the file without its folder.
        said, found = error.msg, unparsed
    text = " ".join(f"{type(error).__name__}: {_text(said)}".split())
    text = re.sub(rf"{PREFIX}\w+\.", "", text)
    if len(text) > _MOST_LETTERS:
        text = f"{text[:_MOST_LETTERS]}…"
    return f"{text} ({found[0]}, line {found[1]})" if found else text


def traceback_of(error: BaseException) -> str:
    """The traceback of an error, from the first own code that it went through, if there is any."""
    found = error.__traceback__
    while found is not None and not _is_own(found.tb_frame):
        found = found.tb_next
    return "".join(traceback.format_exception(type(error), error, found or error.__traceback__))


def place(error: BaseException) -> tuple[str, int] | None:
    """File and line of the innermost own code that an error went through; None if there is none."""
    found = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        if _is_own(frame):
            found = frame.f_code.co_filename, line
    return found


def _is_own(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).startswith(PREFIX)


def _text(said: object) -> str:
    try:
        return str(said)
    except FAULTS:
        return "what it says cannot be shown"


def _unparsed(error: SyntaxError) -> tuple[str, int] | None:
    """File and line that are no Python; None if it was no file."""
    if error.filename is None or error.lineno is None or not Path(error.filename).is_file():
        return None
    return error.filename, error.lineno


@contextlib.contextmanager
def own_code(targets: Sequence[str], doing: str) -> Iterator[None]:
    """While own code works in this process: prints and faults of it are told apart from assay's.

    `targets` names it; without any, nothing is caught. `doing` goes into the sentence: "failed …".

    Raises:
        PluginError: for what it raises that is no error of assay's.
    """
    if not targets:
        yield
        return
    try:
        with prints_to_stderr():
            yield
    except AssayError:
        raise
    except FAULTS as error:
        raise PluginError(f"{', '.join(targets)} failed {doing}: {told(error)}") from error


def prints_to_stderr() -> contextlib.redirect_stdout[TextIO]:
    """While own code runs: what it prints is not part of an answer on standard output."""
    return contextlib.redirect_stdout(sys.stderr)
