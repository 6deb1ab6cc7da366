"""What would decide an open claim: how many seeds more, of which arms, at what cost.

Before any run, and after some: with so many seeds further that agree, is the evidence enough?
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assay.claims.effects import SeedEffect
from assay.claims.evalues import otherwise
from assay.claims.path import claim_path
from assay.claims.trials import Evidence, counted_evidence, evidence_of, shown
from assay.claims.verdicts import ClaimVerdict, PartVerdict
from assay.study.file import Part

MOST_SEEDS = 60
AGREE = 0.9
"""The share of seeds that agree, where a cautious reader asks how many it takes."""
_ENOUGH_TO_TELL = 5
_DOUBT = 0.25
"""The chance that the share of runs that agree lies above what is taken of it, or below."""

Seconds = Callable[[str], float | None]
"""How long a run of an arm takes one core, by the arm's key; None where that is not known."""


@dataclass(frozen=True)
class Outlook:
    """How far a claim is from a verdict.

    Attributes:
        claim: the claim's id.
        decided: whether it is decided.
        supports: whether further seeds are taken to speak for it; else against it.
        least: how many more seeds decide it if all of them agree; None: more than are allowed.
        expected: how many more it takes on average if 90 % agree; None: more than are allowed, or
            not asked for.
        arms: those that need them.
        seconds: of one more seed of all of them, on one core; None where that is not known.
        never: why it can never be decided, as a clause; empty if it can.
    """

    claim: str
    decided: bool
    supports: bool
    least: int | None
    expected: float | None
    arms: list[str]
    seconds: float | None
    never: str

    @property
    def seconds_least(self) -> float | None:
        """Of the least seeds, on one core."""
        return None if self.least is None or self.seconds is None else self.least * self.seconds

    @property
    def seconds_expected(self) -> float | None:
        """Of the expected seeds, on one core."""
        if self.expected is None or self.seconds is None:
            return None
        return self.expected * self.seconds


def outlook(
    verdict: ClaimVerdict,
    most: float,
    seconds: Seconds,
    most_seeds: int = MOST_SEEDS,
    *,
    expected: bool = True,
) -> Outlook:
    """How far a claim is from a verdict.

    Args:
        verdict: where it stands.
        most: the share of runs that has to be exceeded.
        seconds: how long a run of each arm takes.
        most_seeds: how many seeds a part may have.
        expected: whether the expected seeds are asked for, which takes by far the longest.
    """
    arms = list(
        dict.fromkeys(each.arm for part in verdict.parts for each in part.evidence.summaries)
    )
    known = [seconds(arm) for arm in arms]
    cost = None if None in known else sum(each for each in known if each is not None)
    never = _never(verdict, most, most_seeds)
    if verdict.decided or never:
        return Outlook(verdict.claim.id, verdict.decided, True, None, None, arms, cost, never)
    ahead = _Ahead.of(verdict, most, most_seeds)
    return Outlook(
        verdict.claim.id,
        decided=False,
        supports=ahead.supports,
        least=_least(ahead),
        expected=_expected(ahead) if expected else None,
        arms=arms,
        seconds=cost,
        never="",
    )


@dataclass(frozen=True)
class _Majority:
    """What counts of the seeds of a part of that kind, so that parts alike are worked out once."""

    yes: int
    no: int
    runs: int

    def after(self, most: float, agree: int, disagree: int, *, shows: bool) -> Evidence:
        """The evidence with so many seeds more, of which those that agree show it, or do not."""
        yes, no = (agree, disagree) if shows else (disagree, agree)
        return counted_evidence(self.yes + yes, self.no + no, self.runs + agree + disagree, most)


@dataclass(frozen=True, eq=False)
class _Other:
    """The seeds of a part of another kind."""

    part: Part
    had: Sequence[SeedEffect]

    def after(self, most: float, agree: int, disagree: int, *, shows: bool) -> Evidence:
        """As of `_Majority`."""
        yes, no = (imagined(self.part, self.had, each) for each in (shows, not shows))
        return evidence_of(self.part, most, [*self.had, *[yes] * agree, *[no] * disagree])


@dataclass(frozen=True)
class _Ahead:
    """A claim's evidence with seeds that are yet to be trained."""

    parts: tuple[_Majority | _Other, ...]
    most: float
    needed: float
    supports: bool
    room: int

    @classmethod
    def of(cls, verdict: ClaimVerdict, most: float, most_seeds: int) -> "_Ahead":
        tried = [part for part in verdict.parts if part.computed is None]
        had = max((len(part.effects.confirming) for part in tried), default=0)
        now = verdict.decision.evidence
        return cls(
            tuple(map(_seeds, tried)),
            most,
            verdict.decision.needed,
            now.support >= now.against,
            max(0, most_seeds - had),
        )

    def enough(self, agree: int, disagree: int) -> bool:
        """Whether it is decided once so many seeds more agree and do not."""
        paths = [
            [part.after(self.most, agree, disagree, shows=self.supports)] for part in self.parts
        ]
        found = claim_path(paths)[-1]
        return (found.support if self.supports else found.against) >= self.needed


def _seeds(part: PartVerdict) -> _Majority | _Other:
    asked, had = part.evidence.part, part.effects.confirming
    if asked.kind != "majority":
        return _Other(asked, had)
    yes = sum(each.sign == 1 for each in had)
    return _Majority(yes, sum(each.sign in (0, -1) for each in had), len(had))


@lru_cache(maxsize=1024)
def _least(ahead: _Ahead) -> int | None:
    """Seeds that decide it if all agree."""
    return next((n for n in range(1, ahead.room + 1) if ahead.enough(n, 0)), None)


@lru_cache(maxsize=1024)
def _expected(ahead: _Ahead) -> float | None:
    """The mean number of seeds if each agrees with chance `AGREE`, by all ways they may fall.

    None where more than half of the ways come to no end within what is allowed.
    """
    open_ways, mean = {0: 1.0}, 0.0
    for n in range(1, ahead.room + 1):
        following: dict[int, float] = {}
        for disagree, chance in open_ways.items():
            following[disagree] = following.get(disagree, 0.0) + chance * AGREE
            following[disagree + 1] = following.get(disagree + 1, 0.0) + chance * (1 - AGREE)
        ended = [disagree for disagree in following if ahead.enough(n - disagree, disagree)]
        mean += n * sum(following.pop(disagree) for disagree in ended)
        open_ways = following
        if sum(open_ways.values()) < 1e-3:
            break
    left = sum(open_ways.values())
    return None if left > 0.5 else mean + left * ahead.room


def imagined(part: Part, had: Sequence[SeedEffect], shows: bool) -> SeedEffect:
    """A seed that shows a part's statement, or does not, as large as those before it."""
    if part.kind == "solved":
        top = part.solved or 0.0
        values = _solved_values(part, shows, top, top - 1)
        return SeedEffect(-1, values, 0.0, 1 if shows else -1, beyond=not shows, no_room=False)
    sizes = sorted(abs(each.effect - part.margin) for each in had if math.isfinite(each.effect))
    size = (sizes[len(sizes) // 2] if sizes else 0.0) or 1.0
    effect = part.margin + (size if shows else -size)
    return SeedEffect(-1, (), effect, 1 if shows else -1, beyond=not shows, no_room=False)


def _solved_values(part: Part, shows: bool, top: float, low: float) -> tuple[float, ...]:
    if part.threshold is not None:
        return (top if shows != part.statement.downward else low,)
    if part.statement.sides is None:  # equivalent: both or neither
        return (top, top if shows else low)
    return tuple(part.statement.ordered((top, low) if shows else (low, top)))


def _never(verdict: ClaimVerdict, most: float, most_seeds: int) -> str:
    if verdict.word == "numbers only":
        return "this profile gives numbers and no verdict"
    if verdict.untested and not verdict.untested.startswith("no run of"):
        return verdict.untested
    if verdict.decided:
        return ""
    part = verdict.weakest
    had = part.effects.confirming
    if len(had) < _ENOUGH_TO_TELL or part.computed is not None:
        return ""
    asked = part.evidence.part
    agree = sum(shown(asked, each) is True for each in had)
    high = otherwise(len(had) - agree, len(had), _DOUBT)
    low = 1 - otherwise(agree, len(had), _DOUBT)
    for share in (high, low):
        yes = round(most_seeds * share)
        seeds = [imagined(asked, had, place < yes) for place in range(most_seeds)]
        if evidence_of(asked, most, seeds).larger >= verdict.decision.needed:
            return ""
    return (
        f"{agree} of {len(had)} seeds show it, and at that rate {most_seeds} would not decide it "
        "at this margin"
    )


def seconds_by_arm(records: Mapping[str, Sequence[Any]]) -> Seconds:
    """From the records of the runs of each arm that ended: their median."""

    def seconds(arm: str) -> float | None:
        times = sorted(float(record.seconds) for record in records.get(arm, ()))
        return times[len(times) // 2] if times else None

    return seconds
