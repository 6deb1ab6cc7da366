"""A part of a claim as rows of dots: a row per arm, a dot per seed, and the margin as a band.

Places are in per cent of a row's width, so that a page draws them at any width.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assay.report.data.rows import ArmRow, EffectRow, PartRow, SeedRow
from assay.report.words.numbers import NBSP, amount, count, margin_text
from assay.statements import STATEMENTS

Mark = Literal["shown", "not", "without"]

HEIGHT = 22
_TOP, _SPREAD = 5.0, 12.0
# Room for the marks at both ends, and on the right for runs that never got there.
_LEFT, _RIGHT, _NEVER, _NEVER_ROOM = 2.0, 98.0, 96.0, 12.0
_LOG_FROM = 30
"""Positive numbers that are further apart than this factor are drawn on a logarithmic axis."""


@dataclass(frozen=True)
class Dot:
    """A seed: its place in per cent and pixels, how it is marked, and what it says."""

    x: float
    y: float
    mark: Mark
    seen: bool
    words: str


@dataclass(frozen=True)
class DotRow:
    """An arm: its dots, and its median's place, where it has one."""

    label: str
    dots: list[Dot]
    median: float | None


@dataclass(frozen=True)
class Dots:
    """A part, drawn.

    Attributes:
        band: from where to where the margin reaches, in per cent; None without one.
        line: where a threshold is, in per cent.
        low: what is written at the left end.
        never: whether some run never got there, which is drawn at the right end.
        margin: the margin in words.
        words: all of it in a sentence, for who cannot see it.
    """

    rows: list[DotRow]
    band: tuple[float, float] | None
    line: float | None
    low: str
    high: str
    never: bool
    margin: str
    words: str


def dots(part: PartRow) -> Dots | None:
    """The rows of a part; None where no run has a value."""
    values = [each.value for arm in part.arms for each in arm.summary.values]
    known = [float(each) for each in values if each is not None]
    if not known:
        return None
    never = any(each.censored_at is not None for arm in part.arms for each in arm.summary.values)
    scale = _Scale.of(part, known, never=never)
    line = _line(part)
    said = {each.seed: each for each in part.seeds}
    rows = [_row(arm, part, said, scale) for arm in part.arms]
    low, high = (amount(end, part.metric, part.unit) for end in (scale.low, scale.high))
    margin = margin_text(part) if part.margin else ""
    return Dots(
        rows,
        scale.band(part),
        None if line is None else scale.place(line),
        low,
        high,
        never,
        margin,
        _words(part, margin),
    )


@dataclass(frozen=True)
class _Scale:
    """From values to per cent of the width."""

    low: float
    high: float
    logarithmic: bool
    never: bool

    @staticmethod
    def of(part: PartRow, known: Sequence[float], *, never: bool) -> "_Scale":
        """An axis that has every value on it, the threshold, and the margin to be compared with."""
        line, around = _line(part), _around(part)
        drawn = [*known, *([] if line is None else [line]), *(around or ())]
        low, high = min(drawn), max(drawn)
        logarithmic = min(known) > 0 and (part.is_time or max(known) / min(known) > _LOG_FROM)
        if logarithmic:
            low = max(low, min(known) / 2)
        if low == high:
            room = abs(low) / 2 or 1.0
            low, high = low - room, high + room
        if min(known) >= 0:
            low = max(low, 0.0)
        if part.unit in ("accuracy", "share"):
            high = max(max(known), min(high, 1.0))
        return _Scale(low, high, logarithmic and low > 0, never)

    def place(self, value: float) -> float:
        """Where a value is; beyond the ends it is at the end."""
        low, high, at = self.low, self.high, value
        if self.logarithmic:
            low, high, at = math.log(low), math.log(high), math.log(max(value, self.low))
        right = _RIGHT - _NEVER_ROOM * self.never
        share = min(1.0, max(0.0, (at - low) / (high - low)))
        return round(_LEFT + share * (right - _LEFT), 2)

    def band(self, part: PartRow) -> tuple[float, float] | None:
        """The margin on this axis, from the left, and its width."""
        around = _around(part)
        if around is None:
            return None
        left, right = map(self.place, around)
        return (left, round(right - left, 2)) if right > left else None


def _line(part: PartRow) -> float | None:
    """What a value has to reach: the threshold, or what counts as solved."""
    return part.solved if part.kind == "solved" else part.threshold


def _around(part: PartRow) -> tuple[float, float] | None:
    """The margin around what is compared with: the threshold, or the median of an arm."""
    if not part.margin or part.kind == "solved":
        return None
    middle = part.threshold
    if middle is None:
        compares = STATEMENTS[part.test].compares and not part.is_time
        middle = part.arms[-1 if compares else 0].summary.median
    if middle is None:
        return None
    if part.is_time:
        return middle / part.margin, middle * part.margin
    return middle - part.margin, middle + part.margin


def _row(arm: ArmRow, part: PartRow, said: dict[int, EffectRow], scale: _Scale) -> DotRow:
    many = len(arm.summary.values)
    found = [
        _dot(each, number, many, said.get(each.seed), part, scale)
        for number, each in enumerate(arm.summary.values)
        if each.value is not None or each.censored_at is not None
    ]
    middle = arm.summary.median
    return DotRow(arm.label, found, None if middle is None else scale.place(float(middle)))


def _dot(
    seed: SeedRow, number: int, many: int, said: EffectRow | None, part: PartRow, scale: _Scale
) -> Dot:
    y = _TOP + (_SPREAD * number / (many - 1) if many > 1 else _SPREAD / 2)
    if seed.value is None:
        x, value = _NEVER, f"not by update {count(seed.censored_at)}"
    else:
        x, value = scale.place(float(seed.value)), amount(seed.value, part.metric, part.unit)
    mark: Mark = "without"
    if said is not None and said.shown is not None:
        mark = "shown" if said.shown else "not"
    seen = said is not None and said.seen
    return Dot(x, round(y, 1), mark, seen, f"seed {seed.seed}: {value}")


def _words(part: PartRow, margin: str) -> str:
    shown = sum(each.shown is True for each in part.seeds)
    rows = "; ".join(
        f"{arm.label}: {len(arm.summary.values)} seeds"
        + (
            ""
            if arm.summary.median is None
            else f", median {amount(arm.summary.median, part.metric, part.unit)}"
        )
        for arm in part.arms
    )
    asked = f" The margin is {margin}." if margin else ""
    seeds = f" {shown} of {len(part.seeds)} seeds show it." if part.seeds else ""
    return f"A dot per seed. {rows}.{asked}{seeds}".replace(NBSP, " ")
