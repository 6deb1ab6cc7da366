"""Any command line as an experiment."""

from assay.kinds.command.kind import KIND

__all__ = ["KIND"]
