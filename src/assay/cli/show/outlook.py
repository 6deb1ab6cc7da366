"""What would decide each claim of a study, as a plan tells it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assay.cli.show.tables import duration, print_table, tell

if TYPE_CHECKING:
    from assay.claims.outlook import Outlook


def print_outlooks(outlooks: Sequence["Outlook"]) -> None:
    """A row for each claim that more seeds may decide, and a sentence for each that none can."""
    open_ = [each for each in outlooks if not each.decided and not each.never]
    if open_:
        tell()
        print_table(
            ("claim", "seeds more", "core time", "if 90 % agree", "core time"),
            [_row(each) for each in open_],
            ("seeds more", "core time", "if 90 % agree"),
        )
        tell("seeds more: the least that decide a claim, if all of them agree")
    if decided := [each.claim for each in outlooks if each.decided]:
        tell(f"decided: {', '.join(decided)}")
    for text in never(outlooks):
        tell(text)


def never(outlooks: Sequence["Outlook"]) -> list[str]:
    """What can never be decided, and why: a sentence for all claims that have one reason."""
    reasons: dict[str, list[str]] = {}
    for each in outlooks:
        if each.never:
            reasons.setdefault(each.never, []).append(each.claim)
    return [f"not to be decided: {', '.join(names)}: {why}" for why, names in reasons.items()]


def outlook_json(found: "Outlook") -> dict[str, Any]:
    """The same of one claim, for programs; times in seconds of one core."""
    return {
        **vars(found),
        "seconds_least": found.seconds_least,
        "seconds_expected": found.seconds_expected,
    }


def _row(found: "Outlook") -> tuple[str, ...]:
    return (
        found.claim,
        "too many" if found.least is None else str(found.least),
        _time(found.seconds_least),
        "too many" if found.expected is None else f"{found.expected:.1f}",
        _time(found.seconds_expected),
    )


def _time(seconds: float | None) -> str:
    return "" if seconds is None else duration(seconds)
