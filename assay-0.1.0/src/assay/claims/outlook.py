"""What each claim can come to with the planned seeds, worked out once for each study."""

import json
from dataclasses import asdict, dataclass

from assay.store.cache import remembered
from assay.study import StudyPlan

NUMBERS_ONLY = "quick"
"""The profile that never gives a verdict."""


@dataclass(frozen=True)
class Outlook:
    """What a claim can come to with the planned seeds.

    The p-values are twice the least that its tests can give in a direction.

    Attributes:
        claim: the claim's id.
        level: what a p-value has to reach.
        supported: the least p-value of its support, after Holm's correction, if every other claim's
            is its least too: however the runs turn out, it is no smaller.
        refuted: the same of its refutation.
        supported_alone: the least p-value of its support after Holm's correction in the worst case,
            where every other claim's p-value is larger.
        refuted_alone: the same of its refutation.
    """

    claim: str
    level: float
    supported: float
    refuted: float
    supported_alone: float
    refuted_alone: float

    @property
    def undecidable(self) -> bool:
        """Whether no verdict can be passed, however the runs turn out."""
        return min(self.supported, self.refuted) > self.level


def outlooks(study: StudyPlan, profile: str) -> list[Outlook]:
    """The outlook of every claim of a study; none in the profile that gives numbers only."""
    if profile == NUMBERS_ONLY:
        return []

    def work_out() -> list[dict[str, str | float]]:
        from assay.claims.floors import outlooks_of  # SciPy, which takes longer than the rest

        return [asdict(each) for each in outlooks_of(study, profile)]

    study.profile(profile)
    key = json.dumps(["outlooks", profile, study.file.model_dump(mode="json")], sort_keys=True)
    return [Outlook(**each) for each in remembered(key, work_out, lambda: True)]
