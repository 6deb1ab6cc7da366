"""Whether the numbers in a claim's part can be values of what it reads, in its range and unit."""

import math
from collections.abc import Iterator
from itertools import combinations

from assay.config import kind_named, kind_names
from assay.errors import StudyError
from assay.outcomes.outcome import Outcome
from assay.study.file import Part

_PLAIN_UNITS = {"accuracy", "share", "share of updates", "ratio"}


def check_numbers(part: Part, outcome: Outcome, where: str) -> None:
    """See that the numbers of a part can be values of what it reads, and some show what it states.

    Args:
        part: the part.
        outcome: what it reads.
        where: file and claim, for messages.

    Raises:
        StudyError: naming the key and the range.
    """
    metric = part.metric
    if outcome.is_time != part.is_time:
        told = "is a time, which a run may not live to see" if outcome.is_time else "is no time"
        raise StudyError(
            f"{where}: test = {part.test!r}: {metric} {told}: test = 'faster' goes with times, and "
            "with nothing else"
        )
    if part.solved is not None:
        _within(part.solved, "solved", metric, outcome.low, outcome.high, where)
    if part.threshold is not None:
        if part.kind == "solved":
            _within(part.threshold, "threshold", "a share of runs", 0, 1, where)
        else:
            _within(part.threshold, "threshold", metric, outcome.low, outcome.high, where)
    if part.limit is not None:
        if outcome.low is None and outcome.high is None:
            raise StudyError(
                f"{where}: limit = {part.limit:g}: {metric} has no range, so nothing is its limit"
            )
        _within(part.limit, "limit", metric, outcome.low, outcome.high, where)
    if part.is_time:
        return
    if part.kind == "solved":
        _check_possible(part, "a share of runs", 0, 1, where)
        return
    if outcome.low is not None and outcome.high is not None:
        span = outcome.high - outcome.low
        if part.margin >= span:
            raise StudyError(
                f"{where}: margin = {part.margin:g}: values of {metric} differ by less than "
                f"{span:g}{_percent(part.margin, outcome.low, outcome.high)}"
            )
    known = {each.unit for name in kind_names() for each in kind_named(name).outcomes.values()}
    same = part.unit == outcome.unit or {part.unit, outcome.unit} <= _PLAIN_UNITS
    if part.unit in known and not same:
        raise StudyError(
            f"{where}: unit = {part.unit!r}: {metric} is in {outcome.unit}, and so is its margin"
        )
    _check_possible(part, metric, outcome.low, outcome.high, where)


def _check_possible(part: Part, of: str, low: float | None, high: float | None, where: str) -> None:
    """See that there are values in a range that show what a part states."""
    ends = -math.inf if low is None else low, math.inf if high is None else high
    if not any(part.statement.excess(part, row) > 0 for row in _rows(ends, len(part.selectors))):
        asked = ", ".join(
            f"{key} = {value:g}"
            for key, value in (("threshold", part.threshold), ("margin", part.margin))
            if value is not None
        )
        raise StudyError(
            f"{where}: test = {part.test!r}, {asked}: no value of {of}, which {_range(low, high)}, "
            "shows that"
        )


def _rows(ends: tuple[float, float], count: int) -> Iterator[list[float]]:
    """Values at the ends of a range that go over to the other end and back, wherever."""
    for first, second in (ends, ends[::-1]):
        for start, stop in combinations(range(count + 1), 2):
            yield [second if start <= place < stop else first for place in range(count)]


def _within(
    value: float, key: str, of: str, low: float | None, high: float | None, where: str
) -> None:
    if (low is None or value >= low) and (high is None or value <= high):
        return
    percent = _percent(value, low, high)
    raise StudyError(f"{where}: {key} = {value:g}: {of} {_range(low, high)}{percent}")


def _range(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"lies between {low:g} and {high:g}"
    return f"is {low:g} or more" if low is not None else f"is {high:g} or less"


def _percent(value: float, low: float | None, high: float | None) -> str:
    """What to write where a share was written in per cent."""
    if (low, high) != (0, 1) or not 1 <= value <= 100:
        return ""
    return f": for {value:g} % write {value / 100:g}"
