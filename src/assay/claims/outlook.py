"""What would decide an open claim: how many seeds more, of which arms, at what cost.

Before any run, and after some, the same question: with so many seeds further that agree, is the
evidence enough? Seeds are added to every arm that the claim reads.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.claims.effects import SeedEffect
from assay.claims.path import claim_path
from assay.claims.trials import Evidence, evidence_of, shown
from assay.claims.verdicts import ClaimVerdict, PartVerdict
from assay.study.file import Part

MOST_SEEDS = 60
AGREE = 0.9
"""The share of seeds that agree, where a cautious reader asks how many it takes."""
_ENOUGH_TO_TELL = 5

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
    ahead = _Ahead(verdict, most, most_seeds)
    return Outlook(
        verdict.claim.id,
        decided=False,
        supports=ahead.supports,
        least=ahead.least(),
        expected=ahead.expected() if expected else None,
        arms=arms,
        seconds=cost,
        never="",
    )


class _Ahead:
    """A claim's evidence with seeds that are yet to be trained."""

    def __init__(self, verdict: ClaimVerdict, most: float, most_seeds: int) -> None:
        self._verdict, self._most = verdict, most
        self._tried = [part for part in verdict.parts if part.computed is None]
        had = max((len(part.effects.confirming) for part in self._tried), default=0)
        self._room = max(0, most_seeds - had)
        now = verdict.decision.evidence
        self.supports = now.support >= now.against
        self._known: dict[tuple[int, int], bool] = {}

    def least(self) -> int | None:
        """Seeds that decide it if all agree."""
        return next((n for n in range(1, self._room + 1) if self._enough(n, 0)), None)

    def expected(self) -> float | None:
        """The mean number of seeds if each agrees with chance `AGREE`, by all ways they may fall.

        None where more than half of the ways come to no end within what is allowed.
        """
        open_ways, mean = {0: 1.0}, 0.0
        for n in range(1, self._room + 1):
            following: dict[int, float] = {}
            for disagree, chance in open_ways.items():
                for more, weight in ((0, AGREE), (1, 1 - AGREE)):
                    ways = chance * weight
                    if self._enough(n - disagree - more, disagree + more):
                        mean += n * ways
                    else:
                        following[disagree + more] = following.get(disagree + more, 0.0) + ways
            open_ways = following
            if sum(open_ways.values()) < 1e-3:
                break
        left = sum(open_ways.values())
        return None if left > 0.5 else mean + left * self._room

    def _enough(self, agree: int, disagree: int) -> bool:
        key = agree, disagree
        if key not in self._known:
            paths = [[self._after(part, agree, disagree)] for part in self._tried]
            found = claim_path(paths)[-1]
            evidence = found.support if self.supports else found.against
            self._known[key] = evidence >= self._verdict.decision.needed
        return self._known[key]

    def _after(self, part: PartVerdict, agree: int, disagree: int) -> Evidence:
        asked, had = part.evidence.part, part.effects.confirming
        yes, no = imagined(asked, had, self.supports), imagined(asked, had, not self.supports)
        further = [*had, *[yes] * agree, *[no] * disagree]
        return evidence_of(asked, self._most, further)


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
    yes = round(most_seeds * sum(shown(asked, each) is True for each in had) / len(had))
    seeds = [imagined(asked, had, True)] * yes + [imagined(asked, had, False)] * (most_seeds - yes)
    if evidence_of(asked, most, seeds).larger >= verdict.decision.needed:
        return ""
    agree = sum(shown(asked, each) is True for each in had)
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
