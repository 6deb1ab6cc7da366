"""A verdict in plain English: what the seeds show, how strong that is, and what it means."""

from assay.report.data.rows import ClaimRow, PartRow
from assay.report.words.caveats import caveats, leaning, ratio, seeds_text, shown_by
from assay.report.words.cells import decisive
from assay.report.words.findings import (
    counted,
    found,
    measured,
    size,
)
from assay.report.words.missing import missing_sentence
from assay.report.words.numbers import NBSP, amount, capital
from assay.statements.base import set_off

_AGAINST = ("contrary", "no difference", "no room")


def verdict_sentence(claim: ClaimRow) -> str:
    """A claim's verdict, what it rests on, and what to know beside it."""
    word = claim.verdict
    if word == "not tested":
        said = _not_tested(claim)
    elif word == "numbers only":
        said = f"Numbers only, no verdict: {_part(decisive(claim), named=len(claim.parts) > 1)}"
    elif word == "by calculation":
        said = f"By calculation, {_calculated(claim)}"
    elif word == "open":
        said = f"Open: {_open(claim)}"
    else:
        beyond = " beyond any correction" if claim.beyond and word == "supported" else ""
        said = f"{capital(word)}{beyond}: {_decided(claim)}"
    return " ".join([said, *caveats(claim)])


def _not_tested(claim: ClaimRow) -> str:
    if claim.waits_for:
        target = claim.waits_for
        return f"Not tested: a control of {target}, which is tried once {target} is decided."
    reason = next((part.untested for part in claim.parts if part.untested), "no run has ended")
    return f"Not tested: {reason}."


def _open(claim: ClaimRow) -> str:
    part, missing = decisive(claim), missing_sentence(claim)
    if not any(each.runs for each in claim.parts):
        return " ".join(filter(None, ["no seed counts yet.", missing]))
    several = ""
    if len(claim.parts) > 1:
        every = "both" if len(claim.parts) == 2 else "all"
        several = f"{every} of its parts have to hold, and the least certain is "
    return " ".join(filter(None, [several + _open_part(claim, part), missing]))


def _open_part(claim: ClaimRow, part: PartRow) -> str:
    needed = "" if claim.needed is None else f"; {ratio(claim.needed)} would decide it"
    return _part(part, f"{leaning(claim.evidence)}{needed}", named=len(claim.parts) > 1)


def _decided(claim: ClaimRow) -> str:
    part, parts = decisive(claim), claim.parts
    if len(parts) == 1:
        return _after(_why(part), _part(part, _when(claim, part), named=False))
    if claim.verdict == "supported":
        every = "both parts" if len(parts) == 2 else f"all {len(parts)} parts"
        weakest = _part(part, _when(claim, part), named=True)
        return f"{every} hold, and the least certain is {weakest}"
    holding = [each for each in parts if holds(each)]
    count = f"{len(holding)} of its {len(parts)} parts hold{'s' if len(holding) == 1 else ''}"
    if not holding:
        count = f"none of its {len(parts)} parts is shown to hold"
    names = f" ({', '.join(map(_named, holding))})" if holding else ""
    others = [_not_holding(each) for each in parts if not holds(each)]
    return " ".join([f"{count}{names}.", *others])


def holds(part: PartRow) -> bool:
    """Whether it was decided, or computed, that a part holds."""
    return part.word == "supported" or (part.computed is not None and part.computed.holds)


def _not_holding(part: PartRow) -> str:
    name = _named(part)
    if part.computed is not None:
        return f"{name} does not hold, by calculation: {_computed(part)}"
    if part.word not in _AGAINST:
        return f"{name} is open: {_part(part, leaning(part.evidence), named=False)}"
    verb = "has" if part.word == "no room" else "is"
    word = "the contrary" if part.word == "contrary" else part.word
    verb = "shows" if part.word in ("contrary", "no difference") else verb
    said = _part(part, leaning(part.evidence), named=False)
    return f"{name} {verb} {word}: {_after(_why(part), said)}"


def _after(why: str, said: str) -> str:
    return f"{why} {capital(said)}" if why else said


def _why(part: PartRow) -> str:
    """Which kind of "no" a part was decided for, as the beginning of a sentence."""
    if part.word == "no room":
        arm = part.arms[-1].label
        limit = "" if part.limit is None else f", {amount(part.limit, part.metric, part.unit)}"
        near = f"within {size(part.margin, part)} of" if part.margin else "at"
        return (
            f"{arm}, which it is compared with, sits {near} the limit{limit}, in most seeds, so "
            "this set-up cannot show the claim."
        )
    if part.word == "contrary":
        if part.test == "equivalent":
            return "most seeds differ by more than the margin."
        return "most seeds show the opposite."
    return "most seeds show neither it nor the opposite." if part.word == "no difference" else ""


def _when(claim: ClaimRow, part: PartRow) -> str:
    """The evidence that decided a claim, and after how many seeds, where more were trained."""
    text = leaning(claim.evidence)
    if claim.seeds is None or claim.seeds >= part.runs:
        return text
    return f"{text} after {seeds_text(claim.seeds)}, which decided it"


def _part(part: PartRow, evidence: str = "", *, named: bool) -> str:
    """What the seeds of a part show, as sentences."""
    start = f"{_named(part)} – " if named else ""
    if part.computed is not None:
        return f"{start}by calculation it {_holds(part)}: {_computed(part)}"
    told = counted(part)
    yes, runs = sum(each.shown is True for each in told), len(told)
    if not runs:
        return f"{start}no seed has ended in every arm."
    brackets = f" ({evidence})" if evidence else ""
    if part.kind == "solved":
        return f"{start}{found(part)}{brackets}."
    of = f"{shown_by(yes, runs)}{_steps_back(part)}"
    return f"{start}{of}{brackets}{_otherwise(part)}. {capital(found(part))}."


def _otherwise(part: PartRow) -> str:
    """How many runs may still be otherwise than most of a decided part's seeds."""
    if part.word not in ("supported", *_AGAINST) or not part.runs or part.otherwise >= 1:
        return ""
    doing = "be otherwise" if 2 * part.yes > part.runs else "show it"
    return f"; up to {100 * part.otherwise:.0f}{NBSP}% of runs may still {doing}"


def _steps_back(part: PartRow) -> str:
    """How many seeds rise from end to end and yet not from each arm to the next."""
    back = sum(
        each.shown is False and each.effect is not None and each.effect > part.margin
        for each in counted(part)
    )
    if not back or part.test not in ("rising", "falling"):
        return ""
    return f", and {back} step{'s' if back == 1 else ''} back on the way"


def _calculated(claim: ClaimRow) -> str:
    """Whether a claim holds by calculation alone, and how that follows."""
    verdict = "it holds" if all(map(holds, claim.parts)) else "it does not hold"
    if len(claim.parts) == 1:
        return f"{verdict}: {_computed(claim.parts[0])}"
    ways = [f"{_named(part)} {_holds(part)}: {_computed(part)}" for part in claim.parts]
    return f"{verdict}. {' '.join(ways)}"


def _holds(part: PartRow) -> str:
    return "holds" if holds(part) else "does not hold"


def _computed(part: PartRow) -> str:
    known = part.computed
    if known is None:
        return ""
    value = amount(known.value, part.metric, part.unit)
    return f"the {set_off(measured(part))} comes to {value}. {known.because}"


def _named(part: PartRow) -> str:
    return f"“{part.sentence.strip().removesuffix('.')}”"
