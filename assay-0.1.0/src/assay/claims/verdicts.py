"""Verdicts: supported, refuted or undecided, from the p-values of a claim's parts.

A part has a p-value in each direction against its margin. A claim is supported only if all of its
parts are, so its p-value is the largest of theirs; it is refuted if one is, so it is the smallest,
times how many they are. Holm's correction runs over all claims of the study, on twice the smaller
of the two, those not tested counting as 1.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from assay.claims.evidence import ArmRuns, ClaimEvidence, PartEvidence, evidence, first_seeds
from assay.claims.floors import FEWEST_SEEDS
from assay.claims.outlook import NUMBERS_ONLY
from assay.claims.statistics import bca_interval, holm, interquartile_mean
from assay.claims.trials import Sample, put_on_trial, samples
from assay.errors import StudyError
from assay.statements.trial import Trial
from assay.study import StudyPlan
from assay.study.file import Claim

Word = Literal["supported", "refuted", "undecided", "not tested", "numbers only"]


@dataclass(frozen=True)
class PartTrial:
    """A part with its numbers and, where there are enough runs, its test.

    Attributes:
        trial: None where nothing could be tested.
        untested: why not.
        missing: how many of its runs have no value, since they diverged.
        middle: difference of the interquartile means of two arms and its bootstrap interval, where
            there are enough runs for one.
    """

    evidence: PartEvidence
    trial: Trial | None
    untested: str
    missing: int
    middle: tuple[float, float, float] | None


@dataclass(frozen=True)
class ClaimVerdict:
    """The verdict on a claim.

    Attributes:
        word: the verdict.
        p_supported: p-value of the claim's support, None where there is no verdict.
        p_refuted: p-value of its refutation.
        p: twice the smaller, after Holm's correction over the claims.
        level: what p has to be at most: α, divided by the number of looks.
        look: the number of seeds at which it was passed, where looks were declared.
        exploratory: why the verdict is no confirmation; empty if it is one.
    """

    claim: Claim
    parts: list[PartTrial]
    word: Word
    p_supported: float | None
    p_refuted: float | None
    p: float | None
    level: float
    look: int | None = None
    exploratory: str = ""

    @property
    def decided(self) -> bool:
        """Whether it is supported or refuted."""
        return self.word in ("supported", "refuted")

    @property
    def passed(self) -> bool:
        """Whether a verdict was passed, be it that the runs do not decide."""
        return self.decided or self.word == "undecided"


def verdicts(study: StudyPlan, profile: str, runs: dict[str, ArmRuns]) -> list[ClaimVerdict]:
    """The verdict on each claim from a profile's runs.

    With declared looks, each claim's first decision stands: at every look the first so many seeds
    are tested at α divided by the number of looks. Seeds beyond the last look, or between two, give
    a verdict that is marked exploratory.

    Raises:
        StudyError: if a comparison within a seed has no seed in common.
    """
    declared = study.file.looks
    level = study.file.alpha / max(1, len(declared))
    if profile == NUMBERS_ONLY or not declared:
        return judge(study, profile, evidence(study, runs), runs, level)
    found: list[ClaimVerdict] = []
    planned = max((each.arm.seeds for each in runs.values()), default=0)
    for seeds in [look for look in declared if look <= planned]:
        kept = first_seeds(runs, seeds)
        now = judge(study, profile, evidence(study, kept), kept, level)
        found = _first_decision(found, [replace(each, look=seeds) for each in now])
    if planned in declared:
        return found
    extra = f"{planned} seeds are no declared look, which are {_and(declared)}"
    now = judge(study, profile, evidence(study, runs), runs, level)
    return _first_decision(found, [replace(each, exploratory=extra) for each in now])


def judge(
    study: StudyPlan,
    profile: str,
    claims: Sequence[ClaimEvidence],
    runs: dict[str, ArmRuns],
    level: float,
) -> list[ClaimVerdict]:
    """The verdicts of one look, at `level`."""
    tried = [[_try(study, each, part, runs, level / 2) for part in each.parts] for each in claims]
    p_values = [_combined(parts) for parts in tried]
    adjusted = holm([1.0 if p is None else min(1.0, 2 * min(p)) for p in p_values])
    found = []
    for each, parts, p, corrected in zip(claims, tried, p_values, adjusted, strict=True):
        if p is None:
            found.append(ClaimVerdict(each.claim, parts, "not tested", None, None, None, level))
        elif profile == NUMBERS_ONLY:
            found.append(ClaimVerdict(each.claim, parts, "numbers only", None, None, None, level))
        else:
            word = _word(p, corrected, level)
            found.append(ClaimVerdict(each.claim, parts, word, *p, corrected, level))
    return found


def check_seeds(study: StudyPlan, profile: str, untested: Collection[str]) -> None:
    """See that a profile trains enough seeds for a verdict on any claim.

    Args:
        study: the study.
        profile: one of its profiles, by name.
        untested: why each part of a claim is not tested; empty where it is.

    Raises:
        StudyError: if not.
    """
    if profile != NUMBERS_ONLY and untested and all("one seed" in reason for reason in untested):
        raise StudyError(
            f"{study.path}, profiles.{profile}: one seed gives no verdict: "
            f"seeds should be {FEWEST_SEEDS} or more"
        )


def _word(p: tuple[float, float], corrected: float, level: float) -> Word:
    if corrected > level:
        return "undecided"
    return "supported" if p[0] < p[1] else "refuted"


def _combined(parts: Sequence[PartTrial]) -> tuple[float, float] | None:
    trials = [part.trial for part in parts if part.trial is not None]
    if len(trials) < len(parts):
        return None
    refuted = len(trials) * min(trial.p_refuted for trial in trials)
    return max(trial.p_supported for trial in trials), min(1.0, refuted)


def _try(
    study: StudyPlan,
    claim: ClaimEvidence,
    part: PartEvidence,
    runs: dict[str, ArmRuns],
    level: float,
) -> PartTrial:
    arms = samples(part, runs)
    _check_common(study, claim.claim, part, arms)
    untested = part.untested or _too_few(part, runs)
    missing = sum(arm.missing for arm in arms)
    if untested:
        return PartTrial(part, None, untested, missing, None)
    trial = put_on_trial(part.part, arms, level)
    return PartTrial(part, trial, "", missing, _middle(part, arms, level))


def _too_few(part: PartEvidence, runs: dict[str, ArmRuns]) -> str:
    for summary in part.summaries:
        if len(runs[summary.arm].logs) < FEWEST_SEEDS:
            return f"{summary.arm} has one seed, and one seed gives no verdict"
    return ""


def _check_common(
    study: StudyPlan, claim: Claim, part: PartEvidence, arms: Sequence[Sample]
) -> None:
    if not part.part.within:
        return
    seeds = [set(arm.seeds) for arm in arms]
    if all(seeds) and not set.intersection(*seeds):
        names = " and ".join(dict.fromkeys(summary.arm for summary in part.summaries))
        raise StudyError(
            f"{study.path}, claim {claim.id}: it compares within a seed, and {names} have no seed "
            "in common"
        )


def _middle(
    part: PartEvidence, arms: Sequence[Sample], level: float
) -> tuple[float, float, float] | None:
    if len(arms) != 2 or part.part.kind == "time" or part.part.paired:
        return None
    x, y = (arm.values[~np.isnan(arm.values)] for arm in arms)
    interval = bca_interval(x, y, level)
    return interval and (interquartile_mean(x) - interquartile_mean(y), *interval)


def _first_decision(
    before: Sequence[ClaimVerdict], now: Sequence[ClaimVerdict]
) -> list[ClaimVerdict]:
    if not before:
        return list(now)
    return [
        old if old.decided or (old.passed and not new.passed) else new
        for old, new in zip(before, now, strict=True)
    ]


def _and(numbers: Sequence[int]) -> str:
    return " and ".join(filter(None, [", ".join(map(str, numbers[:-1])), str(numbers[-1])]))
