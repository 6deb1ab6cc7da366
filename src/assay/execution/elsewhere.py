"""Runs that other processes were training, looked at again."""

from collections.abc import Iterator, Sequence

from assay.config import RunConfig
from assay.errors import AssayError
from assay.execution.events import Result
from assay.store import Store


def left_by_others(
    store: Store, waiting: Sequence[RunConfig]
) -> Iterator[tuple[RunConfig, Result | None]]:
    """Which of these runs no process trains any more, and how each ended; None: it did not."""
    for config in waiting:
        folder = store.folder(config)
        try:
            if folder.owned:
                continue
            record = folder.record()
        except (AssayError, OSError) as error:
            yield config, Result(config.run_id, "failed", str(error))
            continue
        if record is None:
            yield config, None
        else:
            ended = Result(config.run_id, record.status, record.message, tuple(record.notices))
            yield config, ended
