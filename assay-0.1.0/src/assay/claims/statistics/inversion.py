"""An interval as the set of margins that a test does not reject."""

from bisect import bisect_left
from collections.abc import Callable, Sequence


def invert(
    p_values: Callable[[float], tuple[float, float]],
    steps: Sequence[float],
    between: Callable[[float, float], float],
    ends: tuple[float, float],
    level: float,
) -> tuple[float, float]:
    """The margins that neither direction rejects at `level`.

    Args:
        p_values: p-values (supported, refuted) against a margin. Constant between two `steps`;
            the first rises with the margin and the second falls.
        steps: margins at which they change, ascending and distinct.
        between: a margin between two others.
        ends: the lowest and the highest margin there are; an end of the interval that the test
            cannot bound is one of them.
        level: α/2, of one direction.
    """
    edges = [ends[0], *steps, ends[1]]
    gaps = range(len(edges) - 1)

    def at(gap: int) -> tuple[float, float]:
        return p_values(between(edges[gap], edges[gap + 1]))

    first = bisect_left(gaps, True, key=lambda gap: at(gap)[0] > level)
    past = bisect_left(gaps, True, key=lambda gap: at(gap)[1] <= level)
    return edges[first] if first < len(gaps) else ends[1], edges[past]


def settle(
    interval: tuple[float, float],
    effect: float,
    margin: float,
    p: tuple[float, float],
    level: float,
) -> tuple[float, float]:
    """Let an interval hold the effect, and the margin exactly where the test does not reject it.

    A studentised statistic is not strictly monotone in the margin, and the search takes it so.
    """
    low, high = interval
    low = max(low, margin) if p[0] <= level else min(low, margin)
    high = min(high, margin) if p[1] <= level else max(high, margin)
    return min(low, effect), max(high, effect)
