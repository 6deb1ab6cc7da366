"""What a multiverse comes to, in plain English."""

from assay.report.data.rows import InferenceRow, MeanRow, MultiverseRow, MultiverseWords
from assay.report.words.numbers import NBSP, count, step
from assay.statements import STATEMENTS


def multiverse_words(data: MultiverseRow) -> MultiverseWords:
    """By what it is about: the sides, the choices that turn them, the p-values, and the sum."""
    missing, test = _missing(data), data.inference
    if test is None:
        return MultiverseWords(missing=missing)
    return MultiverseWords(_sides(data), _turns(data), _p(data, test), missing, _sentence(data))


def mean_text(found: MeanRow, data: MultiverseRow) -> str:
    """The mean effect of some universes, with its sign and unit."""
    if found.mean is None:
        return "–"
    if data.is_time:
        return f"{found.mean:.3g}{NBSP}{data.unit}"
    sign = "−" if found.mean < 0 else "+" if found.mean > 0 else ""
    return f"{sign}{step(abs(found.mean), 'share')}"


def fragility(data: MultiverseRow) -> str:
    """In how many universes the claim goes its way, in a few words; empty where none ended."""
    if not data.complete:
        return ""
    return f"{data.claimed} of {_universes(data.complete)}"


def p_value(value: float) -> str:
    """A p-value with two significant digits."""
    return "< 0.0001" if value < 1e-4 else f"{value:.2g}"


def _sides(data: MultiverseRow) -> str:
    of, against = data.arms
    more, less = STATEMENTS[data.test].sides or ("", "")
    return (
        f"In {data.claimed} of {_universes(data.complete)} {of} {more} {against}, "
        f"in {data.other} {less}, and in {data.none} there is no difference. "
        f"Mean effect: {mean_text(data.effect, data)}."
    )


def _turns(data: MultiverseRow) -> str:
    turning = sorted((each for each in data.choices if each.turns), key=lambda each: -each.turns)
    if turning:
        pairs = len(data.turns)
        named = ", ".join(f"{each.axis} in {each.turns}" for each in turning)
        return f"One choice alone turns the sign in {_pairs(pairs)} of universes: {named}."
    if data.claimed and data.other:
        return "No choice turns the sign alone; it takes several together."
    return "No choice turns the sign."


def _p(data: MultiverseRow, test: InferenceRow) -> str:
    seeds, claimed = data.seeds, data.claimed >= data.other
    side = "on the claimed side" if claimed else "on the other side"
    mean, share = (
        p_value(each.p_supported if claimed else each.p_refuted) for each in (test.mean, test.share)
    )
    drawn = "" if test.exact else " drawn"
    return (
        f"Were the two arms alike in every universe, relabelling the runs of {seeds} against "
        f"{seeds} seeds would give a mean as far out with p = {mean}, "
        f"and as many universes {side} with p = {share}; of "
        f"{count(test.relabellings)}{drawn} relabellings p can be no less than "
        f"{p_value(test.floor)}."
    )


def _sentence(data: MultiverseRow) -> str:
    claimed, other, of = data.claimed, data.other, _universes(data.complete)
    if claimed == data.complete:
        return "The claim does not hang on these choices: it goes its way in every universe."
    if other == data.complete:
        return "It is the other way round in every universe, whatever is chosen."
    if claimed and other:
        turning = max(data.choices, key=lambda each: each.turns)
        above = f", above all on {turning.axis}" if turning.turns else ""
        return f"Which way it goes hangs on choices that the claim does not name{above}."
    if claimed:
        return f"It goes the claim's way in {claimed} of {of}, and nowhere the other way."
    if other:
        return f"It goes the other way in {other} of {of}, and nowhere the claim's."
    return "The two arms differ in no universe."


def _missing(data: MultiverseRow) -> str:
    runs, notes = data.runs, []
    left = runs.planned - runs.finished - runs.diverged
    if left:
        failed = f", {runs.failed} of them failed" if runs.failed else ""
        out = data.universes - data.complete
        notes.append(
            f"{left} of {runs.planned} runs are missing{failed}, which leaves out "
            f"{_universes(out)}."
        )
    if runs.diverged:
        notes.append(f"{runs.diverged} of {runs.planned} runs diverged: they are not solved.")
    return " ".join(notes)


def _universes(number: int) -> str:
    return f"{count(number)} universe{'' if number == 1 else 's'}"


def _pairs(number: int) -> str:
    return f"{count(number)} pair{'' if number == 1 else 's'}"
