"""What claims would come to if a study had said something else: for looking, and no verdict."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from assay.claims.declarations import declarations
from assay.claims.snapshot import Snapshot
from assay.claims.trials import shown
from assay.claims.verdicts import ClaimVerdict, passed, tried_claims
from assay.errors import ConfigError
from assay.study import StudyPlan
from assay.study.file import Claim, Part


@dataclass(frozen=True, slots=True)
class Supposed:
    """A claim under what was supposed.

    Attributes:
        word: what its verdict would be called.
        needed: the evidence that would decide it; None where nothing was tried.
        shown: by seed of its weakest part, whether it would show the claim.
    """

    claim: str
    word: str
    support: float
    against: float
    needed: float | None
    shown: dict[int, bool | None]


def what_if(
    snapshot: Snapshot, alpha: float, margins: Mapping[tuple[str, int], float]
) -> list[Supposed]:
    """The claims with another alpha, and other margins of some parts, by claim and number.

    What had been seen of a claim stays as it was declared: a margin that is chosen now would make
    all of it exploratory, which is why none of this is a verdict.

    Raises:
        ConfigError: if alpha or a margin is out of range, or there is no such part.
    """
    if not 0 < alpha < 0.5:
        raise ConfigError(f"alpha = {alpha:g}: should lie between 0 and 0.5")
    study = _supposed(snapshot.study, margins)
    known = declarations(snapshot.store).of(snapshot.study, snapshot.profile)
    tried = tried_claims(study, snapshot.runs, snapshot.store, known)
    return [_row(each) for each in passed(tried, alpha, study.file.most)]


def _row(verdict: ClaimVerdict) -> Supposed:
    weakest, decision = verdict.weakest, verdict.decision
    seeds = [*weakest.effects.seen, *weakest.effects.confirming]
    return Supposed(
        verdict.claim.id,
        verdict.word,
        decision.evidence.support,
        decision.evidence.against,
        decision.needed if math.isfinite(decision.needed) else None,
        {each.seed: shown(weakest.evidence.part, each) for each in seeds},
    )


def _supposed(study: StudyPlan, margins: Mapping[tuple[str, int], float]) -> StudyPlan:
    known = {(claim.id, number) for claim in study.claims for number in range(len(claim.parts))}
    for id, number in set(margins) - known:
        raise ConfigError(f"claim {id!r}, part {number}: study {study.name} has none")
    claims = [_with_margins(claim, margins) for claim in study.claims]
    return replace(study, file=study.file.model_copy(update={"claims": claims}))


def _with_margins(claim: Claim, margins: Mapping[tuple[str, int], float]) -> Claim:
    parts = [
        part
        if (margin := margins.get((claim.id, number))) is None
        else part.model_copy(update={"margin": _allowed(margin, part)})
        for number, part in enumerate(claim.parts)
    ]
    return claim.model_copy(update={"parts": parts})


def _allowed(margin: float, part: Part) -> float:
    least, most = (1.0, 1e12) if part.is_time else (0.0, 1.0 if part.kind == "solved" else 1e12)
    if not least <= margin < most:
        raise ConfigError(f"margin = {margin:g}: should be {least:g} or more, and below {most:g}")
    return margin
