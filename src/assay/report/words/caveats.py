"""What to know beside a verdict: seeds seen before, seeds that wait, runs without a value."""

from assay.report.data.rows import ClaimRow, EvidenceRow, PartRow
from assay.report.words.findings import counted
from assay.report.words.numbers import amount
from assay.statements import STATEMENTS


def caveats(claim: ClaimRow) -> list[str]:
    """Every one that a claim has, each a sentence."""
    notes = [_seen(claim), _waiting(claim), *map(_without_value, claim.parts)]
    notes += [_reach(part) for part in claim.parts if part.word != "supported"]
    if claim.restated_as:
        notes.append(f"Restated as {' and '.join(claim.restated_as)}; shown as it was.")
    return list(dict.fromkeys(filter(None, notes)))


def seeds_text(number: int) -> str:
    """So many seeds."""
    return f"{number} seed{'' if number == 1 else 's'}"


def shown_by(yes: int, seeds: int, what: str = "it") -> str:
    """How many seeds of how many show something."""
    verb = "shows" if 1 in (yes, seeds) else "show"
    return f"{yes} of {seeds_text(seeds)} {verb} {what}"


def ratio(value: float) -> str:
    """An e-value as odds."""
    if value >= 1e6:
        return "more than 1,000,000 to 1"
    return f"{value:,.0f} to 1" if value >= 10 else f"{value:.2g} to 1"


def leaning(evidence: EvidenceRow) -> str:
    """How strong evidence is and on which side; none where neither side has any."""
    larger = max(evidence.support, evidence.against)
    if larger <= 1:
        return "no evidence for either side"
    against = "" if evidence.support >= evidence.against else " against it"
    return f"evidence {ratio(larger)}{against}"


def _seen(claim: ClaimRow) -> str:
    """When a claim was declared, where seeds had been seen before, and what those say."""
    part = claim.parts[claim.weakest]
    seen = max(sum(each.seen for each in every.seeds) for every in claim.parts)
    if not seen or claim.verdict in ("numbers only", "by calculation"):
        return ""
    number, one = seeds_text(seen), seen == 1
    if claim.why_seen:
        start = f"Exploratory, since {claim.why_seen}: its {number} count{'s' * one} as seen"
    elif any(each.runs for each in claim.parts):
        do = "does" if one else "do"
        start = f"Declared on {day(claim)}; {number} had been seen before and {do} not count"
    else:
        every = "its only seed" if one else f"all of its {seen} seeds"
        confirm = "it confirms" if one else "they confirm"
        start = f"Declared on {day(claim)}, after {every} had been seen: {confirm} nothing"
    return f"{start}; with {'it' if one else 'them'}, {_with_seen(claim, part)}."


def day(claim: ClaimRow) -> str:
    """The day on which a claim was declared."""
    return (claim.declared or "")[:10]


def _with_seen(claim: ClaimRow, part: PartRow) -> str:
    yes = sum(each.shown is True for each in part.seeds)
    if claim.seen_evidence is None or not part.seeds:
        return "there is no more to say"
    what = f"“{part.sentence.strip().removesuffix('.')}”" if len(claim.parts) > 1 else "it"
    return f"{shown_by(yes, len(part.seeds), what)} ({leaning(claim.seen_evidence)})"


def _waiting(claim: ClaimRow) -> str:
    waiting = max(part.waiting for part in claim.parts)
    if not waiting:
        return ""
    verb = "counts" if waiting == 1 else "count"
    return f"{seeds_text(waiting)} more {verb} once every seed before has ended."


def _without_value(part: PartRow) -> str:
    """How many runs of a part have no value, why, and what that counts as."""
    told = {each.seed for each in counted(part)}
    missing = any(each.sign is None for each in counted(part))
    diverged = sum({arm.arm: arm.diverged for arm in part.arms}.values())
    if not missing and not (diverged and part.is_time):
        return ""
    empty = {
        (arm.arm, each.seed)
        for arm in part.arms
        for each in arm.summary.values
        if each.seed in told and each.value is None and each.censored_at is None
    }
    others = max(0, len(empty) - diverged)
    reasons = [f"{_runs(diverged)} diverged"] if diverged else []
    reasons += [f"{_runs(others)} logged no {part.describe}"] if others else []
    if not reasons:
        return ""
    counts = "counts" if diverged + others == 1 else "count"
    what = "as never reached" if part.is_time else "against whichever verdict is tried"
    return f"{' and '.join(reasons)}, and {counts} {what}."


def _runs(number: int) -> str:
    return f"{number} run{'' if number == 1 else 's'}"


def _reach(part: PartRow) -> str:
    """That no run, or every one of two arms, reaches what a part counts as solved."""
    values = [each.value for arm in part.arms for each in arm.summary.values]
    known = [value for value in values if value is not None]
    if part.solved is None or not known:
        return ""
    goal, high, low = (
        amount(value, part.metric, part.unit) for value in (part.solved, max(known), min(known))
    )
    asks = f"solved = {part.solved:g} may ask too"
    if max(known) < part.solved:
        return f"No run reaches {goal}, and the highest is {high}: {asks} much."
    compares = STATEMENTS[part.test].compares
    if compares and not part.missing and min(known) >= part.solved:
        return f"Every run reaches {goal}, and the lowest is {low}: {asks} little."
    return ""
