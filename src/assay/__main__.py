"""The command `assay`, and `python -m assay`; light, since every worker loads the main module."""

import io
import os
import sys

# Those that every Matplotlib has; others, such as a notebook's, may not be installed here.
_BACK_ENDS = frozenset(
    [
        *("agg", "cairo", "pdf", "pgf", "ps", "svg", "template", "macosx", "nbagg", "notebook"),
        *("webagg", "gtk3agg", "gtk3cairo", "gtk4agg", "gtk4cairo", "qtagg", "qtcairo", "qt5agg"),
        *("qt5cairo", "tkagg", "tkcairo", "wx", "wxagg", "wxcairo"),
    ]
)


def main() -> None:
    """Entry point of the command."""
    if __name__ == "__main__" and not sys.flags.safe_path:
        # `python -m assay` looks for modules in the current folder first, where a copy.py or
        # random.py of the user's may lie.
        sys.path.pop(0)
    _fit_surroundings()
    _keep_output_for_answers()
    from assay.cli import call

    sys.exit(call(sys.argv[1:]))


def _fit_surroundings() -> None:
    """Take what the surroundings cannot show or know as no reason to stop.

    A stream may be in an encoding that has no such sign as −, and a notebook hands its back end to
    Matplotlib on to whatever it starts, which draws into files here.
    """
    if os.environ.get("MPLBACKEND", "agg").lower() not in _BACK_ENDS:
        del os.environ["MPLBACKEND"]
    from assay.text import SPELLED

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=SPELLED)


def _keep_output_for_answers() -> None:
    """Have whatever own code writes go to standard error.

    That may be a program that it starts, a library in C, or a stream that it found elsewhere.
    """
    if sys.stdout is None or sys.stderr is None:  # closed by whoever started it
        return
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    encoding, errors = sys.stdout.encoding, sys.stdout.errors
    sys.stdout = os.fdopen(answers, "w", encoding=encoding, errors=errors)


if __name__ == "__main__":
    main()
