"""Verdicts over many claims: the e-BH procedure, and what is missing to be among the decided.

m claims, each with the larger of its evidence for and against. Of these two hypotheses one is
false, so that m counts both. At most `alpha` of the verdicts are false on average, under any
dependence and whenever one looks, if evidence of a decided claim stays as it was when it was
decided.

Source: Wang and Ramdas 2022, definition 1 and theorem 2.
"""

from collections.abc import Sequence


def e_bh(evidence: Sequence[float], alpha: float) -> list[bool]:
    """Which claims are decided: the K largest e-values.

    K is the largest k for which the k-th largest e-value is at least m / (alpha k).

    Args:
        evidence: m e-values, each at least 0.
        alpha: the mean share of decisions that may be false, within (0, 1).

    Returns:
        m flags, in the order of the evidence.
    """
    count = _decided(evidence, alpha)
    return [count > 0 and _clears(e, count, len(evidence), alpha) for e in evidence]


def needed(evidence: Sequence[float], claim: int, alpha: float) -> float:
    """The least e-value with which one claim is decided, while all others stay as they are.

    Args:
        evidence: m e-values, each at least 0.
        claim: the claim's place among them, whose own e-value plays no part.
        alpha: as of `e_bh`.
    """
    m = len(evidence)
    others = [e for place, e in enumerate(evidence) if place != claim]
    counts = (k for k in range(m, 0, -1) if _number(others, k, m, alpha) >= k - 1)
    return m / (alpha * next(counts))


def beyond_correction(e: float, m: int, alpha: float) -> bool:
    """Whether evidence among m claims decides whatever the others are: E ≥ m / alpha."""
    return _clears(e, 1, m, alpha)


def _decided(evidence: Sequence[float], alpha: float) -> int:
    m = len(evidence)
    return next((k for k in range(m, 0, -1) if _number(evidence, k, m, alpha) >= k), 0)


def _number(evidence: Sequence[float], k: int, m: int, alpha: float) -> int:
    """How many e-values decide among k."""
    return sum(_clears(e, k, m, alpha) for e in evidence)


def _clears(e: float, k: int, m: int, alpha: float) -> bool:
    return e >= m / (alpha * k)
