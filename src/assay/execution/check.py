"""What users bring is tried before any run starts, so that a slip is told at once."""

from collections.abc import Sequence

from assay.config import RunConfig
from assay.execution.build import build


def check_plugins(configs: Sequence[RunConfig]) -> None:
    """Build one run of each kind that uses own data or own modules.

    Raises:
        AssayError: if one cannot be used.
    """
    seen = set()
    for config in configs:
        if config.data is None and not config.plugins:
            continue
        same = {"seed": 0, "learning_rate": 1e-3, "epochs": 1, "updates": None}
        key = config.model_copy(update=same).run_id
        if key not in seen:
            seen.add(key)
            build(config)
