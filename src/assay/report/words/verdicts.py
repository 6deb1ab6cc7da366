"""A verdict in plain English: what was found, with interval and seeds, and what it means."""

import math

from assay.report.data.plain import Data
from assay.report.words.findings import found, size
from assay.report.words.numbers import NBSP, capital

_DOWNWARD = ("smaller", "below", "falling")

_MEANS = {
    "supported": "Supported, the runs speak for the claim",
    "refuted": "Refuted, the runs speak against the claim",
    "undecided": "Undecided, the runs do not tell",
}


def verdict_sentence(claim: Data) -> str:
    """A claim's verdict and what it rests on."""
    word = claim["verdict"]
    parts = claim["parts"]
    if word == "not tested":
        reason = next(part["untested"] for part in parts if part["untested"])
        return f"Not tested: {reason}."
    if word == "numbers only":
        return f"Numbers only, no verdict: {part_sentence(decisive(claim))}"
    text = f"{_MEANS[word]}: {_parts(claim)}{part_sentence(decisive(claim))}{_why_open(claim)}"
    notes = [_diverged(parts)]
    if claim["exploratory"]:
        notes.append(f"Exploratory, not a confirmation: {claim['exploratory']}.")
    return " ".join([text, *filter(None, notes)])


def part_sentence(part: Data) -> str:
    """What a part came to, and how that stands to its margin."""
    trial = part["trial"]
    if trial is None:
        return f"not tested, since {part['untested']}."
    return f"{found(part, trial)} ({_interval(part, trial)}; {seeds(part)}). {_meaning(part)}"


def effect(part: Data) -> str:
    """The effect in the claimed direction, with its sign and unit."""
    trial = part["trial"]
    return "–" if trial is None else _signed(trial["effect"], trial["effect_infinite"], part)


def interval(part: Data) -> str:
    """Its interval, in the same direction."""
    trial = part["trial"]
    if trial is None:
        return "–"
    return "none" if trial["low"] is None and trial["high"] is None else _range(trial, part)


def seeds(part: Data) -> str:
    """How many runs of each arm."""
    numbers = [str(arm["runs"]) for arm in part["arms"]]
    if part["paired"]:
        return f"{min(map(int, numbers))} seeds, compared within each"
    if len(numbers) > 2 and len(set(numbers)) == 1:
        return f"{numbers[0]} seeds each"
    return f"{' against '.join(numbers)} seeds"


def p_value(value: float | None) -> str:
    """A p-value with two significant digits."""
    if value is None:
        return "–"
    return "< 0.0001" if value < 1e-4 else f"{value:.2g}"


def _parts(claim: Data) -> str:
    parts, word = claim["parts"], claim["verdict"]
    if len(parts) == 1:
        return ""
    which = f"“{decisive(claim)['sentence']}”"
    if word == "supported":
        return f"all {len(parts)} parts hold, and the least certain is {which} – "
    if word == "refuted":
        return f"of its {len(parts)} parts, which all have to hold, one does not: {which} – "
    return f"of its {len(parts)} parts the most doubtful is {which} – "


def decisive(claim: Data) -> Data:
    """The part that a claim's verdict turns on."""
    tried = [part for part in claim["parts"] if part["trial"]]

    def against(part: Data) -> float:
        return float(part["trial"]["p_refuted"])

    if claim["verdict"] == "refuted":
        return min(tried, key=against)
    return max(tried, key=lambda part: float(part["trial"]["p_supported"]))


def _meaning(part: Data) -> str:
    """How the interval stands to the margin."""
    trial, margin = part["trial"], part["margin"]
    low, high = _number(trial["low"], -math.inf), _number(trial["high"], math.inf)
    least = size(margin, part)
    if part["test"] == "equivalent":
        if -margin <= low and high <= margin:
            return f"All of the interval is within {least} either way, so it makes no difference."
        outside = low >= margin or high <= -margin
        return (
            f"All of the interval is beyond {least}, so it does make a difference."
            if outside
            else f"The interval holds differences both below and above {least}."
        )
    if low == -math.inf and high == math.inf:
        return _no_limit(part)
    least = f" the smallest difference that counts, {least}" if margin else ""
    if low >= margin:
        beyond = f" beyond{least}," if margin else ""
        return f"All of the interval is{beyond} on the side of the claim."
    start = 1.0 if part["kind"] == "time" else 0.0
    if high <= margin:
        if high < start or not margin:
            return "All of the interval is on the other side: it is the other way round."
        return f"All of the interval is short of{least}."
    return f"The interval holds values on both sides of{least or ' where the claim turns'}."


def _no_limit(part: Data) -> str:
    values = {each["value"] for arm in part["arms"] for each in arm["values"]}
    if len(values) == 1 and None not in values:
        return (
            "All of its runs have the very same value, so there is no spread to judge by, and an "
            "exact test needs more of them."
        )
    return "These runs set it no limit on either side."


def _why_open(claim: Data) -> str:
    """Why a claim is undecided though the interval of its part lies on one side."""
    if claim["verdict"] != "undecided":
        return ""
    trial, margin = decisive(claim)["trial"], decisive(claim)["margin"]
    low, high = _number(trial["low"], -math.inf), _number(trial["high"], math.inf)
    if low < margin < high:
        return ""
    part, alone = decisive(claim), claim["level"] / 2
    if part["test"] in ("rising", "falling") and trial["p_supported"] > alone and low >= margin:
        return (
            " But it is not sure of every step on the way that it does not go back by more than "
            f"{size(margin, part)}."
        )
    return " That is not enough when all parts and claims of the study are tested at once."


def _interval(part: Data, trial: Data) -> str:
    percent = f"{100 * trial['confidence']:.3g}{NBSP}%"
    if trial["low"] is None and trial["high"] is None:
        return "no interval"
    # Where a claim says lower, an effect above 0 is a fall.
    way = " in the claimed direction" if part["test"] in _DOWNWARD else ""
    return f"{percent} interval {_range(trial, part)}{way}"


def _range(trial: Data, part: Data) -> str:
    low, high = (_limit(trial[name], part) for name in ("low", "high"))
    number, _, unit = low.partition(NBSP)
    # "+54.1 to +100.0 percentage points": the unit once.
    return f"{number if unit and unit == high.partition(NBSP)[2] else low} to {high}"


def _limit(value: float | None, part: Data) -> str:
    if value is None:
        return "no limit"
    return _signed(value, False, part)


def _signed(value: float | None, infinite: bool, part: Data) -> str:
    if infinite:
        return "the other never gets there"
    if value is None:
        return "–"
    if part["kind"] == "time":
        return size(value, part)
    sign = "−" if value < 0 else "+" if value > 0 else ""
    return f"{sign}{size(abs(value), part)}"


def _diverged(parts: list[Data]) -> str:
    missing = sum(part["missing"] for part in parts)
    diverged = max(sum(arm["diverged"] for arm in part["arms"]) for part in parts)
    if not missing and not diverged:
        return ""
    runs = f"{diverged} run{'s' if diverged != 1 else ''} diverged"
    return capital(f"{runs}, which counts as whatever speaks most against either verdict.")


def _number(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value
