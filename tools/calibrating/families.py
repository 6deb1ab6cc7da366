"""Studies of many claims: e-BH with looks after every seed, and Welch with Holm beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from assay.claims.evalues import e_bh
from tools.calibrating.old import holm, welch
from tools.calibrating.ours import SEEDS, Booleans, of_majority
from tools.calibrating.values import Collapse, Floats, Generator, Pairs

CLAIMS = 18
ALPHA = 0.05
PLANNED = 8


@dataclass(frozen=True)
class Family:
    """A study of `CLAIMS` claims whose outcomes share their seeds.

    Attributes:
        name: what is simulated.
        dependence: the correlation of the claims within a seed.
        true: how many claims hold, in 95 % of the seeds; the others are exactly at the margin.
    """

    name: str
    dependence: float
    true: int = 0

    def yes(self, rng: Generator, studies: int) -> Booleans:
        """Which seeds show which claim, (studies, claims, seeds). What holds comes last."""
        found: Booleans = self._latent(rng, studies, SEEDS) > -self._lift()[:, None]
        return found

    def normal(self, rng: Generator, studies: int, seeds: int) -> Pairs:
        """Normal values of both arms (studies, claims, seeds), the first above as often."""
        first, second = (self._latent(rng, studies, seeds) for _ in "xy")
        return first + np.sqrt(2) * self._lift()[:, None], second

    def collapsing(self, rng: Generator, studies: int, seeds: int) -> Pairs:
        """The same, but of the second arm one seed of ten collapses; means are at the margin."""
        collapse = Collapse(10)
        first, second = self.normal(rng, studies, seeds)
        # The same seeds collapse in the more claims, the more these depend on each other.
        collapsed = norm.cdf(self._latent(rng, studies, seeds)) < 1 / collapse.one_in
        x, y = (1 + collapse.spread * arm for arm in (first, second))
        return x + 8 / collapse.one_in, np.where(collapsed, 9 * y, y)

    def _lift(self) -> Floats:
        holds = np.arange(CLAIMS) >= CLAIMS - self.true
        return np.where(holds, norm.ppf(0.95), 0.0)

    def _latent(self, rng: Generator, studies: int, seeds: int) -> Floats:
        shared = rng.normal(size=(studies, 1, seeds))
        own = rng.normal(size=(studies, CLAIMS, seeds))
        found: Floats = np.sqrt(self.dependence) * shared + np.sqrt(1 - self.dependence) * own
        return found


FAMILIES = (
    *(Family(f"all at the margin, dependence {rho:g}", rho) for rho in (0.0, 0.3, 0.6, 0.9)),
    *(Family(f"half at the margin, dependence {rho:g}", rho, 9) for rho in (0.0, 0.3, 0.6, 0.9)),
    Family("one at the margin, dependence 0.3", 0.3, 17),
)


@dataclass(frozen=True)
class Found:
    """What became of the studies of a family.

    Attributes:
        false: the mean share of verdicts "supported" that are false, and of verdicts against.
        any_false: the share of studies with a false verdict, for and against.
        true: the share of the claims that hold which are supported; None where none holds.
        seeds: the mean number of seeds that these took.
    """

    false: tuple[float, float]
    any_false: tuple[float, float]
    true: float | None
    seeds: float | None


Values = Callable[[Family, Generator, int, int], Pairs]
Procedure = Callable[[Family, Generator, int], Found]


def watched(family: Family, rng: Generator, studies: int) -> Found:
    """e-BH after every seed; what is decided stays, with the evidence that decided it."""
    decided = [_watch(*of_majority(yes)) for yes in family.yes(rng, studies)]
    return _count(family, np.array([d for d, _ in decided]), np.array([s for _, s in decided]))


def _watch(for_it: Floats, against: Floats) -> tuple[Floats, Floats]:
    """Verdicts (claims), 1, -1 or 0, and the seeds they took, from evidence (claims, seeds)."""
    verdicts, taken = np.zeros(CLAIMS), np.zeros(CLAIMS)
    kept = np.zeros(CLAIMS)
    for place in range(for_it.shape[1]):
        undecided = verdicts == 0
        now = np.maximum(for_it[:, place], against[:, place])
        kept = np.where(undecided, now, kept)
        # No claim is decided by less than 1 / α.
        if kept[undecided].max(initial=0) < 1 / ALPHA:
            continue
        new = np.array(e_bh(kept.tolist(), ALPHA)) & undecided
        verdicts[new] = np.where(for_it[new, place] >= against[new, place], 1, -1)
        taken[new] = place + 1
    return verdicts, taken


def by_welch(values: Values, looks: Sequence[int]) -> Procedure:
    """Welch's test with Holm's correction after some numbers of seeds, each as if it were alone."""

    def procedure(family: Family, rng: Generator, studies: int) -> Found:
        pair = values(family, rng, studies, max(looks))
        x, y = (arm.reshape(studies * CLAIMS, -1) for arm in pair)
        verdicts, taken = np.zeros((2, studies, CLAIMS))
        for seeds in looks:
            above, below = welch((x[:, :seeds], y[:, :seeds]))
            p = 2 * np.minimum(above, below).reshape(studies, CLAIMS)
            new = np.array([holm(row, ALPHA) for row in p]) * (verdicts == 0)
            verdicts += new * np.where(above < below, 1, -1).reshape(studies, CLAIMS)
            taken += new * seeds
        return _count(family, verdicts, taken)

    return procedure


def _count(family: Family, verdicts: Floats, taken: Floats) -> Found:
    """Claims at the margin are false in one direction, those that hold if decided against."""
    at_margin = np.arange(CLAIMS) < CLAIMS - family.true
    all_decided = np.maximum(1, (verdicts != 0).sum(axis=1))
    wrong_for = ((verdicts == 1) & at_margin).sum(axis=1)
    wrong_against = (verdicts == -1).sum(axis=1)
    hits = (verdicts == 1) & ~at_margin
    return Found(
        (float(np.mean(wrong_for / all_decided)), float(np.mean(wrong_against / all_decided))),
        (float(np.mean(wrong_for > 0)), float(np.mean(wrong_against > 0))),
        float(hits.sum() / (len(verdicts) * family.true)) if family.true else None,
        float(taken[hits].mean()) if hits.any() else None,
    )


PROCEDURES: dict[str, tuple[Procedure, int]] = {
    "e-BH, watched": (watched, 1_000),
    "Welch and Holm, normal, 8 seeds": (by_welch(Family.normal, [PLANNED]), 1_000),
    "Welch and Holm, normal, watched": (by_welch(Family.normal, range(3, SEEDS + 1)), 200),
    "Welch and Holm, collapse, 8 seeds": (by_welch(Family.collapsing, [PLANNED]), 1_000),
}
"""Each with how many studies it is tried on."""
