"""What a test of an effect against a margin gives."""

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Trial:
    """An effect, put on trial against a margin δ.

    All of it is in the claimed direction: an effect above 0 is on the side of the claim.

    Attributes:
        effect: its estimate, in the unit of the margin; infinite for a ratio of times of which the
            slower was never reached, NaN where nothing can be estimated.
        low: lower end of the interval; −∞ where the test cannot bound it.
        high: upper end of the interval.
        p_supported: p-value of H0: effect ≤ δ. Small, it supports the claim.
        p_refuted: p-value of H0: effect ≥ δ. Small, it refutes the claim.
        method: the test, in words.
    """

    effect: float
    low: float
    high: float
    p_supported: float
    p_refuted: float
    method: str


def equivalent(against: Callable[[float], Trial], margin: float) -> Trial:
    """Two one-sided tests of |effect| < margin, in both directions.

    Supported is the larger p-value of the two one-sided tests (Schuirmann 1987), which needs no
    correction. Refuted is an effect beyond either limit, so twice the smaller.

    Args:
        against: tests the effect against a margin.
        margin: δ, above 0.
    """
    below, above = against(margin), against(-margin)
    return replace(
        below,
        p_supported=max(above.p_supported, below.p_refuted),
        p_refuted=min(1.0, 2 * min(below.p_supported, above.p_refuted)),
        method=f"two one-sided tests, each a {below.method}",
    )
