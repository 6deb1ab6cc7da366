"""What users bring is tried before any run starts, so that a slip is told at once."""

from collections.abc import Sequence

from assay.config import RunConfig, is_plugin
from assay.execution.build import build


def check_plugins(configs: Sequence[RunConfig]) -> None:
    """Build one run of each own cell, own generator and data file.

    Raises:
        AssayError: if one cannot be used.
    """
    seen = set()
    for config in configs:
        own = config.model_dump(
            include={"task", "cell", "data", "task_options", "cell_options", "encoding", "loss"}
        )
        if own.get("data") is None and not is_plugin(own["task"]) and not is_plugin(own["cell"]):
            continue
        key = repr(own)
        if key not in seen:
            seen.add(key)
            build(config)
