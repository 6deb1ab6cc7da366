"""assay puts the claims of a deep-learning report on trial.

The public names are imported on first use, so that `import assay` is instant.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.api import Study, train
    from assay.archive import Evidence
    from assay.config import GanConfig, MemoryConfig
    from assay.errors import AssayError
    from assay.run import Run

__all__ = ["AssayError", "Evidence", "GanConfig", "MemoryConfig", "Run", "Study", "train"]

_HOME = {
    "AssayError": "assay.errors",
    "Evidence": "assay.archive",
    "GanConfig": "assay.config",
    "MemoryConfig": "assay.config",
    "Run": "assay.run",
    "Study": "assay.api",
    "train": "assay.api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'assay' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
