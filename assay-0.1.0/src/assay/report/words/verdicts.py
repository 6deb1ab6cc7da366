"""A verdict in plain English: what was found, with interval and seeds, and what it means."""

import math

from assay.report.data.rows import ClaimRow, MultiverseRow, PartRow, TrialRow
from assay.report.words.findings import found, size
from assay.report.words.numbers import NBSP, amount
from assay.statements import STATEMENTS

_MEANS = {
    "supported": "Supported, the runs speak for the claim",
    "refuted": "Refuted, the runs speak against the claim",
    "undecided": "Undecided, the runs do not tell",
}
_CHOSEN = {"refuted": "clearest", "undecided": "most doubtful"}
_STANDS = {
    "not": ("does not", "do not", "none holds"),
    "open": ("is undecided", "are undecided", "none is decided"),
    "holds": ("holds", "hold", "all hold"),
}


def verdict_sentence(claim: ClaimRow) -> str:
    """A claim's verdict and what it rests on."""
    word = claim.verdict
    parts = claim.parts
    if word == "not tested":
        reason = next(part.untested for part in parts if part.untested)
        return f"Not tested: {reason}."
    if word == "numbers only":
        return f"Numbers only, no verdict: {part_sentence(decisive(claim))}"
    why = "" if word == "supported" else _reach(decisive(claim)) or _why_open(claim)
    text = f"{_MEANS[word]}: {_parts(claim)}{part_sentence(decisive(claim))}{why}"
    notes = list(dict.fromkeys(map(_without_value, parts)))
    if claim.exploratory:
        notes.append(f"Exploratory, not a confirmation: {claim.exploratory}.")
    return " ".join([text, *filter(None, notes)])


def part_sentence(part: PartRow) -> str:
    """What a part came to, and how that stands to its margin."""
    trial = part.trial
    if trial is None:
        return f"not tested, since {part.untested}."
    return (
        f"{found(part, trial)} ({_interval(part, trial)}; {seeds(part)}). {_meaning(part, trial)}"
    )


def effect(part: PartRow) -> str:
    """The effect in the claimed direction, with its sign and unit."""
    trial = part.trial
    return "–" if trial is None else signed(trial.effect, trial.effect_infinite, part)


def interval(part: PartRow) -> str:
    """Its interval, in the same direction."""
    trial = part.trial
    if trial is None:
        return "–"
    return "none" if trial.low is None and trial.high is None else _range(trial, part)


def seeds(part: PartRow) -> str:
    """How many runs of each arm."""
    numbers = [str(arm.runs) for arm in part.arms]
    if part.paired:
        return f"{min(map(int, numbers))} seeds, compared within each"
    if len(numbers) > 2 and len(set(numbers)) == 1:
        return f"{numbers[0]} seeds each"
    return f"{' against '.join(numbers)} seeds"


def p_value(value: float | None) -> str:
    """A p-value with two significant digits."""
    if value is None:
        return "–"
    return "< 0.0001" if value < 1e-4 else f"{value:.2g}"


def _parts(claim: ClaimRow) -> str:
    parts, word = claim.parts, claim.verdict
    if len(parts) == 1:
        return ""
    part = decisive(claim)
    if word == "supported":
        return f"all {len(parts)} parts hold, and the least certain is {_named(part)} – "
    start = f"of its {len(parts)} parts{', which all have to hold,' if word == 'refuted' else ''}"
    groups = _alone(claim)
    text = f"{start} {_tally(groups, len(parts))}, each taken alone"
    if groups[0][1] == [part]:
        return f"{text} – "
    return f"{text}; the {_CHOSEN[word]} is {_named(part)} – "


def _alone(claim: ClaimRow) -> list[tuple[str, list[PartRow]]]:
    """The parts that do not hold, are undecided and hold, each tested alone."""
    found: dict[str, list[PartRow]] = {"not": [], "open": [], "holds": []}
    for trial, part in _tried(claim):
        against, of = (p <= claim.level / 2 for p in (trial.p_refuted, trial.p_supported))
        found["not" if against else "holds" if of else "open"].append(part)
    return [(key, some) for key, some in found.items() if some]


def _tally(groups: list[tuple[str, list[PartRow]]], total: int) -> str:
    """How many there are of each, those that do not hold by name."""
    texts = []
    for key, some in groups:
        one, more, every = _STANDS[key]
        text = f"{len(some)} {one if len(some) == 1 else more}" if len(some) < total else every
        texts.append(text + ("" if key == "holds" else f" ({', '.join(map(_named, some))})"))
    return " and ".join(filter(None, [", ".join(texts[:-1]), texts[-1]]))


def _named(part: PartRow) -> str:
    return f"“{part.sentence.strip().removesuffix('.')}”"


def decisive(claim: ClaimRow) -> PartRow:
    """The part that a claim's verdict turns on."""
    if claim.verdict == "refuted":
        return min(_tried(claim), key=lambda each: each[0].p_refuted)[1]
    return max(_tried(claim), key=lambda each: each[0].p_supported)[1]


def _tried(claim: ClaimRow) -> list[tuple[TrialRow, PartRow]]:
    return [(part.trial, part) for part in claim.parts if part.trial]


def _meaning(part: PartRow, trial: TrialRow) -> str:
    """How the interval stands to the margin."""
    margin, (low, high) = part.margin, _ends(trial)
    if low == -math.inf and high == math.inf:
        return _no_limit(part)
    none = 1.0 if part.kind == "time" else 0.0
    return STATEMENTS[part.test].meaning(low, high, margin, size(margin, part), none)


def _no_limit(part: PartRow) -> str:
    values = {each.value for arm in part.arms for each in arm.summary.values}
    if len(values) == 1 and None not in values:
        return (
            "All of its runs have the very same value, so there is no spread to judge by, and an "
            "exact test needs more of them."
        )
    return "These runs set it no limit on either side."


def _why_open(claim: ClaimRow) -> str:
    """Why a claim is undecided, where its part's interval does not say so."""
    if claim.verdict != "undecided":
        return ""
    part = decisive(claim)
    trial, margin, doubt = part.trial, part.margin, STATEMENTS[part.test].doubt
    if trial is None:
        return ""
    low, high = _ends(trial)
    if low < margin < high:
        return ""
    if doubt and trial.p_supported > claim.level / 2 and low >= margin:
        return f" But {doubt.format(size=size(margin, part))}."
    return " That is not enough when all parts and claims of the study are tested at once."


def _interval(part: PartRow, trial: TrialRow) -> str:
    percent = f"{100 * trial.confidence:.3g}{NBSP}%"
    if trial.low is None and trial.high is None:
        return "no interval"
    # Where a claim says lower, an effect above 0 is a fall.
    way = " in the claimed direction" if STATEMENTS[part.test].downward else ""
    return f"{percent} interval {_range(trial, part)}{way}"


def _range(trial: TrialRow, part: PartRow) -> str:
    low, high = (_limit(end, part) for end in (trial.low, trial.high))
    number, _, unit = low.partition(NBSP)
    # "+54.1 to +100.0 percentage points": the unit once.
    return f"{number if unit and unit == high.partition(NBSP)[2] else low} to {high}"


def _limit(value: float | None, part: PartRow) -> str:
    if value is None:
        return "no limit"
    return signed(value, False, part)


def signed(value: float | None, infinite: bool, part: PartRow | MultiverseRow) -> str:
    """An effect in the claimed direction, with its sign and unit."""
    if infinite:
        return "the other never gets there"
    if value is None:
        return "–"
    if part.kind == "time":
        return size(value, part)
    sign = "−" if value < 0 else "+" if value > 0 else ""
    return f"{sign}{size(abs(value), part)}"


_COUNTS_AS = {
    "smooth": "leaves no mean to test, so there is no verdict",
    "bounded": "counts as whatever speaks most against either verdict",
    "solved": "counts as not solved",
    "time": "counts as never reached, where it was not before",
}


def _without_value(part: PartRow) -> str:
    """How many runs of a part have no value, why, and what that counts as."""
    diverged = sum({arm.arm: arm.diverged for arm in part.arms}.values())
    if not part.missing and not (diverged and part.kind == "time"):
        return ""
    empty = {
        (arm.arm, each.seed)
        for arm in part.arms
        for each in arm.summary.values
        if each.value is None and each.censored_at is None
    }
    others = max(0, len(empty) - diverged)
    reasons = [f"{_runs(diverged)} diverged"] if diverged else []
    reasons += [f"{_runs(others)} logged no {part.describe}"] if others else []
    return f"{' and '.join(reasons)}, which {_COUNTS_AS[part.kind]}."


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
        return f" No run reaches {goal}, and the highest is {high}: {asks} much."
    statement = STATEMENTS[part.test]
    if statement.compares and not part.missing and min(known) >= part.solved:
        return f" Every run reaches {goal}, and the lowest is {low}: {asks} little."
    return ""


def _ends(trial: TrialRow) -> tuple[float, float]:
    """Of its interval, infinite where it has none."""
    low = -math.inf if trial.low is None else trial.low
    return low, math.inf if trial.high is None else trial.high
