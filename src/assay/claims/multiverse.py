"""What a claim comes to in each universe, and over all of them.

The outcome of a run is whether it was solved within the budget, and after how many updates: never
an accuracy, which stopping truncates. A run that diverged was not solved. An effect is the mean
over seeds of what a verdict compares seed by seed: the difference of the shares of runs solved, or
the logarithm of how many times as many updates the other arm takes, where a run that never got
there counts with the whole budget.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Literal

import numpy as np

from assay.claims.statistics.curve import CurveTest, curve_test
from assay.claims.statistics.permutation import TOLERANCE, Floats
from assay.claims.universes import Multiverse, Universe, multiverses, seeds_of
from assay.config import RunConfig, Scalar
from assay.outcomes.accuracy import updates_to
from assay.store import Store
from assay.study import StudyPlan

Side = Literal["claimed", "other", "none"]


@dataclass(frozen=True)
class Effect:
    """What a claim comes to in one universe.

    Attributes:
        times: updates to solve of the runs of both arms, in order of seed; ∞ where a run was not
            solved within the budget, NaN where it has not ended.
        seeds: the effect of each seed in the claimed direction, of a ratio its logarithm; None
            while runs are missing.
    """

    universe: Universe
    times: tuple[Floats, Floats]
    seeds: Floats | None

    @property
    def complete(self) -> bool:
        """Whether all of its runs ended."""
        return self.seeds is not None

    @cached_property
    def size(self) -> float:
        """The mean over seeds: above 0 on the side of the claim; NaN while runs are missing."""
        return math.nan if self.seeds is None else float(self.seeds.mean())

    @cached_property
    def side(self) -> Side:
        """On which side it is; on none where there is no difference."""
        if abs(self.size) <= TOLERANCE:
            return "none"
        return "claimed" if self.size > 0 else "other"


@dataclass(frozen=True)
class Turn:
    """Two universes that differ in one choice alone, and in their side."""

    axis: str
    claimed: Effect
    other: Effect


@dataclass(frozen=True)
class Curve:
    """A claim over its universes.

    Attributes:
        status: how many of its distinct runs are finished, diverged, failed, unfinished or not
            started.
        effects: of every universe, those whose runs all ended and those that miss some.
        test: over the universes whose runs all ended; None if there are none.
    """

    multiverse: Multiverse
    status: Mapping[str, int]
    effects: list[Effect]
    test: CurveTest | None

    @property
    def complete(self) -> list[Effect]:
        """Of the universes whose runs all ended."""
        return [each for each in self.effects if each.complete]

    def count(self, side: Side) -> int:
        """How many of them are on a side."""
        return sum(each.side == side for each in self.complete)

    def having(self, axis: str, value: Scalar) -> list[Effect]:
        """Those with a value of an axis."""
        return [each for each in self.complete if each.universe.choices[axis] == value]

    @property
    def turns(self) -> list[Turn]:
        """Every pair of universes that one choice moves from the one side to the other."""
        return [
            Turn(axis, *((one, two) if one.side == "claimed" else (two, one)))
            for one, two in combinations(self.complete, 2)
            if {one.side, two.side} == {"claimed", "other"}
            for axis in _one_apart(one.universe, two.universe)
        ]


def curves(study: StudyPlan, store: Store) -> list[Curve]:
    """Each claim over its multiverse, from the runs that the store holds of it.

    Raises:
        StudyError: if the study's multiverse is of no use.
        StoreError: if a run is damaged.
    """
    seen: dict[str, tuple[str, float]] = {}
    return [_curve(each, store, seen) for each in multiverses(study)]


def _curve(multiverse: Multiverse, store: Store, seen: dict[str, tuple[str, float]]) -> Curve:
    goal, own = multiverse.table.stop_accuracy, dict[str, str]()
    times_USA = np.empty((len(multiverse.universes), 2, multiverse.table.seeds))
    for row, universe in zip(times_USA, multiverse.universes, strict=True):
        for arm, config in zip(row, universe.configs, strict=True):
            for seed, run in enumerate(seeds_of(config, multiverse.table)):
                name = run.run_id
                if name not in seen:
                    seen[name] = _outcome(run, store, goal)
                own[name], arm[seed] = seen[name]
    values_UAS = _values(multiverse, times_USA)
    effects = [
        _effect(universe, times, values)
        for universe, times, values in zip(multiverse.universes, times_USA, values_UAS, strict=True)
    ]
    whole = values_UAS[[each.complete for each in effects]]
    test = _test(whole) if len(whole) else None
    return Curve(multiverse, Counter(own.values()), effects, test)


def _outcome(config: RunConfig, store: Store, goal: float) -> tuple[str, float]:
    """How far a run is, and its updates to solve."""
    folder = store.folder(config)
    status = folder.status if folder.exists else "not started"
    if status not in ("finished", "diverged"):
        return status, np.nan
    value = updates_to(folder.metrics(), goal).value
    return status, np.inf if value is None else value


def _values(multiverse: Multiverse, times_UAS: Floats) -> Floats:
    """What is compared of each run, larger where it is better, the claimed arm first; or NaN."""
    order = multiverse.part.statement.ordered((0, 1))
    if multiverse.part.is_time:
        better: Floats = -np.log(np.minimum(times_UAS, multiverse.table.updates))
    else:
        better = np.where(np.isnan(times_UAS), np.nan, np.isfinite(times_UAS))
    return better[:, order]


def _effect(universe: Universe, times_AS: Floats, values_AS: Floats) -> Effect:
    seeds = None if np.isnan(values_AS).any() else values_AS[0] - values_AS[1]
    return Effect(universe, (times_AS[0], times_AS[1]), seeds)


def _test(values_UAS: Floats) -> CurveTest:
    """The permutation test; a block is an arm's seed, its outcomes in all universes."""
    universes, _, seeds = values_UAS.shape
    return curve_test(values_UAS.reshape(universes, 2 * seeds).T, seeds)


def _one_apart(one: Universe, two: Universe) -> Sequence[str]:
    """The axis in which two universes differ, if it is one alone."""
    apart = [axis for axis, value in one.choices.items() if value != two.choices[axis]]
    return apart if len(apart) == 1 else ()
