"""A verdict in plain English: what was found, with interval and seeds, and what it means."""

import math

from assay.report.plain import Data
from assay.report.words import NBSP, amount, capital, count, step

_HIGHER, _LOWER = ("higher", "lower"), ("lower", "higher")
_COMPARED = {"greater": _HIGHER, "smaller": _LOWER, "equivalent": _HIGHER}
_WAYS = {
    "above": ("above", "below"),
    "below": ("below", "above"),
    "rising": ("higher at the end than at the beginning", "lower at the end"),
    "falling": ("lower at the end than at the beginning", "higher at the end"),
    "diminishing": ("less in the second step than in the first", "more in the second step"),
}

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
        return f"Numbers only, no verdict: {part_sentence(_decisive(claim))}"
    text = f"{_MEANS[word]}: {_parts(claim)}{part_sentence(_decisive(claim))}{_why_open(claim)}"
    notes = [_diverged(parts)]
    if claim["exploratory"]:
        notes.append(f"Exploratory, not a confirmation: {claim['exploratory']}.")
    return " ".join([text, *filter(None, notes)])


def part_sentence(part: Data) -> str:
    """What a part came to, and how that stands to its margin."""
    trial = part["trial"]
    if trial is None:
        return f"not tested, since {part['untested']}."
    return f"{_found(part, trial)} ({_interval(part, trial)}; {seeds(part)}). {_meaning(part)}"


def effect(part: Data) -> str:
    """The effect in the claimed direction, with its sign and unit."""
    trial = part["trial"]
    return "–" if trial is None else _signed(trial["effect"], trial["effect_infinite"], part)


def interval(part: Data) -> str:
    """Its interval, in the same direction."""
    trial = part["trial"]
    if trial is None:
        return "–"
    return _range(trial, part)


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
    which = f"“{_decisive(claim)['sentence']}”"
    if word == "supported":
        return f"all {len(parts)} parts hold, and the least certain is {which} – "
    if word == "refuted":
        return f"of its {len(parts)} parts, which all have to hold, one does not: {which} – "
    return f"of its {len(parts)} parts the one that holds it up is {which} – "


def _decisive(claim: Data) -> Data:
    """The part that a claim's verdict turns on."""
    tried = [part for part in claim["parts"] if part["trial"]]

    def against(part: Data) -> float:
        return float(part["trial"]["p_refuted"])

    if claim["verdict"] == "refuted":
        return min(tried, key=against)
    return max(tried, key=lambda part: float(part["trial"]["p_supported"]))


def _found(part: Data, trial: Data) -> str:
    """The finding itself, as a clause."""
    value = trial["effect"]
    if part["kind"] == "time":
        return _found_time(part, trial)
    labels = [arm["label"] for arm in part["arms"]]
    what = part["describe"].replace(" (of all, if fewer)", "")
    if part["kind"] == "solved":
        solved = amount(part["solved"], part["metric"], part["unit"])
        what = f"share of runs whose {what} is {solved} or more"
    if value is None:
        return f"there is no value of the {what}"
    way = (_COMPARED | _WAYS)[part["test"]][0 if value >= 0 else 1]
    size = _size(abs(value), part)
    if part["test"] in ("above", "below"):
        solved_share = part["kind"] == "solved"
        threshold = (
            f"{100 * part['threshold']:.0f}{NBSP}%"
            if solved_share
            else amount(part["threshold"], part["metric"], part["unit"])
        )
        return f"the {what} of {labels[0]} is {size} {way} {threshold}"
    if part["test"] == "diminishing":
        return f"the {what} of {labels[0].split(',')[0]} gains {size} {way}"
    if part["test"] in _WAYS:
        return f"the {what} is {size} {way}"
    if value == 0:
        return f"the {what} is the same for {labels[0]} and {labels[1]}"
    return f"the {what} is {size} {way} for {labels[0]} than for {labels[1]}"


def _found_time(part: Data, trial: Data) -> str:
    fast, slow = (arm["label"] for arm in part["arms"])
    if trial["effect_infinite"]:
        return f"{slow} never gets there and {fast} does, by update {_last(part['arms'][0])}"
    if trial["effect"] is None:
        return f"neither {fast} nor {slow} ever gets there"
    if trial["effect"] == 0:
        return f"{fast} never gets there and {slow} does, by update {_last(part['arms'][1])}"
    return f"{slow} takes {trial['effect']:.3g} times as many updates as {fast}"


def _last(arm: Data) -> str:
    reached = [each["value"] for each in arm["values"] if each["value"] is not None]
    return count(max(reached))


def _meaning(part: Data) -> str:
    """How the interval stands to the margin."""
    trial, margin = part["trial"], part["margin"]
    low, high = _number(trial["low"], -math.inf), _number(trial["high"], math.inf)
    size = _size(margin, part)
    if part["test"] == "equivalent":
        if -margin <= low and high <= margin:
            return f"All of the interval is within {size} either way, so it makes no difference."
        outside = low >= margin or high <= -margin
        return (
            f"All of the interval is beyond {size}, so it does make a difference."
            if outside
            else f"The interval holds differences both below and above {size}."
        )
    wanted = f"the {size} that count as a difference" if margin else "nothing"
    if low >= margin:
        return f"All of the interval is beyond {wanted}, on the side of the claim."
    start = 1.0 if part["kind"] == "time" else 0.0
    if high <= margin:
        other_way = high < start
        return (
            "All of the interval is on the other side: it is the other way round."
            if other_way
            else f"All of the interval is short of {wanted}."
        )
    return f"The interval holds values on both sides of {wanted}."


def _why_open(claim: Data) -> str:
    """Why a claim is undecided though the interval of its part lies on one side."""
    if claim["verdict"] != "undecided":
        return ""
    trial, margin = _decisive(claim)["trial"], _decisive(claim)["margin"]
    low, high = _number(trial["low"], -math.inf), _number(trial["high"], math.inf)
    if low < margin < high:
        return ""
    part, alone = _decisive(claim), claim["level"] / 2
    if part["test"] in ("rising", "falling") and trial["p_supported"] > alone and low >= margin:
        return (
            " But it is not sure of every step on the way that it does not go back by more than "
            f"{_size(margin, part)}."
        )
    return " That is not enough when all parts and claims of the study are tested at once."


def _interval(part: Data, trial: Data) -> str:
    percent = f"{100 * trial['confidence']:.3g}{NBSP}%"
    return f"{percent} interval {_range(trial, part)}"


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
        return _size(value, part)
    sign = "−" if value < 0 else "+" if value > 0 else ""
    return f"{sign}{_size(abs(value), part)}"


def _size(value: float, part: Data) -> str:
    if part["kind"] == "time":
        return f"{value:.3g}{NBSP}times"
    if part["kind"] == "solved":
        return step(value, "share")
    return step(value, part["unit"])


def _diverged(parts: list[Data]) -> str:
    missing = sum(part["missing"] for part in parts)
    diverged = max(sum(arm["diverged"] for arm in part["arms"]) for part in parts)
    if not missing and not diverged:
        return ""
    runs = f"{diverged} run{'s' if diverged != 1 else ''} diverged"
    return capital(f"{runs}, which counts as whatever speaks most against either verdict.")


def _number(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value
