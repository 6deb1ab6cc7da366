"""assay puts the claims of a deep-learning report on trial.

The public names are imported on first use, so that `import assay` is instant.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.api import Study, train
    from assay.config import GanConfig, MemoryConfig
    from assay.errors import AssayError
    from assay.execution.executor import RunOptions
    from assay.inference.portable import Exported
    from assay.inference.run import Run
    from assay.judging.api import judge
    from assay.kinds.function.config import FunctionConfig
    from assay.kinds.function.decorator import function
    from assay.kinds.function.given import FunctionRun
    from assay.store.archive import Archive

__version__ = "0.1.0"
__all__ = [
    "Archive",
    "AssayError",
    "Exported",
    "FunctionConfig",
    "FunctionRun",
    "GanConfig",
    "MemoryConfig",
    "Run",
    "RunOptions",
    "Study",
    "function",
    "judge",
    "train",
]

_HOME = {
    "AssayError": "assay.errors",
    "Archive": "assay.store.archive",
    "Exported": "assay.inference.portable",
    "FunctionConfig": "assay.kinds.function.config",
    "FunctionRun": "assay.kinds.function.given",
    "GanConfig": "assay.config",
    "MemoryConfig": "assay.config",
    "Run": "assay.inference.run",
    "RunOptions": "assay.execution.executor",
    "Study": "assay.api",
    "function": "assay.kinds.function.decorator",
    "judge": "assay.judging.api",
    "train": "assay.api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'assay' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
