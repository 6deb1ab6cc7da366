"""What the runs of a part came to, as a clause of plain English."""

from assay.report.data.plain import Data
from assay.report.words.numbers import NBSP, amount, count, step

_HIGHER, _LOWER = ("higher", "lower"), ("lower", "higher")
_COMPARED = {"greater": _HIGHER, "smaller": _LOWER, "equivalent": _HIGHER}
_THRESHOLDS = {"above": ("above", "below"), "below": ("below", "above")}
_TRENDS = {"rising": ("rises", "falls"), "falling": ("falls", "rises")}


def found(part: Data, trial: Data) -> str:
    """The finding itself, as a clause."""
    value = trial["effect"]
    if part["kind"] == "time":
        return _found_time(part, trial)
    what = part["describe"].replace(" (of all, if fewer)", "")
    if value is None:
        return f"there is no value of the {what}"
    if part["kind"] == "solved":
        return _found_shares(part, _apart(what), value)
    labels = [arm["label"] for arm in part["arms"]]
    apart, side = size(abs(value), part), 0 if value >= 0 else 1
    if part["test"] in _THRESHOLDS:
        return f"for {_apart(labels[0])} the {_apart(what)} is {_against_threshold(part, value)}"
    if part["test"] in _TRENDS:
        way = _TRENDS[part["test"]][side]
        return f"from {labels[0]} to {_apart(labels[-1])} the {_apart(what)} {way} by {apart}"
    if part["test"] == "diminishing":
        first, second, third = _moments(labels)
        way = ("less", "more")[side]
        steps = f"from {second} to {third} than from {first} to {second}"
        return f"the {_apart(what)} improves by {apart} {way} {steps}"
    if value == 0:
        return f"the {_apart(what)} is the same for {labels[0]} and {labels[1]}"
    way = _COMPARED[part["test"]][side]
    return f"the {_apart(what)} is {apart} {way} for {_apart(labels[0])} than for {labels[1]}"


def _found_shares(part: Data, what: str, value: float) -> str:
    solved = amount(part["solved"], part["metric"], part["unit"])
    counts = [
        f"in {_solved(arm, part['solved'])} of {arm['runs']} runs of {arm['label']}"
        for arm in part["arms"]
    ]
    text = f"the {what} is {solved} or more {' and '.join(counts)}"
    apart = size(abs(value), part)
    if part["test"] not in _THRESHOLDS:
        return f"{text}, a difference of {apart}"
    way = _THRESHOLDS[part["test"]][0 if value >= 0 else 1]
    return f"{text}, which is {apart} {way} {100 * part['threshold']:.0f}{NBSP}%"


def _solved(arm: Data, enough: float) -> int:
    return sum(each["value"] is not None and each["value"] >= enough for each in arm["values"])


def _against_threshold(part: Data, value: float) -> str:
    """What it is, and by how much that is above or below."""
    threshold, metric, unit = part["threshold"], part["metric"], part["unit"]
    # The effect is in the claimed direction.
    itself = threshold + (value if part["test"] == "above" else -value)
    way = _THRESHOLDS[part["test"]][0 if value >= 0 else 1]
    apart = f"{size(abs(value), part)} {way} {amount(threshold, metric, unit)}"
    return f"{amount(itself, metric, unit)}, which is {apart}"


def _moments(labels: list[str]) -> list[str]:
    """Three moments of one arm by their updates alone."""
    arms = {label.rpartition(", update ")[0] for label in labels}
    if len(arms) > 1 or arms == {""}:
        return labels
    return [f"update{NBSP}{label.rpartition(', update ')[2]}" for label in labels]


def _apart(text: str) -> str:
    """With a comma after it, where it has one within."""
    return f"{text}," if "," in text else text


def _found_time(part: Data, trial: Data) -> str:
    fast, slow = part["arms"]
    goal = part["describe"].removeprefix("updates to ")
    times = f"{trial['effect']:.3g} times as many updates" if trial["effect"] else ""
    if times and not fast["censored"] and not slow["censored"]:
        return f"{slow['label']} takes {times} to {goal} as {fast['label']}"
    reached = " and ".join(f"in {_reached(arm)}" for arm in (fast, slow))
    return f"{goal} is reached {reached}" + (f", which takes {times}" if times else "")


def _reached(arm: Data) -> str:
    times = [each["value"] for each in arm["values"] if each["value"] is not None]
    last = f" (by update {count(max(times))})" if times else ""
    return f"{len(times)} of {arm['runs']} runs of {arm['label']}{last}"


def size(value: float, part: Data) -> str:
    """The size of an effect or a margin, with its unit."""
    if part["kind"] == "time":
        return f"{value:.3g}{NBSP}times"
    if part["kind"] == "solved":
        return step(value, "share")
    if part["unit"] == "ratio":
        return f"{value:.3g}"
    return step(value, part["unit"])
