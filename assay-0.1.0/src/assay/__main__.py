"""The command `assay`, and `python -m assay`; light, since every worker loads the main module."""

import sys


def main() -> None:
    """Entry point of the command."""
    if __name__ == "__main__" and not sys.flags.safe_path:
        # `python -m assay` looks for modules in the current folder first, where a copy.py or
        # random.py of the user's may lie.
        sys.path.pop(0)
    from assay.cli import call

    sys.exit(call(sys.argv[1:]))


if __name__ == "__main__":
    main()
