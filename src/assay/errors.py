"""The one exception tree of assay.

Every error that a user can cause is an `AssayError` whose message is one sentence: what is wrong,
where, and what is allowed. The command line prints that sentence and exits with `exit_code`.
"""

import os
import re

# Control characters but for tabs and newlines, ends of lines that only Unicode has, what turns the
# direction of the text around it, and halves of characters.
_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]"
)
_NEWLINES = re.compile(r"[ \t\r]*\n[ \t\r\n]*")
_LONGEST = 2_000


def shown(name: object) -> str:
    """A file's name as messages have it: a byte in it that is not UTF-8 as its number."""
    return os.fsencode(str(name)).decode(errors="backslashreplace")


def printable(text: str) -> str:
    """A text that a terminal or a page shows and does not obey: what would steer it by its number.

    Names and sentences come from files that anybody may have written.
    """
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def one_line(text: str) -> str:
    """The same, in one line."""
    return printable(_NEWLINES.sub(" ", text))


class AssayError(Exception):
    """Base of all errors that reach the user as one sentence."""

    exit_code = 2

    def __str__(self) -> str:
        """The sentence, in one line, and no longer than can be read."""
        text = one_line(super().__str__())
        half = _LONGEST // 2
        return text if len(text) <= _LONGEST else f"{text[:half]} … {text[-half:]}"


class ConfigError(AssayError):
    """A setting of a run is unknown, of the wrong type or out of range."""


class StudyError(AssayError):
    """A study file is not TOML, or says something that cannot be planned."""


class DataError(AssayError):
    """A data file or an own generator does not give usable sequences and labels."""


class PluginError(AssayError):
    """An own cell or generator cannot be imported, or does not do what its role asks."""


class TrustError(AssayError):
    """Code would run that nobody has allowed to."""


class StoreError(AssayError):
    """The store cannot be read or written, or a run in it is damaged."""


class RunLockedError(StoreError):
    """Another process is training this run."""


class CheckpointError(StoreError):
    """A checkpoint is damaged, or was made on another compute path."""


class TrainingError(AssayError):
    """A run failed while it was running."""

    exit_code = 1


class NotAsRequired(AssayError):  # noqa: N818 - what was found, and no fault
    """Verdicts are other than they were required to be: a sentence for each."""

    exit_code = 1

    def __str__(self) -> str:
        return printable(Exception.__str__(self))


class NotEqual(AssayError):  # noqa: N818 - what was found, and no fault
    """Two runs that were compared differ."""

    exit_code = 1


class Interrupted(AssayError):  # noqa: N818 - named for what happened, not for a fault
    """The user stopped the work; everything done so far is saved."""

    exit_code = 130
