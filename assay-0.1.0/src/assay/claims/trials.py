"""A part of a claim put on trial: the test that its kind of outcome and its statement ask for.

The rule, which reads nothing of the result:

    kind     two arms                 one arm, or within a run
    smooth   Welch's t                one-sample t
    bounded  permuted Brunner-Munzel  sign test
    solved   exact, of two shares     binomial
    time     permuted log-rank
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assay.claims.evidence import ArmRuns, PartEvidence
from assay.claims.statistics import (
    one_share_test,
    rank_test,
    share_test,
    sign_test,
    t_test,
    time_test,
    welch_test,
)
from assay.claims.statistics.permutation import Floats
from assay.outcomes.outcome import Value
from assay.statements.trial import Tests, Trial
from assay.study.file import Part


@dataclass(frozen=True)
class Sample:
    """An outcome of the runs of an arm.

    Attributes:
        values: one value a run, (n,); NaN where the run has none, ∞ for a time never reached.
        seeds: their seeds.
        horizon: the most updates for which a run of it was followed.
    """

    values: Floats
    seeds: list[int]
    horizon: float

    @property
    def missing(self) -> int:
        """How many runs have no value."""
        return int(np.isnan(self.values).sum())


def samples(evidence: PartEvidence, runs: dict[str, ArmRuns]) -> list[Sample]:
    """The outcome of each arm of a part, in its order.

    What a diverged run comes to at its end is no result: there it has no value.
    """
    return [
        _sample(evidence.part, summary.update, summary.values, runs[summary.arm])
        for summary in evidence.summaries
    ]


def put_on_trial(part: Part, arms: Sequence[Sample], level: float) -> Trial:
    """Test a part's statement against its margin, in the claimed direction.

    Args:
        part: the statement.
        arms: its arms' outcomes; at least one run each, and of those compared within a seed at
            least one seed in common.
        level: α/2.
    """
    return part.statement.tried(part, arms, _Tests(part, level))


class _Tests(Tests[Sample]):
    """Of the outcomes of runs, at a level."""

    def __init__(self, part: Part, level: float) -> None:
        super().__init__(part)
        self.level = level

    def two(self, of: Sample, against: Sample, margin: float) -> Trial:
        part, x, y = self.part, of.values, against.values
        if part.kind == "time":
            return time_test(x, y, min(of.horizon, against.horizon), margin, self.level)
        if part.kind == "solved":
            return share_test(_solved(part, x), _solved(part, y), margin, self.level)
        if part.paired:
            x, y = _together([of, against])
            return self._one(x - y, margin)
        test = welch_test if part.kind == "smooth" else rank_test
        return test(x, y, margin, self.level)

    def beyond(self, arm: Sample, *, above: bool) -> Trial:
        threshold, margin = self.part.threshold or 0.0, self.part.margin
        if self.part.kind == "solved":
            count, total = _solved(self.part, arm.values)
            if above:
                return one_share_test((count, total), threshold, margin, self.level)
            return one_share_test((total - count, total), 1 - threshold, margin, self.level)
        # What is below a threshold is, mirrored, above it.
        sign = 1 if above else -1
        return self._one(sign * (arm.values - threshold), margin)

    def within(self, arms: Sequence[Sample], effect: Callable[..., Floats]) -> Trial:
        return self._one(effect(*_together(arms)), self.part.margin)

    def _one(self, values: Floats, margin: float) -> Trial:
        return (t_test if self.part.kind == "smooth" else sign_test)(values, margin, self.level)


def _solved(part: Part, values: Floats) -> tuple[int, int]:
    """How many runs of how many; one without a value did not."""
    assert part.solved is not None
    return int((values >= part.solved).sum()), len(values)


def _together(arms: Sequence[Sample]) -> list[Floats]:
    """The values of the seeds that all arms have, in their order."""
    common = sorted(set.intersection(*(set(arm.seeds) for arm in arms)))
    return [arm.values[[arm.seeds.index(seed) for seed in common]] for arm in arms]


def _sample(part: Part, update: int | None, values: Sequence[Value], runs: ArmRuns) -> Sample:
    numbers = [
        _number(part, value, update is None and seed in runs.diverged_seeds)
        for seed, value in zip(runs.seeds, values, strict=True)
    ]
    ended = max(runs.followed, default=0)
    return Sample(np.array(numbers, dtype=float), runs.seeds, max(1.0, float(ended)))


def _number(part: Part, value: Value, diverged: bool) -> float:
    if part.kind == "time":
        return np.inf if value.value is None else value.value
    known = value.value is not None and np.isfinite(value.value) and not diverged
    return value.value if known and value.value is not None else np.nan
