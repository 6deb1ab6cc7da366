"""Where each claim of a study stands while it is trained: how far it is, or why it stays open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assay.claims.ahead import Runs, ahead
from assay.claims.outlook import Outlook, Seconds, outlook
from assay.claims.verdicts import ClaimVerdict
from assay.study import Arm


@dataclass(frozen=True)
class Standing:
    """Where a claim stands.

    Attributes:
        outlook: how many seeds would decide it.
        why: why no seed is trained for it though it is not decided, as a clause; empty otherwise.
    """

    verdict: ClaimVerdict
    outlook: Outlook
    why: str

    @property
    def claim(self) -> str:
        """The claim's id."""
        return self.verdict.claim.id

    @property
    def decided(self) -> bool:
        """Whether there is a verdict on it."""
        return self.verdict.decided

    @property
    def open(self) -> bool:
        """Whether seeds are trained for it."""
        return not self.decided and not self.why

    @property
    def evidence(self) -> float:
        """What its seeds come to, for it or against it, whichever is more: 20 is 20 to 1."""
        return self.verdict.decision.evidence.larger

    @property
    def needed(self) -> float:
        """The evidence that would decide it now."""
        return self.verdict.decision.needed

    @property
    def seeds(self) -> int:
        """How many seeds of it count: of the part that has the fewest."""
        tried = [part for part in self.verdict.parts if part.computed is None]
        return min((len(part.effects.confirming) for part in tried), default=0)


def standings(
    verdicts: Sequence[ClaimVerdict],
    most: float,
    arms: Mapping[str, Arm],
    runs: Runs,
    most_seeds: int,
) -> list[Standing]:
    """Where each claim stands, but for those that were restated: they are shown as they were.

    Args:
        verdicts: on every claim.
        most: the share of runs that has to be exceeded.
        arms: those that are trained, by key.
        runs: what is known of runs.
        most_seeds: how many seeds a part may have.
    """
    judged = [each for each in verdicts if not each.claim.restated_as]
    return [_standing(each, most, arms, runs, most_seeds) for each in judged]


def _standing(
    verdict: ClaimVerdict,
    most: float,
    arms: Mapping[str, Arm],
    runs: Runs,
    most_seeds: int,
) -> Standing:
    seconds: Seconds = runs.seconds
    found = outlook(verdict, most, seconds, most_seeds, expected=False)
    if verdict.decided:
        return Standing(verdict, found, "")
    why = _closed(verdict, found, arms, most_seeds)
    if not why and (failed := ahead(verdict, arms, runs, most_seeds).failed):
        why = f"run {failed.run_id} failed, which it needs: {failed.label}"
    return Standing(verdict, found, why)


def _closed(verdict: ClaimVerdict, found: Outlook, arms: Mapping[str, Arm], most_seeds: int) -> str:
    left_out = sorted({arm.partition("[")[0] for arm in found.arms if arm not in arms})
    if left_out:
        return f"it reads experiments that are left out: {', '.join(left_out)}"
    if verdict.waits_for:
        return f"it is a control, tried once {verdict.waits_for} is decided"
    if found.never:
        return found.never
    if verdict.declared.entry is None:
        return f"no seed can confirm it: {verdict.declared.why_seen}"
    if found.least is None:
        return f"it would need more than {most_seeds} seeds"
    return ""
