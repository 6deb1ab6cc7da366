"""What a claim's tests can give at best, which is known before any run."""

import math
from collections.abc import Sequence

from assay.claims.outlook import Outlook
from assay.claims.statistics import (
    holm,
    one_share_test,
    rank_floor,
    share_test,
    sign_floor,
    time_floor,
)
from assay.statements.trial import Tests, Trial
from assay.study import Arm, StudyPlan
from assay.study.file import Claim, Part

FEWEST_SEEDS = 2


def outlooks_of(study: StudyPlan, profile: str) -> list[Outlook]:
    """What each claim can come to with a profile's seeds, at the last look.

    Holm's adjusted p-values rise with every p-value, so those of the least p-values are the best
    that can happen to all of them at once: a claim beyond α then stays so however the runs turn
    out.
    """
    arms = study.arms(profile)
    most = max(study.file.looks, default=None)
    level = study.file.alpha / max(1, len(study.file.looks))
    floors = [_floor(study, claim, arms, most) for claim in study.claims]
    least = [min(both) for both in floors]

    def best(index: int, p: float) -> float:
        return holm([*least[:index], p, *least[index + 1 :]])[index]

    return [
        Outlook(
            claim.id,
            level,
            *(best(index, p) for p in both),
            *(min(1.0, len(floors) * p) for p in both),
        )
        for index, (claim, both) in enumerate(zip(study.claims, floors, strict=True))
    ]


def _floor(
    study: StudyPlan, claim: Claim, arms: Sequence[Arm], most: int | None
) -> tuple[float, float]:
    """Twice the least p-values (supported, refuted) of a claim."""
    floors = []
    for part in claim.parts:
        seeds = [study.select(selector, arms).seeds for selector in part.selectors]
        sizes = [each if most is None else min(each, most) for each in seeds]
        if min(sizes) < FEWEST_SEEDS:
            return 1.0, 1.0
        floors.append(part_floor(part, sizes))
    supported = max(floor for floor, _ in floors)
    refuted = len(floors) * min(floor for _, floor in floors)
    return min(1.0, 2 * supported), min(1.0, 2 * refuted)


def part_floor(part: Part, sizes: Sequence[int]) -> tuple[float, float]:
    """The least p-values (supported, refuted) of a part whose arms have so many runs."""
    least = part.statement.tried(part, sizes, _Least(part))
    return least.p_supported, least.p_refuted


class _Least(Tests[int]):
    """The tests with the least p-values that so many runs can give them."""

    def two(self, of: int, against: int, margin: float) -> Trial:
        part = self.part
        if part.kind == "solved":
            every = share_test((of, of), (0, against), margin)
            return _least(
                every.p_supported, share_test((0, of), (against, against), margin).p_refuted
            )
        if part.kind == "smooth" or part.paired:
            return self._one(min(of, against))
        floor = (time_floor if part.kind == "time" else rank_floor)(of, against)
        return _least(floor, floor)

    def beyond(self, arm: int, *, above: bool) -> Trial:
        if self.part.kind != "solved":
            return self._one(arm)
        threshold = self.part.threshold or 0.0
        start = threshold if above else 1 - threshold
        every, none = (one_share_test((k, arm), start, self.part.margin) for k in (arm, 0))
        return _least(every.p_supported, none.p_refuted)

    def within(self, arms: Sequence[int], effect: object) -> Trial:
        return self._one(min(arms))

    def _one(self, runs: int) -> Trial:
        floor = 0.0 if self.part.kind == "smooth" else sign_floor(runs)
        return _least(floor, floor)


def _least(supported: float, refuted: float) -> Trial:
    return Trial(math.nan, -math.inf, math.inf, supported, refuted, "")
