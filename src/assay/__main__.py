"""The command `assay`, and `python -m assay`; light, since every worker loads the main module."""

import os
import sys


def main() -> None:
    """Entry point of the command."""
    if __name__ == "__main__" and not sys.flags.safe_path:
        # `python -m assay` looks for modules in the current folder first, where a copy.py or
        # random.py of the user's may lie.
        sys.path.pop(0)
    _keep_output_for_answers()
    from assay.cli import call

    sys.exit(call(sys.argv[1:]))


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
