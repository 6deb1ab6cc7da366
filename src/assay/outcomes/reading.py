"""Outcomes made of one logged number alone: which number, and how it is read of a run."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assay.outcomes.outcome import Outcome, Value
from assay.store.log import Log

How = Literal["last", "best", "lowest", "mean", "above", "below", "update"]

FORMS = (
    "last, best, lowest, mean of last N, first time above X, first time below X, or { update = N }"
)

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_TEXTS: dict[How, str] = {
    "last": r"last",
    "best": r"best",
    "lowest": r"lowest",
    "mean": r"mean of last (\d+)",
    "above": rf"first time above ({_NUMBER})",
    "below": rf"first time below ({_NUMBER})",
    "update": r"update (\d+)",
}


@dataclass(frozen=True)
class At:
    """How a logged number is read of a run.

    Attributes:
        how: `best` is the highest; `above` and `below` are when it first was; `update` is that at
            an update, or the last one logged up to there.
        number: of how many the mean is, above or below what, or at which update.
    """

    how: How = "last"
    number: float = 0

    @classmethod
    def of(cls, text: str) -> "At":
        """From what a study file says, such as `mean of last 10`.

        Raises:
            ValueError: if it says nothing of the kind.
        """
        for how, pattern in _TEXTS.items():
            if found := re.fullmatch(pattern, text):
                number = float(found[1]) if found.groups() else 0
                if how != "mean" or number >= 1:
                    return cls(how, number)
        raise ValueError(FORMS)

    @property
    def update(self) -> int | None:
        """The update at which the number is read; None where it is not at one."""
        return int(self.number) if self.how == "update" else None

    @property
    def is_time(self) -> bool:
        """Whether it is when something was first so, and not how large it is."""
        return self.how in ("above", "below")

    @property
    def words(self) -> str:
        """As the beginning of a phrase about the number."""
        if self.how == "mean":
            return f"mean of the last {self.number:g} (of all, if fewer) of"
        return {"last": "last", "best": "highest", "lowest": "lowest"}.get(self.how, "")


def logged_outcome(
    name: str, at: At, like: Outcome | None, unit: str, *, stated: bool = False
) -> Outcome:
    """The outcome that reads the logged number `name` alone.

    At an update it is the last one logged up to there; of a number that is logged at stated updates
    it is that at this one, and a run that did not get there has none.

    Args:
        name: as `Log.points` takes it.
        at: how it is read where no update is asked for.
        like: an outcome whose values are values of that number, if there is one.
        unit: the number's unit where there is none.
        stated: whether it is logged at stated updates.
    """
    if at.is_time:
        describe = f"updates to {name} {at.how} {at.number:g}"
        return Outcome(describe, "updates", _first(name, at), (name,), low=0, is_time=True)
    describe = f"{at.words} {name}".strip()
    if like is not None:
        unit, low, high = like.unit, like.low, like.high
    else:
        low, high = (0, 1) if unit == "accuracy" else (None, None)
    return Outcome(
        describe,
        unit,
        _value(name, at, stated),
        (name,),
        at_moments=at.how in ("last", "update"),
        low=low,
        high=high,
    )


def _value(name: str, at: At, stated: bool) -> Callable[[Log, int | None], Value]:
    def read(log: Log, update: int | None) -> Value:
        points = log.points(name)
        if update is not None:
            first = update if stated else 0
            points = [point for point in points if first <= point[0] <= update]
        values = [value for _, value in points]
        if at.how in ("best", "lowest"):
            values = [value for value in values if not math.isnan(value)]
        found = _SUMMARIES.get(at.how, _last)(values, int(at.number)) if values else math.nan
        return Value(None if math.isnan(found) else found)

    return read


def mean(values: Sequence[float]) -> float:
    """The mean of numbers or truths."""
    import numpy as np  # takes as long to load as a short command takes in all

    return float(np.mean(values))


def _last(values: Sequence[float], _: int) -> float:
    return values[-1]


_SUMMARIES: dict[How, Callable[[Sequence[float], int], float]] = {
    "best": lambda values, _: max(values),
    "lowest": lambda values, _: min(values),
    "mean": lambda values, count: mean(values[-count:]),
}


def _first(name: str, at: At) -> Callable[[Log, int | None], Value]:
    def read(log: Log, _: int | None) -> Value:
        for update, value in log.points(name):
            if value > at.number if at.how == "above" else value < at.number:
                return Value(float(update))
        return Value(None, censored_at=log.updates)

    return read
