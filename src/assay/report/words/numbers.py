"""Numbers in words: how a report prints what `gather` collected."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from assay.config import Scalar, kind_named, kind_names
from assay.figures.labels import number, setting
from assay.report.data.report import FactsRow
from assay.report.data.rows import PartRow, RunCounts, SummaryRow
from assay.statements import STATEMENTS

NBSP = "\u00a0"


def percent(value: float) -> str:
    """A share with one decimal."""
    return f"{100 * value:.1f}{NBSP}%"


def points(value: float) -> str:
    """A difference of shares, or a spread of them."""
    return f"{100 * value:.1f}{NBSP}points"


@cache
def _spreads() -> set[str]:
    """Outcomes in the unit of accuracy that are themselves differences of accuracies."""
    outcomes = [item for name in kind_names() for item in kind_named(name).outcomes.items()]
    return {name for name, each in outcomes if each.spread and each.unit == "accuracy"}


def count(value: float | None) -> str:
    """A number of things, with thousands separators; a dash for one that is not known."""
    if value is None:
        return "–"
    return f"{value:,.1f}".removesuffix(".0")


def amount(value: float, metric: str, unit: str) -> str:
    """A value of an outcome, as a table prints it."""
    if metric in _spreads():
        return points(value)
    if unit == "accuracy":
        return percent(value)
    if unit == "share of updates":
        return f"{number(100 * value)}{NBSP}%"
    if unit == "share":
        return percent(value)
    return count(value) if unit == "updates" else number(value)


def step(value: float, unit: str) -> str:
    """The size of a difference between two values of an outcome, with its unit."""
    if unit in ("accuracy", "share"):
        return f"{100 * value:.1f}{NBSP}percentage points"
    if unit == "share of updates":
        return f"{100 * value:.3g}{NBSP}percentage points"
    name = unit.replace("nats", "nat") if value == 1 else unit
    return f"{count(value) if unit == 'updates' else f'{value:.3g}'}{NBSP}{name}".rstrip(NBSP)


def measure(part: PartRow) -> str:
    """What is measured and when, with the unit where the numbers do not carry it."""
    unit = f", in {part.unit}" if part.unit.startswith("nats") else ""
    moment = "" if part.update is None else f", at update {count(part.update)}"
    return f"{capital(part.describe)}{unit}{moment}"


def median(summary: SummaryRow, metric: str, unit: str) -> str:
    """The median over seeds; a time that most never reached has none."""
    if summary.median is not None:
        return amount(summary.median, metric, unit)
    if not summary.censored:
        return "–"
    return "never reached" if summary.censored == summary.n else "not reached by half"


def spread(summary: SummaryRow, metric: str, unit: str) -> str:
    """From the lowest to the highest seed; `≥` where the highest was never reached."""
    if summary.censored:
        end = _open_end(summary.censored_at)
        return end if summary.low is None else f"{amount(summary.low, metric, unit)} to {end}"
    if summary.low is None or summary.high is None or summary.n < 2:
        return ""
    low, high = (amount(end, metric, unit) for end in (summary.low, summary.high))
    if low == high:
        return low
    # "90.6 to 99.0 %": the unit once.
    return f"{low.removesuffix(high.lstrip('−-0123456789.,e'))} to {high}"


def censored(summary: SummaryRow) -> str:
    """How many never reached it."""
    return f"{summary.censored} of {summary.n} never" if summary.censored else ""


def each(summary: SummaryRow, metric: str, unit: str) -> str:
    """Every seed's value, in order of seed."""
    texts = []
    for entry in summary.values:
        if entry.value is not None:
            texts.append(amount(entry.value, metric, unit))
        elif entry.censored_at is not None:
            texts.append(_open_end(entry.censored_at))
        else:
            texts.append("none")
    return ", ".join(texts)


def margin_text(part: PartRow) -> str:
    """The smallest difference that matters, with its unit."""
    if part.is_time:
        return f"{part.margin:g}{NBSP}times"
    return step(part.margin, "share" if part.kind == "solved" else part.unit)


def test(part: PartRow) -> str:
    """What a part's test asks for."""
    margin, unit, shares = part.margin, part.unit, part.kind == "solved"
    threshold = part.threshold or 0.0
    is_share = unit in ("accuracy", "share", "share of updates")
    at = percent(threshold) if shares else f"{threshold:g}"
    if is_share and not shares:
        at = amount(threshold, part.metric, unit)
    text = STATEMENTS[part.test].asks(margin, margin_text(part), at)
    if part.solved is None:
        return text
    return f"share of runs at {amount(part.solved, part.metric, unit)} or more {text}"


def capital(text: str) -> str:
    """The text with a capital at its beginning, and the rest as it was."""
    return text[:1].upper() + text[1:]


def runs(data: RunCounts) -> str:
    """How many runs there are of how many."""
    text = f"{count(data.finished)} of {count(data.planned)} runs finished"
    notes = [f"{data.diverged} of them diverged"] if data.diverged else []
    notes += [
        f"{number} {name}"
        for number, name in (
            (data.failed, "failed"),
            (data.unfinished, "under way or interrupted"),
            (data.not_started, "not started"),
        )
        if number
    ]
    return f"{text} ({', '.join(notes)})" if notes else text


def changed(settings: Mapping[str, Any]) -> str:
    """The parameters in which an arm differs from the study's defaults."""
    parts = [f"{key} = {setting_text(value, key)}" for key, value in settings.items()]
    return ", ".join(parts) or "default parameters"


def setting_text(value: Scalar | list[int] | dict[str, Scalar] | None, key: str) -> str:
    """A setting's value; several seeds as a range."""
    if isinstance(value, list):
        return f"{value[0]} to {value[-1]}" if len(value) > 1 else ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} = {setting(name, each)}" for name, each in value.items())
    return setting(key, value)


def duration(seconds: float) -> str:
    """Seconds in the units that a person would use."""
    if seconds < 90:
        return f"{seconds:.0f} second{'' if round(seconds) == 1 else 's'}"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"


_PHRASES = {
    "processor": "{}",
    "cores": "cores: {}",
    "memory_gib": "{} GiB of memory",
    "system": "{}",
    "device": "on {}",
    "threads": "threads: {}",
}


def facts(entry: FactsRow) -> str:
    """A machine, compute path or set of versions in one line."""
    return ", ".join(
        _PHRASES[key].format(value) if key in _PHRASES else f"{key} {value}"
        for key, value in entry.facts.items()
    )


def _open_end(updates: float | None) -> str:
    return f"≥{NBSP}{count(updates)}"
