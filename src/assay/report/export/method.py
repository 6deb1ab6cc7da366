"""A paragraph on method, to paste: what was trained, how it was judged, with which versions."""

from collections import Counter

from assay.report.data.report import FactsRow, ReportData
from assay.report.data.rows import ClaimRow
from assay.report.words.cells import tally
from assay.report.words.numbers import NBSP, count, duration, facts


def method(data: ReportData, seeds: dict[str, int]) -> str:
    """The paragraph; each number of it is one of the store's.

    Args:
        data: the report's numbers.
        seeds: how many runs of each arm ended.
    """
    sentences = [_trained(data, seeds), _diverged(data), *_versions(data)]
    if data.claims and data.profile.verdicts:
        sentences += [*_judged(data), _seen(data.claims)]
    return " ".join(filter(None, sentences))


def _trained(data: ReportData, seeds: dict[str, int]) -> str:
    ended = [number for number in seeds.values() if number]
    each = f"{min(ended)} to {max(ended)}" if min(ended) < max(ended) else f"{max(ended)}"
    kinds = " and ".join(data.study.kinds)
    return (
        f"We trained {count(data.runs.counts.finished)} runs, of {len(ended)} settings with {each} "
        f"random seeds each (experiments of kind {kinds}), which took "
        f"{duration(float(data.runs.seconds))} of training in all."
    )


def _diverged(data: ReportData) -> str:
    number = data.runs.counts.diverged
    if not number:
        return ""
    runs = "run diverged, and counts" if number == 1 else "runs diverged, and count"
    return f"{count(number)} {runs} against whichever verdict is tried."


def _versions(data: ReportData) -> list[str]:
    told = [
        ("They ran with", data.environment.versions),
        ("The machine:", data.environment.machines),
    ]
    return [f"{start} {facts(rows[0])}{_others(rows)}." for start, rows in told if rows]


def _others(rows: list[FactsRow]) -> str:
    if len(rows) < 2:
        return ""
    total = sum(row.runs for row in rows)
    return f" ({count(rows[0].runs)} of {count(total)} runs; the others with {len(rows) - 1} more)"


def _judged(data: ReportData) -> list[str]:
    level, most = f"{100 * data.study.alpha:g}{NBSP}%", data.study.most
    share = "half" if most == 0.5 else f"{100 * most:g}{NBSP}%"
    together = Counter(_family(claim) for claim in data.claims)[""]
    decided = "claim was" if together == 1 else "claims were together"
    return [
        "Claims were judged with assay: a seed shows a claim if its effect exceeds a margin that "
        "was declared before it was trained, and a claim holds if more than "
        f"{share} of runs show it.",
        "Evidence is an e-value (Vovk and Wang, 2021), which may be looked at after every seed: "
        "evidence of 20 to 1 for a false claim turns up in at most one of 20 studies.",
        f"{together} {decided} decided by e-BH (Wang and Ramdas, 2022) at level {level}: on "
        f"average at most {level} of verdicts are false.",
        f"The verdicts: {tally(data.claims)}.",
    ]


def _family(claim: ClaimRow) -> str:
    """Which claims it is decided with; empty for those of the study itself."""
    if claim.verdict == "by calculation":
        return "computed"
    return claim.control_of or ("restated" if claim.restated_as else "")


def _seen(claims: list[ClaimRow]) -> str:
    number = sum(claim.exploratory and not claim.restated_as for claim in claims)
    if not number:
        return ""
    verb, of = ("rests", "its") if number == 1 else ("rest", "their")
    return (
        f"{count(number)} of the claims {verb} on seeds that had been seen before {of} "
        f"declaration, which confirm nothing: {of} evidence is exploratory."
    )
