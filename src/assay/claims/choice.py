"""Which run to train next: the one that is likely to bring the most evidence for its time.

A step of a claim is one more seed of some of its parts, and of every arm that they read. What it
is worth is by how much the logarithm of the claim's evidence is expected to rise, if seeds go on as
they have so far, under a cautious prior (`assay.claims.gain`). A step counts for every claim that
it brings a seed further. What it costs are the seconds of those of its runs that are neither there
nor under way.
"""

from collections.abc import Iterator, Sequence

from assay.claims.ahead import Ahead, NextSeed, Runs, Step
from assay.claims.gain import Gain
from assay.config import RunConfig

_LEAST = 1e-3
"""Taken for the gain of a step that is expected to bring less, so that the cheapest comes first."""


def choose(claims: Sequence[Ahead], most: float, runs: Runs) -> RunConfig | None:
    """The run to train next; None where nothing can be added.

    Of the step that is worth most for its time it is the longest run.

    Args:
        claims: those that are open.
        most: the share of runs that has to be exceeded.
        runs: what is known of runs.
    """
    best, found = 0.0, None
    worth = {each.verdict.claim.id: Gain(each, most) for each in claims}
    for step in _steps(claims):
        gain = sum(each.of(step) for each in worth.values())
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
