"""How often a verdict is passed where there is nothing, and how often where there is something.

Simulates the kinds of outcome that studies have, with an effect of exactly the margin, and counts
false verdicts of the very functions that judge a study; then with a larger effect, for the power.
Writes docs/images/calibration.{json,svg,png}. Seeded; about ten minutes on one core.

    python tools/calibration.py            simulate and draw
    python tools/calibration.py --draw     draw the committed numbers again
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from calibration_figure import draw
from numpy.typing import NDArray

from assay.claims.statistics import share_test, sign_test, t_test, welch_test
from assay.claims.statistics.rank import rank_p_values
from assay.claims.statistics.times import time_p_values

FOLDER = Path(__file__).parent.parent / "docs" / "images"
SEEDS = (3, 4, 5, 6, 8, 12, 20)
LOOKS = (8, 12, 16)
ALPHA = 0.05
CLAIMS = 18
HORIZON = 2_500.0

Floats = NDArray[np.float64]
Generator = np.random.Generator
Draw = Callable[[Generator, int], tuple[Floats, Floats]]
Test = Callable[[Floats, Floats], tuple[float, float]]


@dataclass(frozen=True)
class Scenario:
    """Outcomes of two arms, and the test that their kind gets.

    Attributes:
        name: what is simulated.
        kind: the declared kind of outcome.
        draw: outcomes of n runs of each arm, with an effect of exactly the margin.
        larger: the same with the effect that the power is for; `effect` says it.
        test: p-values (supported, refuted).
        repeats: how many studies are simulated.
    """

    name: str
    kind: str
    draw: Draw
    test: Test
    repeats: int
    larger: Draw | None = None
    effect: str = ""


def rank(margin: float) -> Test:
    """The rank test, against a margin."""
    return lambda x, y: rank_p_values(x, y, margin)


@cache
def _shares(of: tuple[int, int], against: tuple[int, int]) -> tuple[float, float]:
    found = share_test(of, against, 0.1)
    return found.p_supported, found.p_refuted


def solved(x: Floats, y: Floats) -> tuple[float, float]:
    """The exact test of two shares, against 0.1."""
    return _shares((int(x.sum()), len(x)), (int(y.sum()), len(y)))


def times(x: Floats, y: Floats) -> tuple[float, float]:
    """The log-rank test, against a ratio of 1.25."""
    return time_p_values(x, y, HORIZON, 1.25)


def welch(x: Floats, y: Floats) -> tuple[float, float]:
    """Welch's test, against 1."""
    found = welch_test(x, y, 1.0)
    return found.p_supported, found.p_refuted


def within(x: Floats, y: Floats) -> tuple[float, float]:
    """The paired t test, against 1."""
    found = t_test(x - y, 1.0)
    return found.p_supported, found.p_refuted


def sign(x: Floats, y: Floats) -> tuple[float, float]:
    """The sign test of differences within a run, against 1."""
    found = sign_test(x - y, 1.0)
    return found.p_supported, found.p_refuted


def shares(first: float, second: float) -> Draw:
    """Solved or not, 1 or 0."""
    return lambda rng, n: (
        (rng.random(n) < first).astype(float),
        (rng.random(n) < second).astype(float),
    )


def two_peaks(shift: float) -> Draw:
    """Accuracies near chance or near 0.9, the first arm's higher by the shift."""

    def pair(rng: Generator, n: int) -> tuple[Floats, Floats]:
        x, y = (np.where(rng.random(n) < 0.6, 0.9, 0.1) + rng.normal(0, 0.01, n) for _ in "xy")
        return x + shift, y

    return pair


def tied(shift: float) -> Draw:
    """Accuracies on a grid of 0.05."""

    def pair(rng: Generator, n: int) -> tuple[Floats, Floats]:
        x, y = (np.round(rng.normal(0.6, 0.1, n) / 0.05) * 0.05 for _ in "xy")
        return x + shift, y

    return pair


def saturated(shift: float) -> Draw:
    """Seven runs of ten at the limit, the others below it."""

    def pair(rng: Generator, n: int) -> tuple[Floats, Floats]:
        x, y = (np.where(rng.random(n) < 0.7, 0.9, rng.uniform(0.6, 0.9, n)) for _ in "xy")
        return x + shift, y

    return pair


def spreads(first: float, second: float, shift: float) -> Draw:
    """Normal outcomes, the first arm higher by the shift."""
    return lambda rng, n: (rng.normal(shift, first, n), rng.normal(0, second, n))


def constant_and_split(rng: Generator, n: int) -> tuple[Floats, Floats]:
    """An arm that never varies, and one evenly on both sides of it."""
    return np.full(n, 0.05), rng.choice([-0.1, 0.1], n)


def reached(ratio: float, middle: float) -> Draw:
    """Times that are looked at every 25 updates, log-normal; ∞ beyond the end."""

    def pair(rng: Generator, n: int) -> tuple[Floats, Floats]:
        x, y = (
            np.ceil(rng.lognormal(np.log(at), 0.5, n) / 25) * 25 for at in (middle, middle * ratio)
        )
        return np.where(x > HORIZON, np.inf, x), np.where(y > HORIZON, np.inf, y)

    return pair


def skewed(shift: float) -> Draw:
    """Gamma outcomes, the first arm higher by the shift."""
    return lambda rng, n: (rng.gamma(4, 0.5, n) + shift, rng.gamma(4, 0.5, n))


def skewed_within(rng: Generator, n: int) -> tuple[Floats, Floats]:
    """Exponential differences within a run, whose median is the margin."""
    return rng.exponential(1 / np.log(2), n), np.zeros(n)


MARGIN = 0.05
SCENARIOS = (
    Scenario(
        "55 % of runs against 45 %",
        "solved",
        shares(0.55, 0.45),
        solved,
        2_000,
        shares(0.95, 0.1),
        "95 % of runs against 10 %",
    ),
    Scenario("95 % of runs against 85 %", "solved", shares(0.95, 0.85), solved, 2_000),
    Scenario("10 % of runs against none", "solved", shares(0.1, 0.0), solved, 2_000),
    Scenario("two peaks", "bounded", two_peaks(MARGIN), rank(MARGIN), 1_000),
    Scenario(
        "ties",
        "bounded",
        tied(MARGIN),
        rank(MARGIN),
        1_000,
        tied(MARGIN + 0.2),
        "2 standard deviations beyond the margin",
    ),
    Scenario("saturated", "bounded", saturated(MARGIN), rank(MARGIN), 1_000),
    Scenario("spreads 1 to 10", "bounded", spreads(0.01, 0.1, MARGIN), rank(MARGIN), 1_000),
    Scenario("constant against split", "bounded", constant_and_split, rank(MARGIN), 1_000),
    Scenario(
        "a fifth never reach it",
        "time",
        reached(1.25, 1_400),
        times,
        2_000,
        reached(3.0, 600),
        "3 times as long",
    ),
    Scenario("two thirds never reach it", "time", reached(1.25, 2_700), times, 2_000),
    Scenario(
        "normal, spreads 1 to 3",
        "smooth",
        spreads(1, 3, 1.0),
        welch,
        4_000,
        spreads(1, 1, 3.0),
        "2 standard deviations beyond the margin",
    ),
    Scenario("skewed", "smooth", skewed(1.0), welch, 2_000),
    Scenario(
        "within a run, normal",
        "smooth",
        spreads(1, 1, 1.0),
        within,
        2_000,
        spreads(0.7, 0.7, 3.0),
        "2 standard deviations beyond the margin",
    ),
    Scenario("within a run, skewed", "bounded", skewed_within, sign, 2_000),
)


def simulate(scenario: Scenario, pair: Draw, seeds: int, stream: list[int]) -> Floats:
    """p-values (repeats, 2) of simulated studies with so many seeds."""
    rng = np.random.default_rng(stream)
    drawn = (pair(rng, seeds) for _ in range(scenario.repeats))
    return np.array([scenario.test(x, y) for x, y in drawn])


def simulate_looks(scenario: Scenario, pair: Draw, stream: list[int]) -> Floats:
    """The least p-values (repeats, 2) over the looks, times how many looks there are."""
    rng = np.random.default_rng(stream)
    found = []
    for _ in range(scenario.repeats):
        x, y = pair(rng, max(LOOKS))
        found.append([scenario.test(x[:seeds], y[:seeds]) for seeds in LOOKS])
    least: Floats = len(LOOKS) * np.array(found).min(axis=1)
    return least


def rates(p: Floats, alpha: float) -> dict[str, float]:
    """Shares of studies that are called supported and refuted, each direction at α/2."""
    supported, refuted = np.mean(2 * p <= alpha + 1e-12, axis=0)
    return {"supported": float(supported), "refuted": float(refuted)}


def measure() -> dict[str, object]:
    """All rates, by scenario and number of seeds."""
    rows = []
    for number, scenario in enumerate(SCENARIOS):
        start = time.monotonic()
        row: dict[str, object] = {
            "name": scenario.name,
            "kind": scenario.kind,
            "repeats": scenario.repeats,
            "false": {
                str(n): rates(simulate(scenario, scenario.draw, n, [number, n]), ALPHA)
                for n in SEEDS
            },
            "false_looks": rates(simulate_looks(scenario, scenario.draw, [number, 99]), ALPHA),
        }
        if scenario.larger:
            found = {n: simulate(scenario, scenario.larger, n, [number, n, 1]) for n in SEEDS}
            looks = simulate_looks(scenario, scenario.larger, [number, 99, 1])
            row["effect"] = scenario.effect
            row["power"] = {str(n): rates(p, ALPHA)["supported"] for n, p in found.items()}
            row["power_of_many"] = {
                str(n): rates(p, ALPHA / CLAIMS)["supported"] for n, p in found.items()
            }
            row["power_looks"] = rates(looks, ALPHA)["supported"]
        rows.append(row)
        print(f"{scenario.name}: {time.monotonic() - start:.0f} s", flush=True)
    return {"alpha": ALPHA, "claims": CLAIMS, "looks": LOOKS, "seeds": SEEDS, "scenarios": rows}


def main() -> None:
    """Simulate unless told to draw alone, and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draw", action="store_true", help="draw the committed numbers again")
    path = FOLDER / "calibration.json"
    if not parser.parse_args().draw:
        path.write_text(json.dumps(measure(), indent=1) + "\n", encoding="utf-8")
    draw(json.loads(path.read_text(encoding="utf-8")), FOLDER)


if __name__ == "__main__":
    main()
