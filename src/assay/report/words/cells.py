"""A claim in the cells of a table: its word, its seeds, its evidence and its effect."""

from collections import Counter
from collections.abc import Sequence
from typing import get_args

from assay.claims.verdicts import Word
from assay.report.data.rows import ClaimRow, PartRow
from assay.report.words import multiverse
from assay.report.words.caveats import ratio
from assay.report.words.findings import between, counted, signed, solved_runs
from assay.report.words.numbers import margin_text, test

_WORDS = get_args(Word)
_CLASSES = {
    "supported": "holds",
    "partly supported": "partly",
    "by calculation": "computed",
    "contrary": "fails",
    "no difference": "fails",
    "no room": "fails",
}


def decisive(claim: ClaimRow) -> PartRow:
    """The part that a claim turns on."""
    return claim.parts[claim.weakest]


def verdict_word(claim: ClaimRow) -> str:
    """The word; of what is computed, whether it holds; and whether all of it had been seen."""
    if claim.verdict == "by calculation":
        every = all(part.computed is not None and part.computed.holds for part in claim.parts)
        return f"{claim.verdict}, {'holds' if every else 'does not hold'}"
    exploratory = claim.exploratory and claim.verdict == "open"
    return f"{claim.verdict}, exploratory" if exploratory else claim.verdict


def counts(claims: Sequence[ClaimRow]) -> list[tuple[int, str]]:
    """How many claims have each word; those that were restated are left out."""
    words = Counter(claim.verdict for claim in claims if not claim.restated_as)
    return [(words[word], word) for word in _WORDS if words[word]]


def tally(claims: Sequence[ClaimRow]) -> str:
    """How many claims have each word, those that were restated apart."""
    texts = [f"{number} {word}" for number, word in counts(claims)]
    restated = sum(bool(claim.restated_as) for claim in claims)
    if restated:
        texts.append(f"besides, {restated} that {'was' if restated == 1 else 'were'} restated")
    return ", ".join(texts)


def margin(part: PartRow) -> str:
    """A part's margin, in points; a dash where any difference counts."""
    return in_points(margin_text(part)) if part.margin else "–"


def css(word: str) -> str:
    """How a word is drawn: as a class of the page's style."""
    return _CLASSES.get(word, "open")


def fragility(claim: ClaimRow) -> str:
    """In how many universes of its multiverse a claim goes its way; empty where it has none."""
    over = claim.multiverse
    text = "" if over is None else multiverse.fragility(over)
    return f"in {text}" if text else ""


def verdict_and_fragility(claim: ClaimRow) -> str:
    """The word, and in how many universes the claim goes its way, where it has any."""
    return ", ".join(filter(None, [verdict_word(claim), fragility(claim)]))


def seeds(part: PartRow) -> str:
    """How many of its seeds show a part."""
    told = counted(part)
    if part.computed is not None or not told:
        return "–"
    seen = " seen" if not part.runs else ""
    return f"{sum(each.shown is True for each in told)} of {len(told)}{seen}"


def evidence(claim: ClaimRow) -> str:
    """The evidence of a claim on the side that has more, or that of its seen seeds."""
    if claim.verdict in ("by calculation", "not tested"):
        return "–"
    seen = "" if any(part.runs for part in claim.parts) else " seen"
    row = claim.seen_evidence if seen and claim.seen_evidence else claim.evidence
    if max(row.support, row.against) <= 1:
        return "none"
    against = "" if row.support >= row.against else " against"
    return f"{ratio(max(row.support, row.against))}{against}{seen}"


def effect(part: PartRow) -> str:
    """The median effect in the claimed direction, with its sign and unit."""
    if part.kind == "solved":
        return _solved_counts(part)
    return signed(part.size.median, part.size.median_infinite, part)


def effect_range(part: PartRow) -> str:
    """From the least to the largest seed; empty where that says no more than the median."""
    low, high = part.size.low, part.size.high
    if part.kind == "solved" or low is None:
        return ""
    if high is None:
        return f"from {signed(low, False, part)}"
    ends = [signed(end, False, part) for end in (low, high)]
    return "" if ends[0] == ends[1] else between(*ends)


def asked_and_shown(part: PartRow) -> str:
    """What a part's test asks for, and what its seeds say."""
    asks = f"The test asks for: {test(part)}."
    if not part.tested:
        return f"Not tested in this profile: {part.untested}. {asks}"
    if part.computed is not None:
        return asks
    ends = effect_range(part)
    around = f", range {ends}" if ends else ""
    return (
        f"{asks} Seeds that show it: {seeds(part)}; effect, by its median: {effect(part)}{around}."
    )


def in_points(text: str) -> str:
    """The text with points in place of percentage points, for a narrow column."""
    return text.replace("percentage points", "points")


def _solved_counts(part: PartRow) -> str:
    told = len(counted(part))
    counts = [f"{solved_runs(arm, part)}/{told}" for arm in part.arms]
    return " against ".join(counts) if told else "–"
