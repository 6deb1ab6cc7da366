"""What would decide an open claim: how many seeds more, of which arms, at what cost.

Before any run, and after some: with so many seeds further that agree, is the evidence enough?
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assay.claims.evalues import otherwise
from assay.claims.prospect import Prospect, imagined, least_seeds, mean_seeds, seeds_of
from assay.claims.trials import evidence_of, shown
from assay.claims.verdicts import ClaimVerdict
from assay.config import kind_named

if TYPE_CHECKING:
    from assay.claims.snapshot import Snapshot

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
    tried = [part for part in verdict.parts if part.computed is None]
    ahead = Prospect.of(
        [seeds_of(part.evidence.part, part.effects.confirming) for part in tried],
        most,
        verdict.decision.needed,
        most_seeds,
    )
    return Outlook(
        verdict.claim.id,
        decided=False,
        supports=ahead.supports,
        least=least_seeds(ahead),
        expected=_expected(ahead) if expected else None,
        arms=arms,
        seconds=cost,
        never="",
    )


def _expected(ahead: Prospect) -> float | None:
    """The mean number of seeds; None where more than half of the ways come to no end."""
    mean, left = mean_seeds(ahead, AGREE)
    return None if left > 0.5 else mean


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
    said = [shown(asked, each) for each in had]
    for side in (True, False):
        # Of those that speak for this side, as many as there may well be.
        share = otherwise(len(had) - said.count(side), len(had), _DOUBT)
        speak = round(most_seeds * share)
        seeds = [imagined(asked, had, side == (place < speak)) for place in range(most_seeds)]
        found = evidence_of(asked, most, seeds)
        if (found.support if side else found.against) >= verdict.decision.needed:
            return ""
    agree = said.count(True)
    return (
        f"{agree} of {len(had)} seeds show it, and at that rate {most_seeds} would not decide it "
        "at this margin"
    )


def outlooks(snapshot: "Snapshot", estimated: Mapping[str, float | None]) -> list[Outlook]:
    """How far each claim of a study is from a verdict, but for those that were restated.

    Args:
        snapshot: the study and what its store holds.
        estimated: seconds of a run of each arm, by its key, for arms of which no run has ended.
    """
    took = seconds_by_arm(snapshot.records_by_arm)
    cores = {arm.key: kind_named(arm.config.kind).cores(arm.config) for arm in snapshot.arms}

    def seconds(arm: str) -> float | None:
        known = took(arm)
        known = estimated.get(arm) if known is None else known
        return None if known is None else cores[arm] * known

    judged = [each for each in snapshot.verdicts if not each.claim.restated_as]
    return [outlook(each, snapshot.study.file.most, seconds) for each in judged]


def seconds_by_arm(records: Mapping[str, Sequence[Any]]) -> Seconds:
    """From the records of the runs of each arm that ended: their median."""

    def seconds(arm: str) -> float | None:
        times = sorted(float(record.seconds) for record in records.get(arm, ()))
        return times[len(times) // 2] if times else None

    return seconds
