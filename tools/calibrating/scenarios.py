"""What is simulated: effects that are exactly the margin, and effects that are there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from scipy.stats import norm

from tools.calibrating.times_and_shares import Shares, Times, independent, times_at_half
from tools.calibrating.values import (
    LOG_NORMAL_MEAN,
    Ceiling,
    Collapse,
    Generator,
    Normal,
    Pairs,
    constant_against_split,
    log_normal,
    log_normal_against_steady,
    solved_or_chance,
)

Outcome = Literal["value", "time", "share"]
Draw = Callable[[Generator, int, int], Pairs]
SHARE_MARGIN = 0.1
_EIGHTY = 2**0.5 * float(norm.ppf(0.8))


@dataclass(frozen=True)
class Scenario:
    """Outcomes of two arms at the margin of what each method asks.

    Attributes:
        name: what is simulated.
        outcome: what the numbers are. The margin is 0 of values, `RATIO` of times and
            `SHARE_MARGIN` of shares.
        draw: both arms, with the share of seeds beyond the margin at `most`; of shares, with their
            difference at the margin.
        mean: the mean difference that tests of means have taken off; None for no such test.
        others: both arms at the margin of rank, log-rank and exact tests; None for no such test.
        symmetric: differences are symmetric about the margin, as `kind = "shift"` supposes.
        most: the share of seeds at the margin.
    """

    name: str
    outcome: Outcome
    draw: Draw
    mean: float | None = None
    others: Draw | None = None
    symmetric: bool = False
    most: float = 0.5


def _value(name: str, draw: Draw, mean: float = 0.0, symmetric: bool = True) -> Scenario:
    return Scenario(name, "value", draw, mean, draw, symmetric)


def _collapse(one_in: int) -> Scenario:
    draw = Collapse(one_in)
    return _value(f"collapse in 1 of {one_in} seeds", draw, draw.mean, symmetric=False)


AT_THE_MARGIN = (
    _value("normal", Normal()),
    _value("normal, spreads 1 to 100", Normal(0.01, 1)),
    _value("normal, arms of a seed opposed", Normal(correlation=-0.8)),
    _value("log-normal", log_normal),
    _value("log-normal against steady", log_normal_against_steady, LOG_NORMAL_MEAN, False),
    *(_collapse(one_in) for one_in in (20, 10, 5, 3)),
    _value("solved or chance", solved_or_chance),
    _value("constant against split", constant_against_split),
    Scenario(
        "ceiling, a third tied",
        "value",
        Ceiling(0.8, 4 / 9),
        Ceiling(0.8, 4 / 9).mean,
        Ceiling(0.7, 0.7),
    ),
    Scenario("normal, 80 % asked", "value", Normal(shift=_EIGHTY), most=0.8),
    Scenario("times, an eighth never", "time", times_at_half(1_400), others=Times(1_400)),
    Scenario("times, a third never", "time", times_at_half(2_000), others=Times(2_000)),
    Scenario(
        "times, steady against spread",
        "time",
        times_at_half(1_000, (0.02, 0.8)),
        others=Times(1_000, spread=(0.02, 0.8)),
    ),
    Scenario(
        "55 % against 45 % solved", "share", independent(0.55, 0.45), others=independent(0.5, 0.5)
    ),
    Scenario("the same, never both", "share", Shares(0, 0.55, 0.45), others=Shares(0, 0.5, 0.5)),
    Scenario(
        "the same, mostly both", "share", Shares(0.45, 0.1, 0), others=Shares(0.45, 0.05, 0.05)
    ),
    Scenario(
        "95 % against 85 % solved", "share", independent(0.95, 0.85), others=independent(0.9, 0.9)
    ),
    Scenario(
        "10 % against none solved", "share", independent(0.1, 0), others=independent(0.05, 0.05)
    ),
)


@dataclass(frozen=True)
class Effect:
    """Outcomes of two arms that differ, for the seeds that a verdict takes.

    Attributes:
        name: what is simulated.
        outcome: as of `Scenario`.
        draw: both arms.
        shifted: whether `kind = "shift"` may be declared.
    """

    name: str
    outcome: Outcome
    draw: Draw
    shifted: bool = False


EFFECTS = (
    Effect("normal, 1 SD", "value", Normal(shift=1), True),
    Effect("normal, 2 SD", "value", Normal(shift=2), True),
    Effect("normal, 4 SD", "value", Normal(shift=4), True),
    Effect("normal, 2 SD, spreads 1 to 100", "value", Normal(0.01, 1, shift=2), True),
    Effect("90 % above, 1 of 20 collapses", "value", Collapse(20, 0.9)),
    Effect("80 % above, 1 of 10 collapses", "value", Collapse(10, 0.8)),
    Effect("times, 3 times as long", "time", Times(600, 3.0)),
    Effect("95 % against 10 % solved", "share", independent(0.95, 0.1)),
    Effect("all against none solved", "share", Shares(0, 1, 0)),
)
