"""What would decide an open claim."""

from assay.claims.outlook import AGREE, MOST_SEEDS
from assay.report.data.rows import ClaimRow, MissingRow
from assay.report.words.numbers import NBSP

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def missing_sentence(claim: ClaimRow) -> str:
    """What is missing to a verdict, as a sentence; empty of a claim that needs nothing."""
    row = claim.missing
    if row is None or claim.verdict != "open" or claim.restated_as:
        return ""
    if row.never:
        return f"It is likely to stay open: {row.never}."
    if row.least is None:
        return f"To decide it would take more than {MOST_SEEDS} seeds."
    return f"To decide it: {_least(row)}{_expected(row)}."


def missing_short(claim: ClaimRow) -> str:
    """The same in a few words, for a table or a picture."""
    row = claim.missing
    if row is None or claim.verdict != "open" or claim.restated_as:
        return ""
    if row.never:
        return "likely to stay open"
    return f"more than {MOST_SEEDS} seeds" if row.least is None else _least(row)


def core_time(hours: float) -> str:
    """Time on one core, in the unit that a person would use."""
    for unit, share in (("core-second", 3600), ("core-minute", 60)):
        if hours < 60 / share:
            number = f"{share * hours:.0f}"
            return f"{number} {unit}{'' if number == '1' else 's'}"
    return f"{hours:,.1f} core-hours" if hours < 100 else f"{hours:,.0f} core-hours"


def _least(row: MissingRow) -> str:
    seeds, arms = row.least or 0, len(row.arms)
    named = _NUMBERS[arms] if arms < len(_NUMBERS) else str(arms)
    start = f"+{seeds} seed{'' if seeds == 1 else 's'} of {named} arm{'' if arms == 1 else 's'}"
    who = "it" if seeds == 1 else "all"
    agrees = f"{who} agree{'s' if seeds == 1 else ''}"
    speaks = f"{who} speak{'s' if seeds == 1 else ''} against it"
    condition = agrees if row.supports else speaks
    return f"{start}{_cost(row.core_hours_least)}, if {condition}"


def _expected(row: MissingRow) -> str:
    if row.expected is None or row.least is None or row.expected < row.least + 0.1:
        return ""
    cost = "" if row.core_hours_expected is None else f" ({core_time(row.core_hours_expected)})"
    do = "agree" if row.supports else "do"
    return f"; on average {row.expected:.1f}{cost}, if {100 * AGREE:.0f}{NBSP}% of them {do}"


def _cost(hours: float | None) -> str:
    return "" if hours is None else f", {core_time(hours)}"
