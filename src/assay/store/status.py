"""How far the runs of a store are."""

from dataclasses import dataclass

from assay.errors import AssayError
from assay.store.folder import RunFolder
from assay.store.store import Store


@dataclass(frozen=True)
class RunStatus:
    """A run of a store.

    Attributes:
        label: the run in a few words; of a damaged one, what is wrong.
        status: finished, diverged, failed, unfinished or damaged.
        updates: how many were made.
        seconds: spent on it; None while it has not ended.
    """

    run: str
    label: str
    status: str
    updates: int
    seconds: float | None


def statuses(store: Store) -> list[RunStatus]:
    """Every run of a store, in the order of their identities."""
    return [_status(run) for run in store.runs() if run.begun]


def _status(run: RunFolder) -> RunStatus:
    try:
        config, record = run.config(), run.record()
        if record:
            return RunStatus(
                run.run_id, config.label, record.status, record.updates, record.seconds
            )
        reached = run.metrics().updates
    except AssayError as error:
        return RunStatus(run.run_id, str(error), "damaged", 0, None)
    return RunStatus(run.run_id, config.label, "unfinished", reached, None)
