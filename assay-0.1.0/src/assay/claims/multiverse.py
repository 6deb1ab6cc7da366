"""What a claim comes to in each universe, and over all of them.

The outcome of a run is whether it was solved within the budget, and after how many updates: never
an accuracy, which stopping truncates. A run that diverged was not solved. An effect is that of the
test that a verdict would rest on: the difference of the shares of runs solved, or how many times as
many updates the other arm takes, with runs that never got there censored at the budget.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from assay.claims.statistics import CurveTest, curve_test, median_effect, time_effects
from assay.claims.statistics.permutation import TOLERANCE, Floats
from assay.claims.trials import Sample, put_on_trial
from assay.claims.universes import Multiverse, Universe, multiverses, seeds_of
from assay.config import RunConfig, Scalar
from assay.outcomes.accuracy import updates_to
from assay.statements.trial import Trial
from assay.store import Store
from assay.study import StudyPlan

LEVEL = 0.05
"""Half of what an interval of one universe leaves out: 3 against 3 runs bound no time at less."""

Side = Literal["claimed", "other", "none"]


@dataclass(frozen=True)
class Effect:
    """What a claim comes to in one universe.

    Attributes:
        times: updates to solve of the runs of both arms, in order of seed; ∞ where a run was not
            solved within the budget, NaN where it has not ended.
        trial: effect and interval in the claimed direction; None while runs are missing.
        size: the effect, of a ratio its logarithm: above 0 on the side of the claim.
    """

    universe: Universe
    times: tuple[Floats, Floats]
    trial: Trial | None
    size: float

    @property
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
        return [each for each in self.effects if each.trial is not None]

    @property
    def median(self) -> float | None:
        """The median of their sizes."""
        sizes = [each.size for each in self.complete]
        return float(median_effect(np.array(sizes))) if sizes else None

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
    effects = _effects(multiverse, times_USA)
    whole = np.array([each.trial is not None for each in effects])
    test = _test(multiverse, times_USA[whole]) if whole.any() else None
    return Curve(multiverse, Counter(own.values()), effects, test)


def _outcome(config: RunConfig, store: Store, goal: float) -> tuple[str, float]:
    """How far a run is, and its updates to solve."""
    folder = store.folder(config)
    status = folder.status if folder.exists else "not started"
    if status not in ("finished", "diverged"):
        return status, np.nan
    value = updates_to(folder.metrics(), goal).value
    return status, np.inf if value is None else value


def _effects(multiverse: Multiverse, times_UAS: Floats) -> list[Effect]:
    known: dict[bytes, Trial] = {}
    found = []
    for universe, times in zip(multiverse.universes, times_UAS, strict=True):
        trial = None
        if not np.isnan(times).any():
            values = times if multiverse.part.kind == "time" else np.isfinite(times).astype(float)
            key = np.sort(values, axis=1).tobytes()
            trial = known[key] = known.get(key) or _trial(multiverse, values)
        size = np.nan if trial is None else float(_size(multiverse, np.array(trial.effect)))
        found.append(Effect(universe, (times[0], times[1]), trial, size))
    return found


def _trial(multiverse: Multiverse, values_AS: Floats) -> Trial:
    seeds, horizon = list(range(multiverse.table.seeds)), multiverse.table.updates
    samples = [Sample(values, seeds, horizon) for values in values_AS]
    return put_on_trial(multiverse.part, samples, LEVEL)


def _test(multiverse: Multiverse, times_UAS: Floats) -> CurveTest:
    """The permutation test; a block is an arm's seed, its outcomes in all universes."""
    seeds = multiverse.table.seeds
    order = multiverse.part.statement.ordered((0, 1))
    blocks_NU = times_UAS[:, order].reshape(len(times_UAS), 2 * seeds).T
    # Universes in which all runs came to the same are the same under every relabelling.
    distinct, back = np.unique(blocks_NU, axis=1, return_inverse=True)

    def effects(labels_BN: Floats) -> Floats:
        return _relabelled(multiverse, distinct, labels_BN)[:, back.ravel()]

    return curve_test(effects, seeds, seeds)


def _relabelled(multiverse: Multiverse, times_NU: Floats, labels_BN: Floats) -> Floats:
    """The size (B, U) of the effect in each universe under each relabelling."""
    half = len(times_NU) // 2
    if multiverse.part.kind != "time":
        solved_NU = np.isfinite(times_NU).astype(float)
        gaps_BU: Floats = (labels_BN @ solved_NU - (1 - labels_BN) @ solved_NU) / half
        return gaps_BU
    first = np.argsort(-labels_BN, axis=1, kind="stable")  # the first arm's blocks come first
    columns = [
        time_effects(times[first[:, :half]], times[first[:, half:]], multiverse.table.updates)
        for times in times_NU.T
    ]
    return _size(multiverse, np.stack(columns, axis=1))


def _size(multiverse: Multiverse, effects: Floats) -> Floats:
    if multiverse.part.kind != "time":
        return effects
    with np.errstate(divide="ignore"):
        sizes: Floats = np.nan_to_num(np.log(effects), nan=0.0, posinf=np.inf, neginf=-np.inf)
    return sizes


def _one_apart(one: Universe, two: Universe) -> Sequence[str]:
    """The axis in which two universes differ, if it is one alone."""
    apart = [axis for axis, value in one.choices.items() if value != two.choices[axis]]
    return apart if len(apart) == 1 else ()
