"""Texts with placeholders such as `{learning_rate}`, and a command line made of one."""

import shlex
from collections.abc import Iterable, Mapping
from string import Formatter

from assay.config import Scalar


def placeholders(text: str) -> list[str]:
    """The names in braces, in order; `{{` and `}}` stand for braces.

    Raises:
        ValueError: if a brace is left open, or holds more than a name.
    """
    found = []
    try:
        for _, name, form, conversion in Formatter().parse(text):
            if name is None:
                continue
            if form or conversion or not name.isidentifier():
                raise ValueError
            found.append(name)
    except ValueError:
        raise ValueError(
            f"{text!r}: braces hold the name of a value, such as {{seed}}, and a brace itself is "
            "written twice: {{ or }}"
        ) from None
    return found


def fill(text: str, values: Mapping[str, Scalar]) -> str:
    """The text with its values put in; a name that has none stays in its braces."""
    parts = []
    for literal, name, _, _ in Formatter().parse(text):
        parts.append(literal)
        if name is not None:
            parts.append(told(values[name]) if name in values else f"{{{name}}}")
    return "".join(parts)


def words(text: str) -> list[str]:
    """A command line as a list of arguments, as a POSIX shell splits it.

    Raises:
        ValueError: if a quote is left open.
    """
    try:
        return shlex.split(text)
    except ValueError as error:
        raise ValueError(f"{text!r}: {str(error).lower()}") from None


def quoted(values: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Values that stand in a shell's line as one word each, whatever is in them."""
    return {name: shlex.quote(told(value)) for name, value in values.items()}


def told(value: Scalar) -> str:
    """A value as a command is given it: 0.001, true, some text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def unused(values: Iterable[str], texts: Iterable[str]) -> list[str]:
    """The values that no text has a place for."""
    used = {name for text in texts for name in placeholders(text)}
    return [name for name in values if name not in used]
