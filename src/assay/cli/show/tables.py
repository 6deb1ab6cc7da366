"""Tables, JSON and durations as they are printed."""

import json
import sys
from collections.abc import Collection, Sequence
from shutil import get_terminal_size
from textwrap import fill
from typing import TYPE_CHECKING, Any, TextIO

from assay.errors import one_line, printable

if TYPE_CHECKING:
    from rich.console import Console


def print_table(
    head: tuple[str, ...], rows: Sequence[tuple[str, ...]], numeric: Collection[str] = ()
) -> None:
    """Aligned columns, those named in `numeric` to the right; rich takes 3 s for 10,000 rows."""
    lines = [tuple(map(one_line, line)) for line in ([head, *rows] if any(head) else rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    right = [name in numeric for name in head]
    for line in lines:
        cells = [
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(line, widths, right, strict=True)
        ]
        print("  ".join(cells).rstrip())


def tell(text: object = "", file: TextIO | None = None) -> None:
    """Print a text that is no JSON: what in it would steer the terminal is shown."""
    print(printable(str(text)), file=file)


def counted(number: int, what: str) -> str:
    """`1 run`, `2 runs`."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def print_json(value: Any) -> None:
    """Indented JSON."""
    print(json.dumps(value, indent=2))


def paragraph(text: str, indent: str = "") -> str:
    """A paragraph in lines that the terminal holds; as it is where the output is none."""
    text = one_line(text)
    if not sys.stdout.isatty():
        return f"{indent}{text}"
    width = max(40, min(100, get_terminal_size().columns))
    return fill(
        text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


_DAY = 24 * 3600.0
_YEAR = 365.25 * _DAY


def duration(seconds: float) -> str:
    """Seconds in the units that a person would use."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    if seconds < 4 * _DAY:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / _DAY:.0f} days" if seconds < 2 * _YEAR else f"{seconds / _YEAR:,.0f} years"


def error_console() -> "Console":
    """The console for messages, beside what is printed for programs."""
    from rich.console import Console

    return Console(file=sys.stderr, soft_wrap=True, highlight=False)
