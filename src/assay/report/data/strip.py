"""The rows of the verdict strip, from those of the claims."""

import math
from collections.abc import Mapping, Sequence

from assay.claims.outlook import MOST_SEEDS
from assay.figures.strip_rows import Dot, Said, Side, StripRow, lean
from assay.report.data.rows import ClaimRow, EffectRow, EvidenceRow, MissingRow
from assay.report.words.cells import verdict_word
from assay.report.words.numbers import NBSP

_SIDES: dict[str, Side] = {
    "supported": "for",
    "partly supported": "mixed",
    "contrary": "against",
    "no difference": "against",
    "no room": "against",
}
# Their evidence, where there is any, decides nothing.
_WITHOUT_EVIDENCE = ("not tested", "numbers only", "by calculation")
_LARGE = 1e6
_FEW_WORDS = 30


def strip_rows(claims: Sequence[ClaimRow]) -> list[StripRow]:
    """A row per claim: its controls under it, and then what it was before it was restated."""
    under: dict[str, list[ClaimRow]] = {}
    for claim in sorted(claims, key=lambda each: bool(each.restated_as)):
        under.setdefault(_above(claim, claims), []).append(claim)
    found = _below("", 0, under)
    while under:  # claims that are each under the other
        found += _below(next(iter(under)), 0, under)
    return found


def _above(claim: ClaimRow, claims: Sequence[ClaimRow]) -> str:
    """What it stands under: of several, the last that is no control; empty if nothing."""
    named = [each for each in claims if each.id in (claim.control_of, *claim.restated_as)]
    own = [each for each in named if not each.control_of] or named
    return own[-1].id if own else ""


def _below(above: str, level: int, under: dict[str, list[ClaimRow]]) -> list[StripRow]:
    """The rows under a claim; each is taken once, whatever the study says."""
    found = []
    for claim in under.pop(above, []):
        found += [_row(claim, level), *_below(claim.id, level + 1, under)]
    return found


def _row(claim: ClaimRow, level: int) -> StripRow:
    tried = claim.verdict not in _WITHOUT_EVIDENCE
    return StripRow(
        id=claim.id,
        sentence=claim.sentence,
        word=verdict_word(claim),
        side=_SIDES.get(claim.verdict, "none"),
        dots=[_dot(each) for each in claim.parts[claim.weakest].seeds],
        evidence=_lean(claim.evidence) if tried else None,
        seen=_lean(claim.seen_evidence) if tried else None,
        needed=math.log10(claim.needed) if tried and claim.needed else None,
        note=_note(claim),
        fragile=_fragile(claim),
        level=level,
        restated=bool(claim.restated_as),
    )


def _dot(seed: EffectRow) -> Dot:
    said: Mapping[bool | None, Said] = {True: "shown", False: "not shown", None: "no value"}
    return Dot(said[seed.shown], seed.seen)


def _lean(evidence: EvidenceRow | None) -> float | None:
    return None if evidence is None else lean(evidence.support, evidence.against)


def _fragile(claim: ClaimRow) -> str:
    over = claim.multiverse
    return f"{over.claimed} of {over.complete}" if over is not None and over.complete else ""


def _note(claim: ClaimRow) -> str:
    """In a few words, what is missing, and how much evidence there is."""
    if claim.verdict == "by calculation":
        return _computed(claim)
    if claim.waits_for:
        return f"waits for {claim.waits_for}"
    if claim.verdict == "numbers only":
        return ""
    texts = [_holding(claim)]
    if claim.verdict != "not tested":
        exploratory = claim.seen_evidence if claim.exploratory else None
        texts.append(odds(exploratory or claim.evidence))
    if claim.missing is not None and not claim.restated_as:  # nobody would train for it
        texts.append(_missing(claim.missing, claim.verdict))
    return "; ".join(_together(text) for text in texts if text)


def _together(text: str) -> str:
    """A few words that stay on one line."""
    return text.replace(" ", NBSP) if len(text) <= _FEW_WORDS else text


def _holding(claim: ClaimRow) -> str:
    """Which share of a partly supported claim holds."""
    if claim.verdict != "partly supported":
        return ""
    holding = sum(
        part.word == "supported" or (part.computed is not None and part.computed.holds)
        for part in claim.parts
    )
    return f"{holding} of {len(claim.parts)} parts"


def _computed(claim: ClaimRow) -> str:
    holds = [part.computed.holds for part in claim.parts if part.computed is not None]
    if all(holds):
        return "it holds"
    return f"{sum(holds)} of {len(holds)} parts" if any(holds) else "it does not hold"


def _missing(missing: MissingRow, word: str) -> str:
    if missing.never:
        never = missing.never.replace(";", ",")
        return f"not within {MOST_SEEDS} seeds" if word == "open" else never
    if missing.least is None:
        return f"more than {MOST_SEEDS} seeds"
    more = "needs " if word == "not tested" else "+"
    seeds = f"{more}{missing.least} seed{'s' if missing.least != 1 else ''}"
    hours = missing.core_hours_least
    return seeds if hours is None else f"{seeds}, {core_time(hours)}"


def odds(evidence: EvidenceRow) -> str:
    """The larger e-value in words, with its direction where it is against; empty below 1 to 1."""
    larger = max(evidence.support, evidence.against)
    if not larger >= 1.05:
        return ""
    if math.isinf(larger):
        text = "∞"
    elif larger >= _LARGE:
        text = f"10^{math.floor(math.log10(larger))}"
    else:
        text = f"{larger:.1f}" if larger < 9.95 else f"{larger:,.0f}"
    return f"{text} to 1" + ("" if evidence.support >= evidence.against else " against")


def core_time(hours: float) -> str:
    """Hours of one core, in the unit that a person would use."""
    for unit, size in (("h", 1.0), ("min", 1 / 60)):
        if hours >= 0.95 * size:
            amount = hours / size
            return f"{amount:,.0f} core-{unit}" if amount >= 9.95 else f"{amount:.1f} core-{unit}"
    return f"{max(1, round(3600 * hours))} core-s"
