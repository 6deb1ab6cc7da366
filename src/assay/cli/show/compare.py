"""Where runs part, as it is printed."""

from collections.abc import Sequence
from dataclasses import asdict

from assay.cli.show.tables import print_json, print_table, tell
from assay.errors import one_line
from assay.store.comparing import Comparison, Difference, Parting, Side, Value, compare, pairs

_SHOWN = 5
_LONGEST = 60


def print_comparisons(a: Side, b: Side, *, as_json: bool) -> bool:
    """What there is to say of two runs, or of those of two stores; whether all is equal."""
    compared = [compare(*pair) for pair in pairs(a, b)]
    ours = [run for run in a.runs if run not in b.runs and not a.single]
    theirs = [run for run in b.runs if run not in a.runs and not b.single]
    differing = [each for each in compared if not each.equal]
    if a.single or b.single:  # a run beside a store: what else that has was not asked for
        ours, theirs = [], []
    equal = not (differing or ours or theirs)
    if as_json:
        runs = [{**asdict(each), "equal": each.equal} for each in compared]
        print_json({"equal": equal, "runs": runs, "only_a": ours, "only_b": theirs})
    elif a.single or b.single:
        _print_one(compared[0])
    else:
        _print_many(compared, differing, [(a.name, ours), (b.name, theirs)])
    return equal


def _print_one(found: Comparison) -> None:
    tell(f"A: {found.a}\nB: {found.b}\n")
    _print_differences("settings", found.settings)
    _print_differences("environment", found.environment)
    if found.ending:
        _print_differences("end", found.ending)
    tell(f"log: {_log(found)}")
    tell(f"weights: {_weights(found)}")


def _print_many(
    compared: Sequence[Comparison],
    differing: Sequence[Comparison],
    alone: Sequence[tuple[str, list[str]]],
) -> None:
    tell(f"{len(compared)} runs on both sides: {len(compared) - len(differing)} are equal")
    for name, runs in alone:
        if runs:
            tell(f"{len(runs)} only in {name}: {_few(runs)}")
    if differing:
        tell(f"{len(differing)} differ; the first of them:\n")
        _print_one(differing[0])
    for found in differing[1:_SHOWN]:
        tell(f"\n{found.a}: {_log(found)}")


def _print_differences(what: str, found: Sequence[Difference]) -> None:
    if not found:
        tell(f"{what}: equal")
        return
    tell(f"{what}: {len(found)} differ")
    rows = [(f"  {each.name}", _shown(each.a), _shown(each.b)) for each in found]
    print_table(("", "A", "B"), rows)


def _log(found: Comparison) -> str:
    if found.log is None:
        return f"equal, {found.lines:,} lines"
    return f"{found.lines:,} lines are equal; {_parting(found.log)}"


def _parting(at: Parting) -> str:
    where = f"line {at.line:,}, update {at.update:,}"
    if not at.column:
        return f"only one of them has {where}"
    apart = "" if at.distance is None else f", {at.distance:.3g} apart"
    return (
        f"they part at {where}: {at.column} is {_shown(at.a)} in A and {_shown(at.b)} in B{apart}"
    )


def _weights(found: Comparison) -> str:
    if not found.weights:
        return "none that both have"
    if not found.files:
        return f"equal, {found.weights} files"
    first = found.files[0]
    most = f", most in {first.tensor}, by {first.distance:.3g}" if first.tensor else ""
    return f"{len(found.files)} of {found.weights} files differ; {first.file}{most}"


def _shown(value: Value) -> str:
    if value is None:
        return "-"
    text = one_line(value) if isinstance(value, str) else repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
