"""The command `assay`, and `python -m assay`; light, since every worker loads the main module."""

import sys


def main() -> None:
    """Entry point of the command."""
    from assay.cli import call

    sys.exit(call(sys.argv[1:]))


if __name__ == "__main__":
    main()
