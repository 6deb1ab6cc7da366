"""How often each method passes a false verdict, and how many seeds a true one takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tools.calibrating import old, ours
from tools.calibrating.scenarios import Effect, Outcome, Scenario
from tools.calibrating.sequential import GROUP, GROUPS, adastop
from tools.calibrating.values import Floats, Generator, Pairs

ALPHA = 0.05
FEWEST = 3
"""Seeds before Welch's test is first looked at."""
MANY = 18
"""Claims of a study, of which none else is decided."""
POWER = 0.8
PLANS = (5, 6, 8, 10, 12, 16, 20, 30, 40, 60)

Test = Callable[[Pairs], Pairs]
TESTS: dict[Outcome, tuple[str, Test, int]] = {
    "value": ("ranks", old.ranks, 16),
    "time": ("log-rank", old.log_rank, 16),
    "share": ("Barnard", old.barnard, 40),
}
"""By outcome: the exact test, and up to how many seeds it is planned here."""


@dataclass(frozen=True)
class Rate:
    """Shares of studies that are decided for and against, and how many studies there were."""

    for_it: float
    against: float
    studies: int

    @property
    def worse(self) -> float:
        """The larger of both. At the margin only one of the two directions is false."""
        return max(self.for_it, self.against)


def rate(verdicts: Floats) -> Rate:
    """Shares of verdicts (studies) of 1 and of -1."""
    return Rate(float(np.mean(verdicts == 1)), float(np.mean(verdicts == -1)), len(verdicts))


def methods_of(outcome: Outcome, symmetric: bool) -> list[ours.Method]:
    """Which kinds of evidence an outcome may be given."""
    if outcome == "share":
        return ["two shares"]
    return ["majority", "shift"] if symmetric else ["majority"]


def watch(evidence: Pairs, least: float = 1 / ALPHA) -> tuple[Floats, Floats]:
    """Verdicts (studies) of evidence (studies, seeds) after every seed, and the seeds taken."""
    for_it, against = (ours.first_at(found, least) for found in evidence)
    first = (for_it > 0) & ((against == 0) | (for_it < against))
    verdicts = np.where(first, 1.0, np.where(against > 0, -1.0, 0.0))
    return verdicts, np.where(first, for_it, against).astype(float)


def false_of_ours(
    scenario: Scenario, method: ours.Method, rng: Generator, studies: int, seeds: int = ours.SEEDS
) -> Rate:
    """Verdicts where there is nothing, watched after every seed."""
    pairs = scenario.draw(rng, studies, seeds)
    found = ours.evidence(method, scenario.outcome, pairs, scenario.most)
    return rate(watch(found)[0])


def false_of_parts(sure: int, rng: Generator, studies: int, seeds: int = ours.SEEDS) -> Rate:
    """Verdicts on a claim of three parts, of which some are sure and the others at the margin.

    For it speaks the least evidence of the parts, against it the mean of theirs.
    """
    chances = np.where(np.arange(3) < sure, 1.0, 0.5)[:, None]
    for_it, against = ours.of_majority(rng.random((studies, 3, seeds)) < chances)
    return rate(watch((for_it.min(axis=1), against.mean(axis=1)))[0])


def planned(p: Pairs, alpha: float = ALPHA) -> Floats:
    """Verdicts (studies) of p-values in both directions."""
    found = np.where(p[0] < p[1], 1.0, -1.0)
    return np.where(2 * np.minimum(*p) <= alpha + 1e-12, found, 0.0)


def looked(pairs: Pairs, looks: Sequence[int]) -> tuple[Floats, Floats]:
    """Welch's verdicts (studies) if every look counts as the only one, and the seeds taken."""
    verdicts, taken = np.zeros((2, len(pairs[0])))
    for seeds in looks:
        new = planned(old.welch((pairs[0][:, :seeds], pairs[1][:, :seeds]))) * (verdicts == 0)
        verdicts += new
        taken += np.abs(new) * seeds
    return verdicts, taken


def false_of_others(scenario: Scenario, rng: Generator, few: int, many: int) -> dict[str, Rate]:
    """Verdicts of the tests that are run beside where there is nothing; `few` of the slow ones."""
    found = {}
    if scenario.mean is not None:
        x, y = scenario.draw(rng, many, ours.SEEDS)
        pairs = x - scenario.mean, y
        for seeds in (5, 8):
            first = pairs[0][:, :seeds], pairs[1][:, :seeds]
            found[f"Welch, {seeds} seeds"] = rate(planned(old.welch(first)))
        looks = range(FEWEST, ours.SEEDS + 1)
        found["Welch, watched"] = rate(looked(pairs, looks)[0])
        few_pairs = pairs[0][:few, : GROUP * GROUPS], pairs[1][:few, : GROUP * GROUPS]
        found["AdaStop"] = rate(adastop(few_pairs)[0])
    if scenario.others:
        name, test, _ = TESTS[scenario.outcome]
        found[f"{name}, 8 seeds"] = rate(planned(test(scenario.others(rng, 5 * few, 8))))
    return found


@dataclass(frozen=True)
class Needed:
    """The seeds that a verdict takes where there is something.

    Attributes:
        usually: the seeds by which four of five studies are decided for; None if never.
        mean: the mean number of seeds, an undecided study counting with all it had; None of a test
            that is planned and not watched.
        decided: the share of studies that are decided for in the end.
    """

    usually: int | None
    mean: float | None
    decided: float
    studies: int


def needed(verdicts: Floats, taken: Floats, most: int) -> Needed:
    """Seeds from verdicts (studies) and the seeds they took."""
    seeds = np.sort(np.where(verdicts == 1, taken, np.inf))
    at = float(seeds[int(np.ceil(POWER * len(seeds))) - 1])
    mean = float(np.where(verdicts == 0, most, taken).mean())
    decided = float(np.mean(verdicts == 1))
    return Needed(int(at) if np.isfinite(at) else None, mean, decided, len(seeds))


def needed_by_ours(effect: Effect, rng: Generator, studies: int) -> dict[str, Needed]:
    """Seeds of a claim alone, and of one of many of which none else is decided."""
    found = {}
    for method in methods_of(effect.outcome, effect.shifted):
        pairs = effect.draw(rng, studies, ours.SEEDS)
        evidence = ours.evidence(method, effect.outcome, pairs)
        for name, claims in (("", 1), (f", one of {MANY}", MANY)):
            verdicts, taken = watch(evidence, claims / ALPHA)
            found[method + name] = needed(verdicts, taken, ours.SEEDS)
    return found


def needed_by_others(effect: Effect, rng: Generator, few: int, many: int) -> dict[str, Needed]:
    """Seeds of the tests that are run beside, planned or in groups."""
    found = {}
    name, test, most = TESTS[effect.outcome]
    if effect.outcome == "value":
        found |= _planned(effect, "Welch", old.welch, max(PLANS), rng, many)
        pairs = effect.draw(rng, few, GROUP * GROUPS)
        found["AdaStop"] = needed(*adastop(pairs), GROUP * GROUPS)
    return found | _planned(effect, name, test, most, rng, 2 * few)


def _planned(
    effect: Effect, name: str, test: Test, most: int, rng: Generator, studies: int
) -> dict[str, Needed]:
    found = {}
    for suffix, claims in (("", 1), (f", one of {MANY}", MANY)):
        decided = 0.0
        usually = None
        for seeds in (n for n in PLANS if n <= most):
            verdicts = planned(test(effect.draw(rng, studies, seeds)), ALPHA / claims)
            decided = float(np.mean(verdicts == 1))
            if decided >= POWER:
                usually = seeds
                break
        found[name + suffix] = Needed(usually, None, decided, studies)
    return found
