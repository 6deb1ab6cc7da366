"""Any Python function as an experiment."""

from assay.kinds.function.kind import KIND

__all__ = ["KIND"]
