"""A run's log as it grows, a line for what is newest in it."""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from assay.cli.show.heartbeat import now
from assay.cli.show.tables import tell
from assay.store.log import Alarm, Check, Diverged, Epoch, Line, Numbers, Probe

if TYPE_CHECKING:
    from assay.store import RunFolder
    from assay.store.record import Record

_LOOK_SECONDS, _QUIET_SECONDS = 0.5, 30.0


def follow_log(run: "RunFolder", wait: Callable[[float], None] = time.sleep) -> "Record | None":
    """Tell what is new in a run's log until it ends; its record, or None if nobody trains it.

    Args:
        run: the run.
        wait: called with seconds between two looks.

    Raises:
        StoreError: if what is read of it is damaged, or was deleted meanwhile.
    """
    tell(f"{run.run_id}: {run.config().label}")
    stamp: object = None
    fresh: tuple[Line, ...] = ()
    seen, quiet = 0, 0.0
    while True:
        owned = run.owned  # asked first: a run that ends after it has its record by then
        before, stamp = stamp, run.stamp()
        if stamp != before:
            fresh = run.metrics().lines[seen:]
            seen += len(fresh)
        if fresh:
            told = [line for line in fresh if type(line) is not Probe]
            tell(f"{now()} {in_words((told or fresh)[-1])}")
            fresh, quiet = (), 0.0
        elif quiet >= _QUIET_SECONDS:
            tell(f"{now()} nothing new")
            quiet = 0.0
        record = run.record()
        if record is not None:
            tell(f"{record.status} after {record.updates:,} updates, {record.seconds:,.0f} s")
            return record
        if not owned:
            return None
        wait(_LOOK_SECONDS)
        quiet += _LOOK_SECONDS


def in_words(line: Line) -> str:
    """A line of a log."""
    match line:
        case Epoch():
            measures = {f"validation {name}": each for name, each in line.validation.items()}
            training = {f"training {name}": each for name, each in line.training.items()}
            return f"epoch {line.epoch}, update {line.update:,}{_told(training | measures)}"
        case Check():
            return f"update {line.update:,}{_told(line.measures)}"
        case Probe():
            return f"update {line.update:,}: {line.name} measured"
        case Alarm():
            return f"update {line.update:,}: {line.text}"
        case Diverged():
            return f"diverged at update {line.update:,}"
        case Numbers():
            return f"step {line.update:,}{_told(line.numbers)}"


def _told(measures: Mapping[str, float | None]) -> str:
    told = (
        f"{name} {'not finite' if value is None else format(value, '.4g')}"
        for name, value in measures.items()
    )
    return f": {', '.join(told)}" if measures else ""
