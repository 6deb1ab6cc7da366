"""A part of a claim put on trial: the test that its kind of outcome and its statement ask for.

The rule, which reads nothing of the result:

    kind     two arms                 one arm, or within a run
    smooth   Welch's t                one-sample t
    bounded  permuted Brunner-Munzel  sign test
    solved   exact, of two shares     binomial
    time     permuted log-rank
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from assay.claims.evidence import ArmRuns, PartEvidence
from assay.claims.logs import Value
from assay.claims.statistics import (
    Trial,
    equivalent,
    one_share_test,
    rank_test,
    share_test,
    sign_test,
    t_test,
    time_test,
    welch_test,
)
from assay.claims.statistics.permutation import Floats
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
    if part.test in ("rising", "falling"):
        ordered = arms if part.test == "rising" else arms[::-1]
        return _trend(part, ordered, level)
    if part.test == "diminishing":
        sign = 1 if part.gain == "up" else -1
        start, middle, end = _together(arms)
        return _one(part, sign * ((middle - start) - (end - middle)), part.margin, level)
    if part.test in ("above", "below"):
        return _threshold(part, arms[0].values, level)
    of, against = arms if part.test != "smaller" else arms[::-1]
    if part.test == "equivalent":
        return equivalent(lambda margin: _two(part, of, against, margin, level), part.margin)
    return _two(part, of, against, part.margin, level)


def _two(part: Part, of: Sample, against: Sample, margin: float, level: float) -> Trial:
    x, y = of.values, against.values
    if part.kind == "time":
        return time_test(x, y, min(of.horizon, against.horizon), margin, level)
    if part.kind == "solved":
        return share_test(_solved(part, x), _solved(part, y), margin, level)
    if part.paired:
        x, y = _together([of, against])
        return _one(part, x - y, margin, level)
    test = welch_test if part.kind == "smooth" else rank_test
    return test(x, y, margin, level)


def _one(part: Part, values: Floats, margin: float, level: float) -> Trial:
    return (t_test if part.kind == "smooth" else sign_test)(values, margin, level)


def _threshold(part: Part, values: Floats, level: float) -> Trial:
    threshold = 0.0 if part.threshold is None else part.threshold
    above = part.test == "above"
    if part.kind == "solved":
        count, total = _solved(part, values)
        if above:
            return one_share_test((count, total), threshold, part.margin, level)
        return one_share_test((total - count, total), 1 - threshold, part.margin, level)
    # What is below a threshold is, mirrored, above it.
    sign = 1 if above else -1
    return _one(part, sign * (values - threshold), part.margin, level)


def _trend(part: Part, arms: Sequence[Sample], level: float) -> Trial:
    """From end to end by more than the margin, and no step back by more than it.

    Supported needs all of these tests, so the largest p-value (Berger 1982); refuted needs one, so
    the smallest, times how many there are. Effect and interval are from end to end.
    """
    whole = _two(part, arms[-1], arms[0], part.margin, level)
    if len(arms) == 2:
        return whole
    steps = [_two(part, after, before, -part.margin, level) for before, after in pairwise(arms)]
    tests = [whole, *steps]
    return Trial(
        whole.effect,
        whole.low,
        whole.high,
        max(each.p_supported for each in tests),
        min(1.0, len(tests) * min(each.p_refuted for each in tests)),
        f"{whole.method} from end to end and of every step",
    )


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
