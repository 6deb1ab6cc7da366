"""What users bring is tried before any run starts, so that a slip is told at once."""

from collections.abc import Sequence

from assay.config import RunConfig, kind_named


def check_plugins(configs: Sequence[RunConfig]) -> None:
    """Try one run of each pace.

    Raises:
        AssayError: if what it names cannot be used.
    """
    for config in _of_each_pace(configs):
        kind_named(config.kind).check(config)


def notices(configs: Sequence[RunConfig]) -> list[str]:
    """What of the runs' data may not be as the user meant it, each sentence once.

    Raises:
        AssayError: if data cannot be used.
    """
    told = (kind_named(each.kind).notices(each) for each in _of_each_pace(configs))
    return list(dict.fromkeys(text for some in told for text in some))


def _of_each_pace(configs: Sequence[RunConfig]) -> list[RunConfig]:
    return list({kind_named(each.kind).pace(each): each for each in configs}.values())
