"""Whether the runs of a store are what they wrote, as far as a quick look tells."""

from dataclasses import dataclass, field

from assay.errors import AssayError
from assay.plugins import what_changed
from assay.store.store import Store

BEYOND = "checkpoints, samples, snapshots and own data: whoever reads them checks them"
"""What is not looked at of any run, since it may be large."""


@dataclass
class Inspection:
    """What a look at every run of a store found.

    Attributes:
        problems: what is damaged, a sentence each.
        notes: which runs keep their numbers and cannot be asked, and why, a sentence each.
        runs: how many were looked at.
        unfinished: how many of them have no record, so that nothing tells what their log should be.
    """

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    runs: int = 0
    unfinished: int = 0

    @property
    def beyond(self) -> list[str]:
        """What was not looked at."""
        many = f"the logs of {self.unfinished} runs that have not ended, beyond their form"
        return [BEYOND] * (self.runs > 0) + [many] * (self.unfinished > 0)


def inspect(store: Store) -> Inspection:
    """Look at the configuration, record and log of every run, and for its own modules and data.

    One that is damaged does not keep the others from being looked at.
    """
    found = Inspection()
    for run in store.runs():
        if not run.begun:
            continue
        found.runs += 1
        try:
            found.unfinished += run.record() is None
            run.metrics()
            if changed := what_changed(run.config_here()):
                found.notes.append(
                    f"run {run.run_id} keeps its numbers, but cannot be asked: {changed}"
                )
        except AssayError as error:
            found.problems.append(str(error))
    return found
