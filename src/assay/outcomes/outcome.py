"""What an outcome is, and what it says of itself: what it reads, when, its unit and its range."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

from assay.errors import AssayError, PluginError, StoreError
from assay.plugins import FAULTS, told
from assay.store.log import Log


@dataclass(frozen=True)
class Value:
    """An outcome of one run; of a time to reach something that was never reached, when it ended."""

    value: float | None
    censored_at: int | None = None


@dataclass(frozen=True)
class Computed:
    """What an outcome comes to by calculation.

    Attributes:
        value: in the outcome's unit.
        because: how it follows, as a sentence.
    """

    value: float
    because: str


@dataclass(frozen=True)
class Outcome:
    """A named outcome: what a whole run comes to, as one number, computed from its log.

    The unit of replication is the run, so each outcome is one number per run.

    Attributes:
        describe: what it is, as a phrase for tables.
        unit: its unit; empty where that is what a claim says it is.
        of: computes it from a run's log; `update` chooses the moment, None is the end.
        reads: the names of the logged numbers that it needs, such as `validation.accuracy`, as
            `Log.points` has them. Of several the first is the one that is read at a moment.
        at_moments: whether it can be read at an update at which the first of those is logged.
        low: the least value that it can have, if there is one.
        high: the largest.
        spread: whether it is a difference or a spread of values of its unit, and no such value.
        is_time: whether it is a time to reach something, which a run may not live to see.
        least: how many of the first number that it reads a run has to log for it to tell anything.
        computed: of one that does not vary with the seed, what it comes to for a configuration.
    """

    describe: str
    unit: str
    of: Callable[[Log, int | None], Value]
    reads: tuple[str, ...]
    at_moments: bool = False
    low: float | None = None
    high: float | None = None
    spread: bool = False
    is_time: bool = False
    computed: Callable[[Any], Computed] | None = None
    least: int = 1

    def __call__(self, log: Log, update: int | None) -> Value:
        """What a run comes to, of whatever program its log and whosever the outcome is.

        A value that is not finite is none, and a time that never came is when the run ended.

        Raises:
            StoreError: if it cannot be computed from this log.
            PluginError: if it gives no number.
        """
        try:
            value = as_value(self.of(log, update), self.describe, log)
        except AssayError:
            raise
        except FAULTS as error:
            raise StoreError(
                f"{log.where}: {self.describe} cannot be told from it: {told(error)}"
            ) from error
        if self.is_time and value.value is None and value.censored_at is None:
            return Value(None, censored_at=log.updates)
        return value


def as_value(found: Any, name: str, log: Log) -> Value:
    """What an outcome called `name` gave for a log, held against what a value is.

    Raises:
        PluginError: if it is no number.
    """
    given = found if isinstance(found, Value) else Value(found)
    number = given.value
    if number is None or (type(number) is float and math.isfinite(number)):
        return given
    if isinstance(number, bool) or not isinstance(number, Real):
        raise PluginError(
            f"{name} gives {number!r:.60} for {log.where}: it should be a number or None"
        )
    return replace(given, value=float(number) if math.isfinite(number) else None)
