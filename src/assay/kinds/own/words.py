"""What is said alike of commands and functions."""

from collections.abc import Collection, Iterable


def resumed(attempts: int, whose: str) -> str:
    """That a run went on from what it saved; `whose` promise its numbers are."""
    return (
        f"started {attempts} times, it went on from what it had saved: that its numbers are those "
        f"of an undisturbed run is the {whose}'s promise, not assay's"
    )


def untold(expects: Iterable[str], told: Collection[str]) -> str:
    """Which number a run did not tell though it was to, as a clause; empty if it told all."""
    missing = [name for name in expects if name not in told]
    if not missing:
        return ""
    return f"told no number {missing[0]!r}, which it has to: it told {', '.join(sorted(told))}"
