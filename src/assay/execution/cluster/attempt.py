"""A run that the scheduler was given, and how it came to its end there."""

from typing import TYPE_CHECKING

from assay.config import RunConfig
from assay.errors import AssayError, RunLockedError, TrainingError
from assay.execution.cluster.parcel import unpack
from assay.execution.cluster.task import Outcome
from assay.execution.events import Elsewhere, Result
from assay.plugins import told
from assay.store import Store

if TYPE_CHECKING:
    from distributed import Future

LOST = (
    "the Dask scheduler was lost: runs under way are saved by their workers, and the same command "
    "goes on from there"
)


class Attempt:
    """A run that the scheduler was given.

    Attributes:
        owner: the process that began it last; empty before a worker has.
    """

    def __init__(self, config: RunConfig, future: "Future[Outcome]") -> None:
        self.config, self.future, self.owner = config, future, ""

    @property
    def begun(self) -> bool:
        """Whether a worker has begun it."""
        return bool(self.owner)


def how_it_ended(attempt: Attempt, store: Store) -> Result | Elsewhere | None:
    """How an attempt ended, its run being in the store then; None if it did not begin.

    Raises:
        TrainingError: if the scheduler is gone.
    """
    run_id, future = attempt.config.run_id, attempt.future
    if future.status in ("cancelled", "lost"):
        raise TrainingError(LOST)
    if future.status == "error":
        return Result(run_id, "failed", _fault(future.exception()))
    outcome: Outcome = future.result()
    if outcome.parcel is not None:
        try:
            unpack(outcome.parcel, run_id, store)
        except RunLockedError:
            return Elsewhere(run_id)
        except (AssayError, OSError) as error:
            return Result(run_id, "failed", str(error))
    return outcome.event


def _fault(error: BaseException | None) -> str:
    """Why a task ended otherwise than its run, as a clause."""
    from distributed import KilledWorker

    if isinstance(error, KilledWorker):
        return (
            "the workers that trained it were lost one after another; the same command goes on "
            "from its last checkpoint"
        )
    return str(error) if isinstance(error, AssayError) else told(error or RuntimeError("unknown"))
