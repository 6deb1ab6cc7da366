"""How far the runs of a store are."""

from dataclasses import dataclass

from assay.errors import AssayError
from assay.store.folder import RunFolder
from assay.store.look import Look, without_collecting
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


@without_collecting()
def statuses(store: Store) -> list[RunStatus]:
    """Every run of a store, in the order of their identities."""
    look = Look(store)
    ended = look.ended
    rows = (
        RunStatus(run, *ended[run][:4]) if run in ended else _status(store.run(run))
        for run in look.runs
    )
    return [row for row in rows if row is not None]


def _status(run: RunFolder) -> RunStatus | None:
    if not run.begun:
        return None
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
