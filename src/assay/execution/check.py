"""What users bring is tried before any run starts, so that a slip is told at once."""

from collections.abc import Sequence

from assay.config import RunConfig
from assay.execution.pace import shape


def check_plugins(configs: Sequence[RunConfig]) -> None:
    """Build one run of each kind that uses own data or own modules.

    Raises:
        AssayError: if one cannot be used.
    """
    own = {shape(config): config for config in configs if config.data is not None or config.plugins}
    if own:
        from assay.kinds.build import build  # PyTorch, which nothing else here needs

        for config in own.values():
            build(config)
