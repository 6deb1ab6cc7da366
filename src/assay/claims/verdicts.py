"""Verdicts: what the seeds of a study say of its claims.

Every part has evidence for it and against it, after each seed. A claim's is made of its parts',
and all claims of a study are decided together (`path.decide`); so are, among themselves, all parts.
A control is tried once the claim that it belongs to is decided, and a claim that was restated is
shown as it was: neither makes it harder for the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assay.claims.declarations import Declared, declarations
from assay.claims.effects import PartEffects, SeedEffect, part_effects
from assay.claims.evidence import ArmRuns, ClaimEvidence, PartEvidence, evidence
from assay.claims.path import Decision, claim_path, decide
from assay.claims.trials import NONE, Evidence, evidence_path, shares_turned
from assay.outcomes.outcome import Computed
from assay.store import Store
from assay.study import StudyPlan
from assay.study.file import Claim, Part
from assay.study.plan import NUMBERS_ONLY

Word = Literal[
    "supported",
    "partly supported",
    "contrary",
    "no difference",
    "no room",
    "by calculation",
    "open",
    "not tested",
    "numbers only",
]

_FAMILY_OF_RESTATED = "restated"


@dataclass(frozen=True)
class PartVerdict:
    """A part with its seeds and the evidence they give.

    Attributes:
        effects: its seeds, confirming and seen.
        decision: where it stands among all parts, from its confirming seeds.
        seen: the evidence of all of its seeds, where some had been seen before it was declared: it
            is exploratory. None where none had.
        computed: what its outcome comes to by calculation, where it does not vary with the seed.
        untested: why there is nothing to judge it by; empty if there is.
    """

    evidence: PartEvidence
    effects: PartEffects
    decision: Decision
    seen: Evidence | None
    computed: Computed | None
    untested: str
    word: Word

    @property
    def holds(self) -> bool:
        """Whether it was decided, or computed, that it holds."""
        return self.word == "supported" or self._computed_holds

    @property
    def _computed_holds(self) -> bool:
        part = self.evidence.part
        return self.computed is not None and part.statement.excess(part, [self.computed.value]) > 0


@dataclass(frozen=True)
class ClaimVerdict:
    """The verdict on a claim.

    Attributes:
        word: the verdict.
        decision: its evidence and where it stands among all claims.
        declared: when it was declared, and what had been seen by then.
        seen: the evidence of all of its seeds, where some had been seen; it is exploratory.
        waits_for: the claim that has to be decided before this control is tried.
    """

    claim: Claim
    parts: list[PartVerdict]
    word: Word
    decision: Decision
    declared: Declared
    seen: Evidence | None
    waits_for: str = ""

    @property
    def decided(self) -> bool:
        """Whether it is decided, one way or the other."""
        return self.word not in ("open", "not tested", "numbers only")

    @property
    def untested(self) -> str:
        """Why it is not tested; empty if it is, or need not be."""
        if self.word == "by calculation":
            return ""
        return next((part.untested for part in self.parts if part.untested), "")

    @property
    def weakest(self) -> PartVerdict:
        """The part that it turns on: of a claim that stands, the one with the least evidence."""
        if self.decided and not self.decision.holds:
            return max(self.parts, key=lambda part: part.decision.evidence.against)
        return min(self.parts, key=lambda part: part.decision.evidence.support)


@dataclass(frozen=True)
class Tried:
    """A claim with the evidence of its parts after each seed.

    Attributes:
        effects: the seeds of each part.
        paths: the evidence of each after no seed, one, and so on.
        computed: what each comes to by calculation, if it does.
    """

    evidence: ClaimEvidence
    effects: list[PartEffects]
    paths: list[list[Evidence]]
    computed: list[Computed | None]
    declared: Declared

    @property
    def claim(self) -> Claim:
        """The claim."""
        return self.evidence.claim

    @property
    def path(self) -> list[Evidence]:
        """Of what is tried; what is computed and holds needs no evidence."""
        tried = [
            path for path, known in zip(self.paths, self.computed, strict=True) if known is None
        ]
        return claim_path(tried) if tried and self.evidence.tested else [NONE]

    @property
    def by_calculation(self) -> bool:
        """Whether nothing of it has to be tried."""
        return all(known is not None for known in self.computed)

    @property
    def family(self) -> str:
        """Which claims it is decided with."""
        if self.claim.control_of:
            return f"control of {self.claim.control_of}"
        return _FAMILY_OF_RESTATED if self.claim.restated_as else ""


def verdicts(
    study: StudyPlan, profile: str, runs: Mapping[str, ArmRuns], store: Store
) -> list[ClaimVerdict]:
    """The verdict on each claim from all seeds that a store has of a profile's arms.

    Raises:
        StoreError: if a run is damaged.
    """
    known = declarations(store).of(study, profile)
    tried = tried_claims(study, runs, store, known)
    found = passed(tried, study.file.alpha, study.file.most)
    if profile == NUMBERS_ONLY:
        return [
            each if each.word == "not tested" else replace(each, word="numbers only")
            for each in found
        ]
    return found


def tried_claims(
    study: StudyPlan, runs: Mapping[str, ArmRuns], store: Store, known: Mapping[str, Declared]
) -> list[Tried]:
    """Every claim with the evidence of its seeds; `known` is when each was declared."""
    return [_try(study, each, runs, store, known) for each in evidence(study, dict(runs))]


def passed(tried: Sequence[Tried], alpha: float, most: float) -> list[ClaimVerdict]:
    """The verdicts on claims that were tried, all together.

    Args:
        tried: the claims with their evidence.
        alpha: the mean share of verdicts that may be false.
        most: the share of runs that has to be exceeded.
    """
    claims, parts = _decisions(tried, alpha)
    return [_verdict(each, claims, parts, most) for each in tried]


def _try(
    study: StudyPlan,
    claim: ClaimEvidence,
    runs: Mapping[str, ArmRuns],
    store: Store,
    known: Mapping[str, Declared],
) -> Tried:
    declared = known[claim.claim.id]
    effects = [part_effects(part, runs, store, declared) for part in claim.parts]
    paths = [
        evidence_path(part.part, study.file.most, each.confirming)
        for part, each in zip(claim.parts, effects, strict=True)
    ]
    computed = [_computed(part, runs) for part in claim.parts]
    return Tried(claim, effects, paths, computed, declared)


def _computed(part: PartEvidence, runs: Mapping[str, ArmRuns]) -> Computed | None:
    if part.outcome.computed is None or len(part.summaries) != 1:
        return None
    return part.outcome.computed(runs[part.summaries[0].arm].arm.config)


def _decisions(
    tried: Sequence[Tried], alpha: float
) -> tuple[dict[str, Decision], dict[str, Decision]]:
    """Those of all claims, by id, and of all parts, by id and number; family by family."""
    families: dict[str, list[Tried]] = {}
    for each in tried:
        if not each.by_calculation:
            families.setdefault(each.family, []).append(each)
    claims: dict[str, Decision] = {}
    parts: dict[str, Decision] = {}
    for every in families.values():
        claims |= decide({each.claim.id: each.path for each in every}, alpha)
        paths = {
            f"{each.claim.id}/{number}": path if each.evidence.tested else [NONE]
            for each in every
            for number, path in enumerate(each.paths)
            if each.computed[number] is None
        }
        parts |= decide(paths, alpha)
    return claims, parts


def _verdict(
    tried: Tried, claims: Mapping[str, Decision], parts: Mapping[str, Decision], most: float
) -> ClaimVerdict:
    claim = tried.claim
    decision = claims.get(claim.id, Decision())
    target = claims.get(claim.control_of)
    waits_for = claim.control_of if target is not None and not target.decided else ""
    open_word: Word | None = None
    if waits_for or not (tried.evidence.tested or tried.by_calculation):
        open_word = "not tested"
    elif not (decision.decided or tried.by_calculation):
        open_word = "open"
    judged = [
        _part(tried, number, parts, decision, most, open_word) for number in range(len(tried.paths))
    ]
    seen = claim_path([_all_seeds(tried, number, most) for number in range(len(judged))])[-1]
    return ClaimVerdict(
        claim,
        judged,
        open_word or _word(judged, decision, tried.by_calculation),
        decision,
        tried.declared,
        seen if any(each.seen for each in tried.effects) else None,
        waits_for,
    )


def _part(
    tried: Tried,
    number: int,
    decisions: Mapping[str, Decision],
    claim: Decision,
    most: float,
    open_word: Word | None,
) -> PartVerdict:
    part, effects = tried.evidence.parts[number], tried.effects[number]
    decision = decisions.get(f"{tried.claim.id}/{number}", Decision())
    computed = tried.computed[number]
    word: Word = "open"
    if computed is not None:
        word = "by calculation"
    elif open_word is not None:
        word = open_word
    elif claim.holds or decision.holds:
        word = "supported"
    elif decision.decided or len(tried.paths) == 1:
        word = _against(part.part, effects.confirming)
    seen = _all_seeds(tried, number, most)[-1] if effects.seen else None
    return PartVerdict(part, effects, decision, seen, computed, part.untested, word)


def _all_seeds(tried: Tried, number: int, most: float) -> list[Evidence]:
    """The evidence of a part's seeds, those that had been seen among them."""
    effects = tried.effects[number]
    every = sorted([*effects.seen, *effects.confirming], key=lambda each: each.seed)
    return evidence_path(tried.evidence.parts[number].part, most, every)


def _word(parts: Sequence[PartVerdict], decision: Decision, by_calculation: bool) -> Word:
    if by_calculation:
        return "by calculation"
    if decision.holds and all(part.holds for part in parts):
        return "supported"
    if any(part.holds for part in parts):
        return "partly supported"
    against = [part for part in parts if part.word not in ("open", "by calculation")]
    if against:
        return max(against, key=lambda part: part.decision.evidence.against).word
    clearest = max(parts, key=lambda part: part.decision.evidence.against)
    return _against(clearest.evidence.part, clearest.effects.confirming)


def _against(part: Part, effects: Sequence[SeedEffect]) -> Word:
    """Which kind of "no" the seeds of a part say that was decided against."""
    known = [each for each in effects if each.sign is not None]
    if 2 * sum(each.no_room for each in known) > len(known):
        return "no room"
    if part.kind == "solved":
        return "contrary" if shares_turned(part, known) else "no difference"
    return "contrary" if 2 * sum(each.beyond for each in known) > len(known) else "no difference"
