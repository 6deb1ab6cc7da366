"""Commands as reports and messages print them: ready to be pasted into a shell."""

import shlex
from collections.abc import Sequence


def command(*words: str, **options: str | bool | Sequence[str] | None) -> str:
    """`assay WORDS --option value`, quoted; True is a flag alone, None and False are left out.

    An option with several values is given as often.
    """
    flags = [
        word
        for name, value in options.items()
        if value is not None and value is not False
        for each in ([value] if isinstance(value, str | bool) else value)
        for word in flag(name, each)
    ]
    return shlex.join(["assay", *map(_plain, words), *flags])


def flag(name: str, value: str | bool) -> list[str]:
    """An option and its value, which is part of the same word where it looks like an option."""
    option = "--" + name.replace("_", "-")
    if isinstance(value, bool):
        return [option if value else option.replace("--", "--no-", 1)]
    return [f"{option}={value}"] if value.startswith("-") else [option, value]


def _plain(word: str) -> str:
    """A file whose name begins like an option, named so that it is none."""
    return f"./{word}" if word.startswith("-") else word
