"""What users bring is tried before any run starts, so that a slip is told at once."""

from collections.abc import Sequence

from assay.config import RunConfig, kind_named


def check_plugins(configs: Sequence[RunConfig]) -> None:
    """Try one run of each pace.

    Raises:
        AssayError: if what it names cannot be used.
    """
    for config in {kind_named(each.kind).pace(each): each for each in configs}.values():
        kind_named(config.kind).check(config)
