"""Which run to train next: the one that is likely to bring verdicts soonest for its time.

A step of a claim is one more seed of some of its parts, and of every arm that they read. What it
is worth is the share of the way to a verdict that it goes (`assay.claims.gain`): one of the seeds
that it takes on average, if seeds go on as they have so far. So a claim that is nearly decided, or
that all seeds agree on, comes before one that will take long. A step counts for every claim that it
brings further. What it costs are the seconds of those of its runs that are neither there nor under
way.

The gain of the logarithm of evidence alone, whatever is still missing, would spend most of the time
on claims that are hard to tell while others need little more.
"""

from collections.abc import Iterator, Sequence

from assay.claims.ahead import Ahead, NextSeed, Runs, Step
from assay.claims.gain import Gain
from assay.claims.outlook import MOST_SEEDS
from assay.config import RunConfig

_LEAST = 1e-6
"""Taken for the gain of a step that is expected to bring less, so that the cheapest comes first."""


def choose(
    claims: Sequence[Ahead], most: float, runs: Runs, most_seeds: int = MOST_SEEDS
) -> RunConfig | None:
    """The run to train next; None where nothing can be added.

    Of the step that is worth most for its time it is the longest run.

    Args:
        claims: those that are open.
        most: the share of runs that has to be exceeded.
        runs: what is known of runs.
        most_seeds: how many seeds a part may have.
    """
    best, found = 0.0, None
    gains = [Gain(each, most, most_seeds) for each in claims]
    for step in _steps(claims):
        gain = sum(each.of(step) for each in gains)
        value = max(gain, _LEAST) / sum(runs.seconds(arm) for arm, _ in step.values())
        if value > best:
            best = value
            found = max(step.values(), key=lambda run: runs.seconds(run[0]))[1]
    return found


def _steps(claims: Sequence[Ahead]) -> Iterator[Step]:
    """One more seed of all parts of a claim, of those with the fewest, or of the weakest."""
    for each in claims:
        open_ = [seed for seed in each.seeds if seed.missing]
        if each.failed or not open_:
            continue
        fewest = min(map(_reach, each.seeds))
        behind = [seed for seed in open_ if _reach(seed) == fewest]
        weakest = [seed for seed in open_ if seed.part is each.verdict.weakest]
        # Without a run of every arm a claim is not tried at all.
        for chosen in (open_, behind, weakest) if fewest else (behind,):
            if chosen:
                yield {key: run for seed in chosen for key, run in seed.missing.items()}


def _reach(seed: NextSeed) -> int:
    return len(seed.part.effects.confirming) + seed.before
